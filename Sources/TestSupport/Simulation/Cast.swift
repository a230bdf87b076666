import ControlRoom
import Feed
import Foundation
import HubCore
import SQLiteLog
import Standards
import Store
import Synchronization
import Trust

/// Who takes part in every run: made once, because keys cost time and no run depends on which they are.
struct Cast: Sendable {
    let authority: Authority
    let hubs: [(key: SigningKey, certificate: MemberCertificate)]
    /// What both hubs share.
    let secret = LogSecret()
    let people: [(key: SigningKey, certificate: MemberCertificate)]

    static let tenant = "city"
    /// With whom the city shares.
    static let receiver = "fire"
    /// Of the two sensors.
    static let sources = ["urn:sensor", "urn:other"]
    static let start = EventMaker.noon

    static let shared: Cast? = try? Cast()

    private init() throws {
        let authority = try Authority.make(name: "simulation", now: Cast.start)
        self.authority = authority
        hubs = try ["hub-0", "hub-1"].map { name in
            let key = SigningKey()
            return (key, try authority.issueHub(key: key.publicKey, name: name, hosts: ["localhost"], now: Cast.start))
        }
        // The second decides what the first asks for. The third is a responder, who may not close: some acts are refused.
        people = try [("op0", Role.operator), ("sup1", .supervisor), ("resp2", .responder)].map { name, role in
            let key = SigningKey()
            let request = try CertificateRequest(pem: try CertificateRequest.make(key: key))
            return (
                key,
                try authority.issue(
                    request, to: Identity(actor: name, role: role, tenant: Cast.tenant), now: Cast.start)
            )
        }
    }

    static let wire = Wire(decode: { try CloudEventReader.kept($0) }, encode: { CloudEventWriter.json($0) })
    static let mirror = Store.Mirror(decode: { try CloudEventReader.kept($0) })

    /// Files of one run, copied from ones that were made once: to make the tables costs more than a run.
    struct Files: Sendable {
        let folder: String

        /// Its background work is done, so that names are numbered alike whoever does it when.
        static let store = template("store") { path in
            let store = try Store(path: path, mirror: Cast.mirror) { "log" }
            while try store.backgroundStep() {}
            store.close()
        }
        static let log = template("log") { try SQLiteLog(path: $0) { "log" }.close() }

        private static func template(_ name: String, _ make: (String) throws -> Void) -> String? {
            let folder = base + "/templates-\(getpid())"
            let path = folder + "/" + name
            try? FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
            guard (try? make(path)) != nil else { return nil }
            return path
        }

        private static let made = Atomic(0)

        /// In memory, where there is such a file system: what is simulated is what was written, not the disk.
        static let base =
            FileManager.default.isWritableFile(atPath: "/dev/shm")
            ? "/dev/shm" : FileManager.default.temporaryDirectory.path

        init(seed: UInt64) throws {
            let number = Files.made.wrappingAdd(1, ordering: .relaxed).newValue
            folder = Files.base + "/simulation-\(getpid())-\(seed)-\(number)"
            try? FileManager.default.removeItem(atPath: folder)
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        }

        func store(_ name: String) throws -> Store {
            try copy(Files.store, to: name)
            return try Store(path: folder + "/" + name, writeCacheKiB: 500, mirror: Cast.mirror) { "log" }
        }

        func log(_ name: String) throws -> SQLiteLog {
            try copy(Files.log, to: name)
            return try SQLiteLog(path: folder + "/" + name) { "log" }
        }

        private func copy(_ template: String?, to name: String) throws {
            guard let template, !FileManager.default.fileExists(atPath: folder + "/" + name) else { return }
            try FileManager.default.copyItem(atPath: template, toPath: folder + "/" + name)
        }

        func remove() { try? FileManager.default.removeItem(atPath: folder) }
    }
}
