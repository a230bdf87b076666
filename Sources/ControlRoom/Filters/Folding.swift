/// Texts as they are compared: without regard to case, and to the accents of Latin letters.
public enum Folding {
    /// UTF-8 of the folded text. Two texts that fold to the same bytes are the same to a filter.
    public static func fold(_ text: String) -> [UInt8] {
        var folded: [UInt8] = []
        var text = text
        folded.reserveCapacity(text.utf8.count)
        text.withUTF8 { append($0, to: &folded) }
        return folded
    }

    /// Appends a UTF-8 text, folded. Bytes that are none stay as they are.
    public static func append(_ bytes: UnsafeBufferPointer<UInt8>, to folded: inout [UInt8]) {
        var index = 0
        while index < bytes.count {
            let byte = bytes[index]
            if byte < 0x80 {
                folded.append(byte &- 0x41 < 26 ? byte | 0x20 : byte)
                index += 1
                continue
            }
            let length = min(byte < 0xE0 ? 2 : byte < 0xF0 ? 3 : 4, bytes.count - index)
            let character = UnsafeBufferPointer(rebasing: bytes[index..<index + length])
            if let scalar = String(validating: character, as: UTF8.self)?.unicodeScalars.first {
                append(scalar, to: &folded)
                index += length
            } else {
                folded.append(byte)
                index += 1
            }
        }
    }

    private static func append(_ scalar: Unicode.Scalar, to folded: inout [UInt8]) {
        // Accents written on their own.
        if (0x300...0x36F).contains(scalar.value) { return }
        if (0xC0...0x17F).contains(scalar.value) {
            let base = bases[Int(scalar.value) - 0xC0]
            if base != UInt8(ascii: "*") { return folded.append(base) }
        }
        folded += Array(scalar.properties.lowercaseMapping.utf8)
    }

    /// What is left of the letters from U+00C0 to U+017F without their accents (Unicode, canonical decompositions); a star
    /// where nothing is taken away.
    private static let bases = Array(
        ("aaaaaa*ceeeeiiii*nooooo**uuuuy**"
            + "aaaaaa*ceeeeiiii*nooooo**uuuuy*y"
            + "aaaaaaccccccccdd**eeeeeeeeeegggg"
            + "gggghh**iiiiiiiii***jjkk*llllll*"
            + "***nnnnnn***oooooo**rrrrrrssssss"
            + "sstttt**uuuuuuuuuuuuwwyyyzzzzzz*")
            .utf8)

    /// Whether a folded text stands in another.
    public static func contains(_ text: UnsafeBufferPointer<UInt8>, _ needle: UnsafeBufferPointer<UInt8>) -> Bool {
        guard let first = needle.first else { return true }
        guard text.count >= needle.count else { return false }
        for start in 0...(text.count - needle.count) where text[start] == first {
            var length = 1
            while length < needle.count, text[start + length] == needle[length] { length += 1 }
            if length == needle.count { return true }
        }
        return false
    }
}
