import Crypto

/// The seed of a NATS user's NKey: an Ed25519 key as `nk -gen user` writes it, in base 32 with a CRC-16.
///
/// Servers know a user by the public key, and ask for a signature over what they have just made up.
public struct NatsUserSeed: Sendable {
    /// The public key, as it stands in the settings of the servers: `U` and 55 more letters and digits.
    public let publicKey: String
    private let key: Curve25519.Signing.PrivateKey

    /// Finds the seed in the text of a file, alone or between lines that say what it is.
    ///
    /// - Throws: `Fault`, which never quotes the text.
    public init(file text: String) throws(Fault) {
        let words = text.split { $0.isWhitespace }.filter { $0.utf8.count == NatsUserSeed.length && $0.first == "S" }
        guard let word = words.first else { throw .noSeed }
        guard let bytes = Base32.decode(word), bytes.count == 36 else { throw .damaged }
        guard CRC16.of(bytes.dropLast(2)) == UInt16(bytes[34]) | UInt16(bytes[35]) << 8 else { throw .damaged }
        let (seed, kind) = (bytes[0] & 0xF8, bytes[0] << 5 | bytes[1] >> 3)
        guard seed == NatsUserSeed.seedPrefix else { throw .noSeed }
        guard kind == NatsUserSeed.userPrefix else { throw .otherKind }
        guard let key = try? Curve25519.Signing.PrivateKey(rawRepresentation: bytes[2..<34]) else { throw .damaged }
        self.key = key
        let named = [NatsUserSeed.userPrefix] + Array(key.publicKey.rawRepresentation)
        let sum = CRC16.of(named[...])
        publicKey = Base32.encode(named + [UInt8(sum & 0xFF), UInt8(sum >> 8)])
    }

    /// 64 bytes of Ed25519.
    ///
    /// - Throws: what the library says.
    func signature(of bytes: [UInt8]) throws -> [UInt8] { Array(try key.signature(for: bytes)) }

    /// Why a file holds no seed of a user.
    public enum Fault: Error, Equatable, CustomStringConvertible {
        case noSeed, damaged, otherKind

        /// A phrase that goes on behind the name of a file.
        public var description: String {
            switch self {
            case .noSeed: "holds no NKey seed, which begins with SU"
            case .damaged: "holds an NKey seed that is damaged"
            case .otherKind: "holds the seed of an account, an operator or a server, not of a user (SU...)"
            }
        }
    }

    private static let length = 58
    private static let seedPrefix: UInt8 = 18 << 3
    private static let userPrefix: UInt8 = 20 << 3
}

/// RFC 4648, section 6, without padding.
private enum Base32 {
    static let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".utf8)

    static func encode(_ bytes: [UInt8]) -> String {
        var (text, bits, count) = ([UInt8](), 0, 0)
        for byte in bytes {
            bits = bits << 8 | Int(byte)
            count += 8
            while count >= 5 {
                text.append(alphabet[bits >> (count - 5) & 31])
                count -= 5
            }
            bits &= (1 << count) - 1
        }
        if count > 0 { text.append(alphabet[bits << (5 - count) & 31]) }
        return String(decoding: text, as: UTF8.self)
    }

    /// Nil where a letter is none of the alphabet, or the last says more than bytes.
    static func decode(_ text: some StringProtocol) -> [UInt8]? {
        var (bytes, bits, count) = ([UInt8](), 0, 0)
        for letter in text.utf8 {
            guard let value = alphabet.firstIndex(of: letter) else { return nil }
            bits = bits << 5 | value
            count += 5
            guard count >= 8 else { continue }
            bytes.append(UInt8(bits >> (count - 8) & 0xFF))
            count -= 8
            bits &= (1 << count) - 1
        }
        return bits == 0 ? bytes : nil
    }
}

/// CRC-16/XMODEM, as NKeys have it.
private enum CRC16 {
    static func of(_ bytes: ArraySlice<UInt8>) -> UInt16 {
        bytes.reduce(0) { sum, byte in
            (0..<8).reduce(sum ^ UInt16(byte) << 8) { sum, _ in sum & 0x8000 == 0 ? sum << 1 : sum << 1 ^ 0x1021 }
        }
    }
}
