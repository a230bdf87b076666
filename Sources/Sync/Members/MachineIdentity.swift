public import Trust

/// An identity of a machine, which has nobody to type a passphrase: plain files that only its user reads.
///
/// `key.pem certificate.pem authority.pem` are what curl takes; `hubs` has their addresses, one a line, the preferred first.
public struct MachineIdentity: Sendable {
    public let folder: String
    public let key: SigningKey
    public let certificate: MemberCertificate
    public let authority: AuthorityCertificate
    /// URLs; empty in a folder that an older version made.
    public let hubs: [String]

    /// - Throws: `EnrolledIdentity.Failure` where a file cannot be read, or is not what its name says.
    public init(folder: String) throws {
        self.folder = folder
        func decoded<Value>(_ name: String, _ body: (String) throws -> Value) throws -> Value {
            let text = try PrivateFile.read(folder + "/" + name)
            do { return try body(text) } catch {
                throw EnrolledIdentity.Failure(description: "\(folder)/\(name) is damaged; enrol the machine again")
            }
        }
        key = try decoded("key.pem") { try SigningKey(pem: $0) }
        certificate = try decoded("certificate.pem") { try MemberCertificate(pem: $0) }
        authority = try decoded("authority.pem") { try AuthorityCertificate(pem: $0) }
        hubs = ((try? PrivateFile.read(folder + "/hubs")) ?? "").split(separator: "\n").map(String.init)
    }

    /// Whether a machine is enrolled in this folder.
    public static func exists(in folder: String) -> Bool { PrivateFile.exists(folder + "/key.pem") }

    /// Keeps a new identity: the key last, by which it is known to be whole.
    ///
    /// - Throws: `EnrolledIdentity.Failure` where the files cannot be written.
    public static func keep(
        _ key: SigningKey, _ certificate: MemberCertificate, _ authority: AuthorityCertificate, hubs: [String],
        in folder: String
    ) throws {
        try PrivateFile.makeFolder(folder)
        try PrivateFile.write(try certificate.pem(), to: folder + "/certificate.pem")
        try PrivateFile.write(try authority.pem(), to: folder + "/authority.pem")
        try PrivateFile.write(hubs.joined(separator: "\n") + "\n", to: folder + "/hubs")
        try PrivateFile.write(key.pem + "\n", to: folder + "/key.pem")
    }

    /// Puts a renewed certificate in the place of the old one, as a whole or not at all.
    ///
    /// - Throws: `EnrolledIdentity.Failure` where it is for another key, or cannot be written.
    public func renew(_ made: MemberCertificate) throws {
        guard made.keyID == key.keyID else {
            throw EnrolledIdentity.Failure(description: "the hub answered with a certificate for another key")
        }
        try PrivateFile.write(try made.pem(), to: folder + "/certificate.pem")
    }
}
