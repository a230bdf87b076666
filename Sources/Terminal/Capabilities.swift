import CNcurses
import Glibc

extension Terminal {
    /// What the terminal can show.
    public struct Capabilities: Equatable, Sendable {
        /// 0, 8, 16 or 256.
        public var colours: Int
        public var unicode: Bool
        public var braille: Bool

        public init(colours: Int, unicode: Bool, braille: Bool) {
            self.colours = colours
            self.unicode = unicode
            self.braille = braille
        }
    }
}

extension Terminal.Capabilities {
    /// Asks terminfo and the environment; `unicode` is already settled by the locale.
    static func detect(noColour: Bool, unicode: Bool) -> Self {
        let name = environment("TERM")
        // The Linux console has 512 glyphs, and the VT family none of braille.
        let hasBraille = name != "linux" && !name.hasPrefix("vt")
        let colours = noColour || !environment("NO_COLOR").isEmpty ? 0 : steps(of: cn_terminfo_number("colors"))
        return Self(colours: colours, unicode: unicode, braille: unicode && hasBraille)
    }

    /// The colours that a theme may count on. Above 256 a number means a direct colour, and only 8 keep their meaning.
    static func steps(of colours: Int32) -> Int {
        switch colours {
        case 256: 256
        case 257...: 8
        case 16...: 16
        case 8...: 8
        default: 0
        }
    }
}

/// A variable of the environment; empty where it is not set.
func environment(_ name: String) -> String {
    guard let value = getenv(name) else { return "" }
    return String(cString: value)
}
