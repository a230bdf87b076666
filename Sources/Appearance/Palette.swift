import Cells
import Settings

/// The names that a theme gives to its colours, and how a colour is written.
struct Palette {
    static let expected = "0 to 255, \"#rrggbb\" or \"default\""

    private var colours: [String: Colour] = [:]

    init(_ reading: inout Reading) {
        guard let section = reading.section("palette", in: reading.root) else { return }
        for key in section.keys {
            let colour = section.value(key).flatMap(Palette.literal)
            if colour == nil {
                reading.warn(section.path(key), "\(PlainText.quoted(key)) is no colour: \(Palette.expected)")
            }
            // A name with an error still counts as one: a single warning, not another for each style that uses it.
            colours[key] = colour ?? .terminalDefault
        }
    }

    /// A colour in a style: written out, or by name.
    func colour(_ value: SettingsValue) -> Colour? {
        if case .text(let name) = value, let colour = colours[name] { return colour }
        return Palette.literal(value)
    }

    private static func literal(_ value: SettingsValue) -> Colour? {
        switch value {
        case .whole(let index): (0...255).contains(index) ? Colour(index: index) : nil
        case .text(let text): literal(text)
        case .other: nil
        }
    }

    private static func literal(_ text: String) -> Colour? {
        if text == "default" { return .terminalDefault }
        let digits = Array(text.utf8.dropFirst())
        guard text.hasPrefix("#"), digits.count == 6 else { return nil }
        let values = digits.compactMap { Character(Unicode.Scalar($0)).hexDigitValue }
        guard values.count == 6 else { return nil }
        let bytes = [0, 2, 4].map { UInt8(values[$0] * 16 + values[$0 + 1]) }
        return Colour(red: bytes[0], green: bytes[1], blue: bytes[2])
    }
}
