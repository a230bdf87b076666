/// A desktop notification by way of the terminal (OSC 9).
struct Notification {
    let sequence: String

    private static let longest = 200

    init(_ text: String) {
        let clean = text.unicodeScalars.lazy.map(Notification.shown).prefix(Notification.longest)
        sequence = "\u{1B}]9;\(String(String.UnicodeScalarView(clean)))\u{1B}\\"
    }

    /// Others print the text, or take it for something else; inside tmux and screen it would not come through.
    static var isUnderstood: Bool {
        let term = environment("TERM")
        if term.hasPrefix("tmux") || term.hasPrefix("screen") || !environment("TMUX").isEmpty { return false }
        let program = environment("TERM_PROGRAM")
        if ["iTerm.app", "WezTerm", "ghostty"].contains(program) { return true }
        return term == "xterm-kitty" || term == "xterm-ghostty" || term == "foot" || term.hasPrefix("foot-")
    }

    /// A semicolon would make of "4;1;50" a progress bar, and what does not print could end the sequence.
    private static func shown(_ scalar: Unicode.Scalar) -> Unicode.Scalar {
        if scalar == ";" { return "," }
        switch scalar.properties.generalCategory {
        case .control, .format, .surrogate, .privateUse, .unassigned, .lineSeparator, .paragraphSeparator: return " "
        default: return scalar
        }
    }
}
