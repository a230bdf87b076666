import Crypto
import CryptoExtras
import FoundationEssentials

/// A private key at rest: sealed with AES-256-GCM under a key that scrypt (RFC 7914) makes of a passphrase.
///
/// The text is one line of words: `impetus-key 1 N SALT BOX`, the last two in base64. Only who knows the passphrase can
/// tell what is in it; a wrong one is told from a damaged file by nothing.
public enum SealedKey {
    /// Why a sealed key cannot be opened. A wrong passphrase and an altered box are one case, for nothing tells them
    /// apart.
    public enum Failure: Error, Equatable, CustomStringConvertible {
        case unreadable
        case wrongPassphrase

        public var description: String {
            switch self {
            case .unreadable: "this is no sealed key"
            case .wrongPassphrase: "the passphrase is wrong, or the file was changed"
            }
        }
    }

    /// scrypt's cost: 2^15 rounds of 1 KiB blocks take 32 MiB (RFC 7914: 128 * N * r bytes).
    private static let rounds = 1 << 15

    /// Makes the line of text, with a fresh salt of 16 bytes. It takes 32 MiB and scrypt's time, by design; call it on
    /// no thread that somebody waits for.
    ///
    /// - Throws: what Crypto says where the key cannot be derived or sealed.
    public static func seal(_ key: SigningKey, passphrase: String) throws -> String {
        let salt = SymmetricKey(size: .bits128).withUnsafeBytes { Data($0) }
        let box = try AES.GCM.seal(key.key.rawRepresentation, using: derive(passphrase, salt, rounds))
        guard let combined = box.combined else { throw Failure.unreadable }
        return "impetus-key 1 \(rounds) \(salt.base64EncodedString()) \(combined.base64EncodedString())\n"
    }

    /// - Throws: `Failure`.
    public static func open(_ text: String, passphrase: String) throws -> SigningKey {
        let words = text.split(whereSeparator: \.isWhitespace).map(String.init)
        guard words.count == 5, words[0] == "impetus-key", words[1] == "1", let rounds = Int(words[2]),
            (1 << 10...1 << 20).contains(rounds), rounds & (rounds - 1) == 0, let salt = Data(base64Encoded: words[3]),
            let combined = Data(base64Encoded: words[4]), let box = try? AES.GCM.SealedBox(combined: combined)
        else { throw Failure.unreadable }
        guard let raw = try? AES.GCM.open(box, using: derive(passphrase, salt, rounds)),
            let key = try? P256.Signing.PrivateKey(rawRepresentation: raw)
        else { throw Failure.wrongPassphrase }
        return SigningKey(key)
    }

    private static func derive(_ passphrase: String, _ salt: Data, _ rounds: Int) throws -> SymmetricKey {
        try KDF.Scrypt.deriveKey(
            from: Data(passphrase.utf8), salt: salt, outputByteCount: 32, rounds: rounds, blockSize: 8, parallelism: 1,
            maxMemory: 256 << 20)
    }
}
