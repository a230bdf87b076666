public import ControlRoom
public import Crypto
import FoundationEssentials

/// The key of a person, a console, a sensor or a hub: ECDSA on P-256 with SHA-256 (FIPS 186-5).
public struct SigningKey: Sendable {
    public let key: P256.Signing.PrivateKey

    /// A fresh one, from the system's generator.
    public init() { key = P256.Signing.PrivateKey() }

    public init(_ key: P256.Signing.PrivateKey) { self.key = key }

    /// - Throws: what CryptoKit says where this is no private key on P-256 in PEM.
    public init(pem: String) throws { key = try P256.Signing.PrivateKey(pemRepresentation: pem) }

    public var publicKey: VerifyingKey { VerifyingKey(key.publicKey) }

    public var keyID: String { publicKey.keyID }

    /// PKCS #8 in PEM, for TLS.
    public var pem: String { key.pemRepresentation }

    /// Puts the key's name and its signature on an event.
    ///
    /// Covers what `EventDigest.signed` covers; an older signature on the event is replaced.
    ///
    /// - Throws: what CryptoKit says where the key cannot sign; the event then has the key's name and no new signature.
    public func sign(_ event: inout Event) throws {
        event.extensions[EventDigest.keyID] = keyID
        event.signature = try signature(EventDigest.signed(event))
    }

    /// Base64 of the 64 bytes r and s.
    ///
    /// - Throws: what CryptoKit says where the key cannot sign.
    public func signature(_ bytes: [UInt8]) throws -> String {
        try key.signature(for: bytes).rawRepresentation.base64EncodedString()
    }
}

/// The public half of a `SigningKey`: ECDSA on P-256 with SHA-256 (FIPS 186-5).
public struct VerifyingKey: Sendable {
    public let key: P256.Signing.PublicKey

    public init(_ key: P256.Signing.PublicKey) { self.key = key }

    /// The first 16 bytes of the SHA-256 of the public point, hexadecimal.
    public var keyID: String { Hex.text(SHA256.hash(data: key.x963Representation).prefix(16)) }

    /// Whether a signature is this key's over the bytes. False also where it is no base64 of 64 bytes.
    ///
    /// - Parameter signature: base64 of r and s, 32 bytes each.
    public func isValid(_ signature: String, of bytes: [UInt8]) -> Bool {
        guard let raw = Data(base64Encoded: signature),
            let signature = try? P256.Signing.ECDSASignature(rawRepresentation: raw)
        else { return false }
        return key.isValidSignature(signature, for: bytes)
    }

    /// Whether the event bears this key's signature.
    public func isSigner(of event: Event) -> Bool {
        guard let signature = event.signature else { return false }
        return isValid(signature, of: EventDigest.signed(event))
    }
}

/// SHA-256 of a text, hexadecimal.
public enum TextHash {
    /// Of its bytes in UTF-8: 64 digits, in lower case.
    public static func of(_ text: String) -> String { Hex.text(SHA256.hash(data: Array(text.utf8))) }

    /// 64 digits, in lower case.
    public static func of(_ bytes: [UInt8]) -> String { Hex.text(SHA256.hash(data: bytes)) }
}

/// SHA-256 over what comes in pieces.
public struct ByteHash {
    private var hash = SHA256()

    public init() {}

    public mutating func add(_ bytes: [UInt8]) { hash.update(data: bytes) }

    /// Hexadecimal.
    public var text: String { Hex.text(hash.finalize()) }
}
