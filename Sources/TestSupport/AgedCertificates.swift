import ControlRoom
import Foundation
import Sync
import Trust

/// Certificates as they are after months, on real files: given out anew by a hub's own authority, for the same keys, with a
/// beginning in the past.
public struct AgedCertificates {
    private let authority: Authority
    private let hub: String

    /// - Parameter hub: the folder of a hub that holds the authority's key.
    public init(hub: String, passphrase: String) throws {
        self.hub = hub
        authority = Authority(
            certificate: try AuthorityCertificate(pem: try AgedCertificates.read(hub + "/authority.pem")),
            key: try SealedKey.open(try AgedCertificates.read(hub + "/authority.key"), passphrase: passphrase))
    }

    /// A machine's folder.
    public func ageMachine(_ folder: String, days: Double) throws {
        let machine = try MachineIdentity(folder: folder)
        try machine.renew(try issue(machine.key, machine.certificate.identity, days))
    }

    /// The folder of a person's identity.
    public func agePerson(_ folder: String, passphrase: String, days: Double) throws {
        let person = try EnrolledIdentity(folder: folder)
        try person.renew(try issue(try person.unlock(passphrase: passphrase), person.identity, days))
    }

    public func ageHub(days: Double) throws {
        let old = try MemberCertificate(pem: try AgedCertificates.read(hub + "/hub.pem"))
        let made = try authority.issueHub(
            key: old.key, name: old.identity.actor, hosts: old.hosts, now: daysAgo(days))
        try made.pem().write(toFile: hub + "/hub.pem", atomically: true, encoding: .utf8)
    }

    private func issue(_ key: SigningKey, _ identity: Identity, _ days: Double) throws -> MemberCertificate {
        try authority.issue(
            try CertificateRequest(pem: try CertificateRequest.make(key: key)), to: identity, now: daysAgo(days))
    }

    private func daysAgo(_ days: Double) -> Timestamp {
        Timestamp(milliseconds: Int64(Date().timeIntervalSince1970 * 1_000)).adding(seconds: -days * 86_400)
    }

    private static func read(_ file: String) throws -> String { try String(contentsOfFile: file, encoding: .utf8) }
}

/// What lies on the disk of somebody who enrolled, otherwise than it lies there.
public enum EnrolledFiles {
    /// A person's key and certificate as plain files in a new folder, for a program that types no passphrase.
    public static func open(_ identity: String, passphrase: String, into folder: String) throws {
        let person = try EnrolledIdentity(folder: identity)
        try MachineIdentity.keep(
            try person.unlock(passphrase: passphrase), person.certificate, person.authority, hubs: person.hubs,
            in: folder)
    }

    /// A request for a certificate, as a program makes one before it shows a code: PEM, for a fresh key.
    public static func request() throws -> String { try CertificateRequest.make(key: SigningKey()) }

    /// As if the program had been killed while it waited for the hub's answer to this code: the hub has enrolled the machine,
    /// and the machine has the key that it asked with, and nothing else.
    public static func loseAnswer(to code: String, machine folder: String) throws {
        guard let code = EnrolmentCode(code) else { return }
        let files = FileManager.default
        let kept = try String(contentsOfFile: folder + "/key.pem", encoding: .utf8)
        for name in try files.contentsOfDirectory(atPath: folder) { try files.removeItem(atPath: folder + "/" + name) }
        _ = try PendingKey(of: code, in: folder).plain()
        guard let pending = try files.contentsOfDirectory(atPath: folder).first else { return }
        try kept.write(toFile: folder + "/" + pending, atomically: true, encoding: .utf8)
    }
}
