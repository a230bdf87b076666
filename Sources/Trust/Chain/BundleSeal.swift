public import ControlRoom

/// Who made a bundle, and that it is as they made it: a signature over the SHA-256 of everything before it.
public struct BundleSeal: Sendable {
    /// Who signed.
    public let identity: Identity
    /// The key that signed, as `VerifyingKey.keyID` names it.
    public let keyID: String
    private let certificate: [UInt8]
    private let signature: String

    /// Why a seal is not believed, in words for who imports.
    public struct Fault: Error, CustomStringConvertible {
        public let description: String
    }

    private static func signed(_ hash: String) -> [UInt8] { Array(("bundle\n" + hash).utf8) }

    /// - Parameter hash: SHA-256 of the file before the seal, hexadecimal.
    /// - Throws: what CryptoKit says where the key cannot sign.
    public init(_ hash: String, signedBy key: SigningKey, _ certificate: MemberCertificate) throws {
        identity = certificate.identity
        keyID = certificate.keyID
        self.certificate = certificate.der
        signature = try key.signature(BundleSeal.signed(hash))
    }

    /// Reads a seal and checks that a member of the authority put it on a file of this hash.
    ///
    /// - Throws: `Fault`, `JSONError`.
    public init(_ bytes: [UInt8], on hash: String, authority: AuthorityCertificate, now: Timestamp) throws {
        var (der, signature) = ("", "")
        try JSONReader.read(bytes) { reader in
            try reader.object { key, reader in
                switch key {
                case "certificate": der = try reader.string()
                case "signature": signature = try reader.string()
                default: try reader.skip()
                }
            }
        }
        guard let bytes = Hex.bytes(der), let member = try? MemberCertificate(der: bytes) else {
            throw Fault(description: "its seal cannot be read")
        }
        guard authority.issued(member.certificate) else {
            throw Fault(description: "it was made by somebody of another authority")
        }
        guard member.key.isValid(signature, of: BundleSeal.signed(hash)) else {
            throw Fault(description: "it was altered after it was made")
        }
        guard (try? member.check(against: authority, at: now)) != nil, member.identity.role.may(.read) else {
            throw Fault(
                description: "it was made by \(member.identity.actor), who may not read the log, or may no more")
        }
        identity = member.identity
        keyID = member.keyID
        certificate = bytes
        self.signature = signature
    }

    public func write(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.member("certificate", Hex.text(certificate))
            writer.member("signature", signature)
        }
    }
}
