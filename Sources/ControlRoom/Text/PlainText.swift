/// Texts from outside, so that they steer no terminal that they are printed on.
public enum PlainText {
    /// Characters of a field that a list prints at most; a longer one ends in `mark`.
    public static let longestField = 2_000

    /// Ends a text that was cut.
    public static let mark = "…"

    /// Whether a character shows itself and does nothing else.
    ///
    /// Not so controls (ECMA-48: C0, DEL and C1), line and paragraph separators, and format characters, which are bidirectional marks,
    /// joiners, tags and others without a width (Unicode 15, 23.2: general categories Cc, Zl, Zp and Cf).
    public static func isPlain(_ scalar: Unicode.Scalar) -> Bool {
        if scalar.value < 0x7F { return scalar.value >= 0x20 }
        switch scalar.properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate: return false
        default: return true
        }
    }

    /// The text with U+FFFD in place of each character that is not plain.
    ///
    /// - Parameter lines: line feeds and tabs stay.
    public static func shown(_ text: String, lines: Bool = false) -> String {
        if isPlainASCII(text) { return text }
        return String(
            String.UnicodeScalarView(
                text.unicodeScalars.map { scalar in
                    let stays = isPlain(scalar) || lines && (scalar == "\n" || scalar == "\t")
                    return stays ? scalar : "\u{FFFD}"
                }))
    }

    /// JSON in which each character that is not plain stands as `\uXXXX` (RFC 8259, 7); whoever reads it gets the same.
    ///
    /// - Parameter json: valid JSON without white space between its values: in it such characters stand in strings alone.
    public static func escaped(json: String) -> String {
        if isPlainASCII(json) { return json }
        var escaped = String.UnicodeScalarView()
        for scalar in json.unicodeScalars {
            if isPlain(scalar) {
                escaped.append(scalar)
            } else {
                for unit in UTF16.encode(scalar) ?? UTF16.encodedReplacementCharacter {
                    escaped.append(contentsOf: "\\u".unicodeScalars)
                    let digits = String(unit, radix: 16)
                    escaped.append(
                        contentsOf: (String(repeating: "0", count: 4 - digits.count) + digits).unicodeScalars)
                }
            }
        }
        return String(escaped)
    }

    /// The text, or its first characters and a mark, together `count` of them (Unicode scalars: a letter may carry thousands of accents).
    public static func cut(_ text: String, to count: Int = longestField) -> String {
        let scalars = text.unicodeScalars
        guard let end = scalars.index(scalars.startIndex, offsetBy: count, limitedBy: scalars.endIndex),
            end != scalars.endIndex
        else { return text }
        return String(scalars[..<scalars.index(before: end)]) + mark
    }

    private static func isPlainASCII(_ text: String) -> Bool { text.utf8.allSatisfy { (0x20..<0x7F).contains($0) } }
}
