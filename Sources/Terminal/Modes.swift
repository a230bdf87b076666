import CNcurses

/// Modes of the terminal that ncurses knows nothing of, or less than we need.
struct Modes {
    /// The VT100 family knows no private modes beyond its own, and some of it would print them.
    private let isKnown = cn_terminfo_string("kmous") != nil
    private let takesPaste = cn_terminfo_string("kmous") != nil || cn_terminfo_string("BD") != nil
    private(set) var mouse: Bool

    init(mouse: Bool) { self.mouse = mouse }

    mutating func setMouse(_ on: Bool) {
        mouse = on
        writeMouse(on)
    }

    func enter() {
        if takesPaste { Modes.write("\u{1B}[?2004h") }
        if mouse { writeMouse(true) }
    }

    func leave() {
        if mouse { writeMouse(false) }
        if takesPaste { Modes.write("\u{1B}[?2004l") }
    }

    private func writeMouse(_ on: Bool) {
        guard isKnown else { return }
        // 1006 gives reports in decimal, so that they reach beyond column 223.
        Modes.write(on ? "\u{1B}[?1000h\u{1B}[?1006h" : "\u{1B}[?1006l\u{1B}[?1000l")
    }

    static func write(_ text: String) {
        var text = text
        text.withUTF8 { cn_write($0.baseAddress, $0.count) }
    }
}
