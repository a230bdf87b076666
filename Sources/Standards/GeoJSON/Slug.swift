internal import ControlRoom

/// A name as an id: lower-case ASCII letters, digits and hyphens.
enum Slug {
    /// Letters that are more than a letter with an accent; `Folding` knows the others.
    private static let letters: [Unicode.Scalar: String] = [
        "æ": "ae", "ø": "o", "ß": "ss", "œ": "oe", "đ": "d", "ð": "d", "þ": "th", "ł": "l", "ı": "i",
    ]

    /// Empty where nothing of the name can be kept.
    static func make(_ name: String) -> String {
        var slug = ""
        for scalar in String(decoding: Folding.fold(name), as: UTF8.self).unicodeScalars {
            if ("a"..."z").contains(scalar) || ("0"..."9").contains(scalar) {
                slug.unicodeScalars.append(scalar)
            } else if let plain = letters[scalar] {
                slug += plain
            } else if !slug.isEmpty, slug.last != "-" {
                slug += "-"
            }
        }
        while slug.last == "-" { slug.removeLast() }
        return slug
    }
}
