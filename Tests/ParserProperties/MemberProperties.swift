import ControlRoom
import Trust

/// What members, machines and other hubs bring: patterns of sources, codes, requests and certificates, the word behind an entry, and
/// what a hub says of a place without an event.
enum MemberProperties {
    private static let tooMany = 60

    // MARK: - Sources

    /// The first line is a pattern, the second a source: the answer is that of a slow reference.
    static func patterns(_ bytes: [UInt8]) throws {
        let lines = bytes.split(separator: 0x0A, maxSplits: 1, omittingEmptySubsequences: false)
        guard let text = lines.first, let pattern = SourcePattern(String(decoding: text, as: UTF8.self)) else { return }
        let source = String(decoding: (lines.dropFirst().first ?? []).prefix(tooMany), as: UTF8.self)
        let expected = matches(Array(pattern.text.utf8)[...], Array(source.utf8)[...])
        guard pattern.matches(source) == expected else {
            throw ParserProperties.Broken(description: "\(pattern.text) and \(source): \(!expected)")
        }
    }

    /// All lengths that a `*` can stand for, from the end on.
    private static func matches(_ pattern: ArraySlice<UInt8>, _ source: ArraySlice<UInt8>) -> Bool {
        var reached = [Bool](repeating: false, count: source.count + 1)
        reached[0] = true
        for letter in pattern {
            if letter == UInt8(ascii: "*") {
                for place in reached.indices.dropFirst() { reached[place] = reached[place] || reached[place - 1] }
            } else {
                for place in reached.indices.dropFirst().reversed() {
                    reached[place] = reached[place - 1] && source[source.startIndex + place - 1] == letter
                }
                reached[0] = false
            }
        }
        return reached[source.count]
    }

    // MARK: - How somebody becomes a member

    /// A code that is read is written so that it is read as the same; requests and certificates are read or refused.
    static func codes(_ bytes: [UInt8]) throws {
        let text = String(decoding: bytes, as: UTF8.self)
        if let code = EnrolmentCode(text), EnrolmentCode(code.text) != code {
            throw ParserProperties.Broken(description: "a code changes when it is written and read")
        }
        _ = try? CertificateRequest(pem: text)
        _ = try? MemberCertificate(pem: text)
        _ = try? MemberCertificate(der: bytes)
    }

    // MARK: - Between hubs

    private static let secret = LogSecret("impetus-log-key 1 AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=")

    /// An entry with the word behind it is known as a hub's, and is what it was; with any byte changed it is not. Whatever comes
    /// without the word is nobody's.
    static func word(_ bytes: [UInt8], at place: Int) throws {
        guard let word = secret?.word(of: "log") else {
            throw ParserProperties.Broken(description: "the secret is not read")
        }
        let said = word.said(of: bytes)
        guard word.isSaid(of: said), LogWord.event(of: said) == bytes else {
            throw ParserProperties.Broken(description: "an entry with its word is not known")
        }
        var changed = said
        changed[place % changed.count] ^= 1
        guard !word.isSaid(of: changed) else {
            throw ParserProperties.Broken(description: "an entry that was changed is known as a hub's")
        }
        guard !word.isSaid(of: bytes) else {
            throw ParserProperties.Broken(description: "bytes of anybody are known as a hub's")
        }
        guard LogWord.event(of: bytes).count <= bytes.count else {
            throw ParserProperties.Broken(description: "an entry grows when its word is taken off")
        }
    }

    /// What a hub says of a place without an event is read as it is written, and its bounds hold.
    static func place(_ bytes: [UInt8]) throws {
        guard let junk = try? JunkEntry(json: bytes) else { return }
        guard junk.sequence >= 1, junk.bytes >= 0, junk.digest.utf8.count == 64 else {
            throw ParserProperties.Broken(description: "a place beyond its bounds: \(junk)")
        }
        guard let again = try? JunkEntry(json: junk.json), again == junk else {
            throw ParserProperties.Broken(description: "a place changes when it is written and read")
        }
    }
}
