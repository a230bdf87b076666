internal import ControlRoom

/// Lists inside one text of CAP.
enum CAPLists {
    /// Words apart by space; one with spaces in it stands in double quotes (CAP 1.2, 3.2.1 `addresses`).
    static func words(_ text: String) -> [String] {
        guard text.utf8.contains(UInt8(ascii: "\"")) else {
            return text.split(whereSeparator: \.isWhitespace).map(String.init)
        }
        var words: [String] = []
        var word = ""
        var quoted = false
        for character in text {
            if character == "\"" {
                quoted.toggle()
            } else if quoted || !character.isWhitespace {
                word.append(character)
                continue
            }
            if !quoted, !word.isEmpty {
                words.append(word)
                word = ""
            }
        }
        return word.isEmpty ? words : words + [word]
    }

    /// The other way: quotes where a word holds space.
    static func text(_ words: [String]) -> String {
        words.map { $0.contains(where: \.isWhitespace) ? "\"\($0)\"" : $0 }.joined(separator: " ")
    }

    /// `sender,identifier,sent` (CAP 1.2, 3.2.1 `references`); `identifier/sender` in 1.0.
    static func reference(_ word: Substring, _ version: CAPVersion) throws(CAPFault) -> CAPReference {
        let parts = word.split(separator: ",", omittingEmptySubsequences: false)
        if parts.count == 3, !parts[0].isEmpty, !parts[1].isEmpty, let sent = CAPTime(String(parts[2])) {
            return CAPReference(sender: String(parts[0]), identifier: String(parts[1]), sent: sent)
        }
        if version == .v10, let slash = word.firstIndex(of: "/") {
            let sender = word[word.index(after: slash)...]
            return CAPReference(sender: String(sender), identifier: String(word[..<slash]), sent: nil)
        }
        throw CAPFault("the reference \"\(word.prefix(80))\" is not sender,identifier,sent (CAP 1.2, 3.2.1)")
    }
}
