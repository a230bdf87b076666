/// Text from a file that ends up on a screen or in a path.
public enum PlainText {
    /// Control and direction-changing characters become `?`, so that no file can steer the terminal.
    public static func printable(_ text: String) -> String {
        String(String.UnicodeScalarView(text.unicodeScalars.map { isPrintable($0) ? $0 : "?" }))
    }

    /// Whether no character of it would have to be replaced.
    public static func isPrintable(_ text: String) -> Bool {
        text.unicodeScalars.allSatisfy(isPrintable)
    }

    private static func isPrintable(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate, .unassigned, .privateUse: false
        default: true
        }
    }

    /// Part of a file in quotes, cut so that a warning stays one line.
    public static func quoted(_ text: String) -> String {
        let bound = 40
        return text.count > bound ? "\"\(text.prefix(bound))…\"" : "\"\(text)\""
    }

    /// Whether a name may become part of a path. Letters, digits, `-` and `_` only: a name comes from a command line
    /// or a typed command and must not lead out of its directory.
    public static func isFileName(_ name: String) -> Bool {
        (1...64).contains(name.utf8.count) && name.utf8.allSatisfy(OutlineScan.isBare)
    }
}
