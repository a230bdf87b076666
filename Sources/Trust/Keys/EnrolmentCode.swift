import Crypto

/// What an administrator hands over on paper: a secret that is good once, and enough of the authority's fingerprint that whoever
/// enrols knows that they talk to the right hub. Eight groups of four letters and digits (Crockford's base 32).
public struct EnrolmentCode: Equatable, Sendable {
    /// The first 16 letters, 80 bits.
    public let secret: String
    /// The beginning of the SHA-256 of the authority's certificate, as the code writes it.
    public let pin: String

    private static let alphabet = Array("0123456789ABCDEFGHJKMNPQRSTVWXYZ")
    private static let half = 16

    /// - Parameter entropy: fresh and unique, with at least 80 bits that nobody can guess.
    public init(entropy: String, authority: AuthorityCertificate) {
        secret = EnrolmentCode.text(Array(SHA256.hash(data: Array(entropy.utf8))))
        pin = EnrolmentCode.pin(of: authority)
    }

    /// Reads a code as people type it. Nil where it is none.
    public init?(_ text: String) {
        let plain = text.uppercased().filter { $0 != "-" && !$0.isWhitespace }.map { letter -> Character in
            switch letter {
            case "O": "0"
            case "I", "L": "1"
            default: letter
            }
        }
        guard plain.count == 2 * EnrolmentCode.half, plain.allSatisfy(EnrolmentCode.alphabet.contains) else {
            return nil
        }
        secret = String(plain.prefix(EnrolmentCode.half))
        pin = String(plain.suffix(EnrolmentCode.half))
    }

    /// As it is handed over: `ABCD-1234-...`, the secret first. `init(_:)` reads it back.
    public var text: String {
        let all = Array(secret + pin)
        return stride(from: 0, to: all.count, by: 4).map { String(all[$0..<$0 + 4]) }.joined(separator: "-")
    }

    /// Whether this is the authority that the code was made for.
    public func names(_ authority: AuthorityCertificate) -> Bool { pin == EnrolmentCode.pin(of: authority) }

    private static func pin(of authority: AuthorityCertificate) -> String {
        text(Array(SHA256.hash(data: authority.der)))
    }

    /// The first 80 bits.
    private static func text(_ bytes: [UInt8]) -> String {
        var (text, bits, count) = ("", 0, 0)
        for byte in bytes {
            bits = bits << 8 | Int(byte)
            count += 8
            while count >= 5, text.count < half {
                text.append(alphabet[bits >> (count - 5) & 31])
                count -= 5
            }
            bits &= (1 << count) - 1
        }
        return text
    }
}
