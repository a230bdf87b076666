import ControlRoom
import Foundation
import Sync
import TestSupport
import Testing
import Trust

@Suite("What lies on a member's disk")
struct MemberFilesTests {
    private let folder: TemporaryFolder
    private let authority: Authority
    private let code: EnrolmentCode

    init() throws {
        folder = try TemporaryFolder()
        authority = try Authority.make(name: "a", now: EventMaker.noon)
        code = EnrolmentCode(entropy: "some entropy", authority: authority.certificate)
    }

    private func issue(_ key: SigningKey, days: Double = 0) throws -> MemberCertificate {
        let camera = Identity(actor: "cam", role: .sensor, tenant: "police")
        return try authority.issue(
            try CertificateRequest(pem: try CertificateRequest.make(key: key)), to: camera,
            now: EventMaker.noon.adding(seconds: days * 86_400))
    }

    private func mode(_ name: String) throws -> Int? {
        try FileManager.default.attributesOfItem(atPath: folder.file(name))[.posixPermissions] as? Int
    }

    @Test("an enrolment that is begun again goes on with the same key, until it is answered")
    func pending() throws {
        let pending = PendingKey(of: code, in: folder.file("m"))
        let first = try pending.plain()
        #expect(try pending.plain().keyID == first.keyID)
        let name = try #require(try FileManager.default.contentsOfDirectory(atPath: folder.file("m")).first)
        #expect(try mode("m/" + name) == 0o600 && mode("m") == 0o700)
        #expect(!name.contains(code.secret))
        let other = EnrolmentCode(entropy: "other entropy", authority: authority.certificate)
        #expect(try PendingKey(of: other, in: folder.file("m")).plain().keyID != first.keyID)
        pending.forget()
        #expect(try pending.plain().keyID != first.keyID)
    }

    @Test("a person's key is sealed while it is pending, and opens with its passphrase alone")
    func sealed() throws {
        let pending = PendingKey(of: code, in: folder.file("p"))
        let first = try pending.sealed(passphrase: "correct horse")
        #expect(try pending.sealed(passphrase: "correct horse").keyID == first.keyID)
        #expect(throws: SealedKey.Failure.wrongPassphrase) { try pending.sealed(passphrase: "wrong horse") }
        // It is no identity yet.
        #expect(EnrolledIdentity.names(in: folder.file("p")).isEmpty)
    }

    @Test("a machine's files are read again, and a renewed certificate is for the same key")
    func machine() throws {
        let key = SigningKey()
        let path = folder.file("cam")
        #expect(!MachineIdentity.exists(in: path))
        try MachineIdentity.keep(
            key, try issue(key), authority.certificate, hubs: ["https://a:1", "https://b:2"], in: path)
        let read = try MachineIdentity(folder: path)
        #expect(MachineIdentity.exists(in: path) && read.hubs == ["https://a:1", "https://b:2"])
        #expect(read.key.keyID == key.keyID && read.authority.fingerprint == authority.certificate.fingerprint)
        let renewed = try issue(key, days: 60)
        try read.renew(renewed)
        #expect(try MachineIdentity(folder: path).certificate.der == renewed.der)
        #expect(throws: EnrolledIdentity.Failure.self) { try read.renew(try issue(SigningKey())) }
        for name in ["key.pem", "certificate.pem", "authority.pem", "hubs"] {
            #expect(try mode("cam/" + name) == 0o600)
        }
        try "nonsense".write(toFile: path + "/certificate.pem", atomically: true, encoding: .utf8)
        #expect(throws: EnrolledIdentity.Failure.self) { try MachineIdentity(folder: path) }
    }

    @Test("in units for systemd a path is one word, whatever it holds")
    func units() throws {
        let units = RenewalUnits(program: "/opt/a b/impetus", folder: "/var/100% \"$x\\y", user: "cam")
        let command = #"ExecStart="/opt/a b/impetus" renew --machine "/var/100%% \"$$x\\y""# + "\n"
        #expect(units.service.contains(command))
        #expect(units.service.contains("\nUser=cam\n") && units.timer.contains("\nPersistent=true\n"))
        let broken = RenewalUnits(program: "/p", folder: "/a\nExecStart=/bin/evil", user: "cam")
        #expect(broken.service.split(separator: "\n").filter { $0.hasPrefix("ExecStart=") }.count == 1)
    }

    @Test(
        "systemd takes the units",
        .enabled(if: FileManager.default.isExecutableFile(atPath: "/usr/bin/systemd-analyze"), "no systemd-analyze"))
    func verified() throws {
        let units = RenewalUnits(program: "/bin/true", folder: folder.path, user: "root")
        try units.service.write(toFile: folder.file("renew.service"), atomically: true, encoding: .utf8)
        try units.timer.write(toFile: folder.file("renew.timer"), atomically: true, encoding: .utf8)
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/systemd-analyze")
        process.arguments = ["verify", "--man=no", folder.file("renew.timer"), folder.file("renew.service")]
        let said = Pipe()
        process.standardError = said
        try process.run()
        let text = String(decoding: said.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        let ours = text.split(separator: "\n").filter { $0.contains(folder.path) || $0.contains("renew.") }
        #expect(ours.isEmpty, "\(text)")
    }
}
