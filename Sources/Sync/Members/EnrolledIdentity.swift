public import ControlRoom
public import Trust

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// An identity that a hub enrolled, as it lies on this machine: a folder with the sealed key, the certificate, the
/// authority's certificate, and the hubs' addresses.
public struct EnrolledIdentity: Sendable {
    public let folder: String
    public let certificate: MemberCertificate
    public let authority: AuthorityCertificate
    /// URLs, the preferred first.
    public let hubs: [String]

    /// Which file of an identity could not be read, made or written; in words, with its path.
    public struct Failure: Error, CustomStringConvertible {
        public let description: String

        public init(description: String) { self.description = description }
    }

    public var identity: Identity { certificate.identity }

    /// - Throws: `Failure`, and what is wrong with the certificates.
    public init(folder: String) throws {
        self.folder = folder
        certificate = try MemberCertificate(pem: try PrivateFile.read(folder + "/certificate.pem"))
        authority = try AuthorityCertificate(pem: try PrivateFile.read(folder + "/authority.pem"))
        hubs = try PrivateFile.read(folder + "/hubs").split(separator: "\n").map(String.init)
        guard !hubs.isEmpty else { throw Failure(description: "\(folder)/hubs names no hub") }
    }

    /// The key, for whoever knows the passphrase.
    ///
    /// - Throws: `SealedKey.Failure`.
    public func unlock(passphrase: String) throws -> SigningKey {
        try SealedKey.open(try PrivateFile.read(folder + "/key"), passphrase: passphrase)
    }

    /// Keeps a new identity; an older one in its place is only replaced as a whole.
    ///
    /// The certificate is written last: without it a folder is no identity.
    ///
    /// - Throws: `Failure` where a file cannot be written, and what Crypto says where the key cannot be sealed.
    public static func keep(
        in folder: String, key: SigningKey, passphrase: String, certificate: MemberCertificate,
        authority: AuthorityCertificate, hubs: [String]
    ) throws {
        try PrivateFile.makeFolder(folder)
        try PrivateFile.write(try SealedKey.seal(key, passphrase: passphrase), to: folder + "/key")
        try PrivateFile.write(try authority.pem(), to: folder + "/authority.pem")
        try PrivateFile.write(hubs.joined(separator: "\n") + "\n", to: folder + "/hubs")
        try PrivateFile.write(try certificate.pem(), to: folder + "/certificate.pem")
    }

    /// A renewed certificate for the same key.
    ///
    /// The file is replaced as a whole or not at all. This value keeps the certificate that it had.
    ///
    /// - Throws: `Failure` where it cannot be written; the old certificate then stands.
    public func renew(_ certificate: MemberCertificate) throws {
        try PrivateFile.write(try certificate.pem(), to: folder + "/certificate.pem")
    }

    /// The names of the identities in a folder.
    public static func names(in folder: String) -> [String] {
        guard let directory = opendir(folder) else { return [] }
        defer { closedir(directory) }
        var names: [String] = []
        while let entry = readdir(directory) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) {
                $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if !name.hasPrefix("."), access(folder + "/" + name + "/certificate.pem", R_OK) == 0 { names.append(name) }
        }
        return names.sorted()
    }
}

/// Files that only their owner reads (mode 0600), replaced as a whole or not at all.
enum PrivateFile {
    private static let largest = 1 << 20

    static func makeFolder(_ path: String) throws {
        var parts = path.hasPrefix("/") ? "" : "."
        for part in path.split(separator: "/") {
            parts += "/" + part
            if mkdir(parts, 0o700) != 0, errno != EEXIST {
                throw EnrolledIdentity.Failure(description: "\(parts) cannot be made")
            }
        }
        chmod(path, 0o700)
    }

    static func read(_ path: String) throws -> String {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw EnrolledIdentity.Failure(description: "\(path) cannot be read") }
        defer { close(descriptor) }
        var buffer = [UInt8](repeating: 0, count: largest)
        let count = Glibc.read(descriptor, &buffer, buffer.count)
        guard count >= 0 else { throw EnrolledIdentity.Failure(description: "\(path) cannot be read") }
        return String(decoding: buffer.prefix(count), as: UTF8.self)
    }

    static func exists(_ path: String) -> Bool { access(path, F_OK) == 0 }

    static func remove(_ path: String) { unlink(path) }

    static func write(_ text: String, to path: String) throws {
        let fresh = path + ".new"
        unlink(fresh)
        let descriptor = open(fresh, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw EnrolledIdentity.Failure(description: "\(path) cannot be written") }
        defer { close(descriptor) }
        let bytes = Array(text.utf8)
        guard Glibc.write(descriptor, bytes, bytes.count) == bytes.count, fsync(descriptor) == 0,
            rename(fresh, path) == 0
        else { throw EnrolledIdentity.Failure(description: "\(path) cannot be written; is the disk full?") }
    }
}
