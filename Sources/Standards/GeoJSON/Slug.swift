/// A name as an id: lower-case ASCII letters, digits and hyphens.
enum Slug {
    private static let letters: [Character: String] = [
        "æ": "ae", "ø": "o", "å": "a", "ä": "a", "ö": "o", "ü": "u", "ß": "ss", "é": "e", "è": "e", "ê": "e", "ë": "e",
        "à": "a", "á": "a", "â": "a", "ã": "a", "ì": "i", "í": "i", "î": "i", "ï": "i", "ò": "o", "ó": "o", "ô": "o",
        "õ": "o", "ù": "u", "ú": "u", "û": "u", "ý": "y", "ñ": "n", "ç": "c", "œ": "oe", "đ": "d", "ð": "d", "þ": "th",
        "ł": "l", "ş": "s", "š": "s", "ž": "z", "č": "c", "ć": "c", "ğ": "g", "ı": "i",
    ]

    /// Empty where nothing of the name can be kept.
    static func make(_ name: String) -> String {
        var slug = ""
        for character in name.lowercased() {
            if character.isASCII, character.isLetter || character.isNumber {
                slug.append(character)
            } else if let plain = letters[character] {
                slug += plain
            } else if !slug.isEmpty, slug.last != "-" {
                slug += "-"
            }
        }
        while slug.last == "-" { slug.removeLast() }
        return slug
    }
}
