/// A key as a keymap names it: `a`, `A`, `ctrl-l`, `alt-x`, `enter`, `page-down`, `f1`.
public struct Key: Hashable, Sendable {
    /// What was pressed, without the modifiers. `function` counts from 1.
    public enum Code: Hashable, Sendable {
        case character(Character)
        case enter, escape, tab, backTab, backspace, delete, insert
        case up, down, left, right, home, end, pageUp, pageDown
        case function(Int)
    }

    public var code: Code
    public var control: Bool
    public var alt: Bool

    public init(_ code: Code, control: Bool = false, alt: Bool = false) {
        self.code = code
        self.control = control
        self.alt = alt
    }

    public static func character(_ character: Character) -> Key { Key(.character(character)) }

    private static let named: [(String, Code)] = [
        ("enter", .enter), ("esc", .escape), ("tab", .tab), ("shift-tab", .backTab), ("backspace", .backspace),
        ("delete", .delete), ("insert", .insert), ("up", .up), ("down", .down), ("left", .left), ("right", .right),
        ("home", .home), ("end", .end), ("page-up", .pageUp), ("page-down", .pageDown),
        ("space", .character(" ")),
    ]

    /// Reads a key as a keymap file writes it; nil where it is none.
    public init?(_ name: String) {
        var rest = Substring(name)
        var control = false
        var alt = false
        while true {
            if rest.hasPrefix("ctrl-"), rest.count > 5 {
                control = true
                rest = rest.dropFirst(5)
            } else if rest.hasPrefix("alt-"), rest.count > 4 {
                alt = true
                rest = rest.dropFirst(4)
            } else {
                break
            }
        }
        guard let code = Key.code(named: String(rest)) else { return nil }
        self.init(code, control: control, alt: alt)
    }

    private static func code(named name: String) -> Code? {
        if let known = named.first(where: { $0.0 == name }) { return known.1 }
        if name.hasPrefix("f"), let number = Int(name.dropFirst()), (1...24).contains(number) {
            return .function(number)
        }
        return name.count == 1 ? name.first.map(Code.character) : nil
    }

    var isLetter: Bool {
        if case .character(let character) = code { return character.isLetter }
        return false
    }

    /// As help and hints show it.
    public var name: String {
        let base: String
        switch code {
        case .character(" "): base = "Space"
        case .character(let character): base = String(character)
        case .function(let number): base = "F\(number)"
        default:
            let known = Key.named.first { $0.1 == code }?.0 ?? "?"
            base = known.split(separator: "-").map { $0.prefix(1).uppercased() + $0.dropFirst() }.joined(separator: "-")
        }
        return (control ? "Ctrl-" : "") + (alt ? "Alt-" : "") + base
    }
}
