import ControlRoom
import Foundation
import Trust

/// Authorities, and what they sign for servers and clients, as files of PEM in a folder.
public final class NatsCertificates: Sendable {
    private let folder: TemporaryFolder
    private let authority: Authority
    /// The authority that signs; another that signs nothing; each a file.
    public let authorityFile: String
    public let strangerFile: String

    public init() throws {
        folder = try TemporaryFolder()
        let now = Timestamp(milliseconds: Int64(Date().timeIntervalSince1970 * 1_000))
        authority = try Authority.make(name: "servers", now: now.adding(seconds: -1_000 * 86_400))
        authorityFile = folder.file("ca.pem")
        strangerFile = folder.file("stranger.pem")
        try authority.certificate.pem().write(toFile: authorityFile, atomically: true, encoding: .utf8)
        try Authority.make(name: "stranger", now: now).certificate.pem()
            .write(toFile: strangerFile, atomically: true, encoding: .utf8)
    }

    /// A certificate and its key, each a file of PEM.
    public struct Files: Sendable {
        public let certificate: String
        public let key: String
    }

    /// A certificate for servers and clients alike; the key's file is for its owner alone.
    ///
    /// - Parameter daysOld: one of more than 825 days has ended.
    public func make(_ name: String, hosts: [String], daysOld: Double = 0) throws -> Files {
        let key = SigningKey()
        let begun = Date().timeIntervalSince1970 - daysOld * 86_400
        let made = try authority.issueHub(
            key: key.publicKey, name: name, hosts: hosts, now: Timestamp(milliseconds: Int64(begun * 1_000)))
        let certificate = folder.file(name + ".pem")
        try made.pem().write(toFile: certificate, atomically: true, encoding: .utf8)
        return Files(certificate: certificate, key: try secret(key.pem, name + ".key"))
    }

    /// A file of mode 0600, or another.
    public func secret(_ text: String, _ name: String, mode: Int = 0o600) throws -> String {
        let file = folder.file(name)
        guard FileManager.default.createFile(atPath: file, contents: Data(text.utf8)) else {
            throw CocoaError(.fileWriteUnknown)
        }
        try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: file)
        return file
    }

    /// The servers' own section.
    ///
    /// - Parameter verify: whether a client has to show a certificate of the authority.
    public func section(_ files: Files, verify: Bool = false) -> String {
        let clients = verify ? ", ca_file: \"\(authorityFile)\", verify: true" : ""
        return "tls { cert_file: \"\(files.certificate)\", key_file: \"\(files.key)\"\(clients) }\n"
    }

    /// What servers have for each other: both show a certificate.
    public func routes(_ files: Files) -> String {
        "tls { cert_file: \"\(files.certificate)\", key_file: \"\(files.key)\", ca_file: \"\(authorityFile)\" } "
    }

    public static let password = "authorization { user: hub, password: \"geheim-4711\" }\n"
    public static let passwordText = "geheim-4711"
}
