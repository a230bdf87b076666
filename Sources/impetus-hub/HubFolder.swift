import ArgumentParser
import Cities
import ControlRoom
import Feed
import Foundation
import Hub
import HubCore
import JetStreamLog
import Nats
import SQLiteLog
import Settings
import Shell
import Standards
import Store
import Trust

/// The files of a hub:
/// `authority.pem authority.key hub.pem hub.key log.key log.toml nats-plain-since sent-back.json system.sqlite tenants/NAME.log.sqlite tenants/NAME.view.sqlite archives/*.segment`;
/// where the logs are on servers, `system.names.sqlite` and `tenants/NAME.names.sqlite` instead of the logs.
struct HubFolder: Sendable {
    let path: String

    var authority: String { path + "/authority.pem" }
    var authorityKey: String { path + "/authority.key" }
    var certificate: String { path + "/hub.pem" }
    var key: String { path + "/hub.key" }
    /// What this hub shares with those that have a copy of its folder.
    var logKey: String { path + "/log.key" }
    /// A key that is to count in its place; there while `rotate-log-key` runs, or where it was stopped.
    var nextLogKey: String { path + "/log.key.next" }
    var system: String { path + "/system.sqlite" }
    var tenants: String { path + "/tenants" }

    /// Files that `archive` made: from them the hub folds a tenant's view anew where its log begins later.
    var archives: String { path + "/archives" }

    var logSettings: String { path + "/log.toml" }

    /// Which machines the hub has told to come again later, since it was started.
    var sentBack: String { path + "/sent-back.json" }

    func log(of tenant: String) -> String { "\(tenants)/\(tenant).log.sqlite" }
    func view(of tenant: String) -> String { "\(tenants)/\(tenant).view.sqlite" }
    /// Of a log on servers.
    func names(of tenant: String) -> String { "\(tenants)/\(tenant).names.sqlite" }

    var isInitialised: Bool { FileManager.default.fileExists(atPath: authority) }

    /// The bytes of an event, both ways.
    static let wire = Wire(decode: { try CloudEventReader.kept($0) }, encode: { CloudEventWriter.json($0) })

    /// The events of a city pack.
    static func definitions(_ city: String) throws -> [Event] { try CityPack.load(city).definitions }

    static let mirror = Store.Mirror(decode: { try CloudEventReader.kept($0) })

    // MARK: - Where the logs are

    /// A hub remembers where its logs are: a command that does not say so is not to begin others.
    func rememberLog(_ configuration: HubConfiguration) throws {
        guard let log = configuration.log, !HubFolder.isFiles(log), access(logSettings, F_OK) != 0 else { return }
        let nats = configuration.nats?.toml ?? ""
        try write("log = \(TOMLText.quoted(log))\nreplicas = \(configuration.replicas)\n" + nats, to: logSettings)
    }

    /// Puts in what the folder remembers, where nothing else was said.
    ///
    /// - Throws: where files were said and servers are remembered, or the other way round. Which servers is not compared: a
    ///   cluster has many names.
    func complete(_ configuration: inout HubConfiguration) throws {
        guard isInitialised else { return }
        let known = try rememberedLog()
        if let nats = known?.nats { configuration.nats = (configuration.nats ?? .init()).completed(by: nats) }
        if let asked = configuration.log {
            // Servers are remembered; files are there. A folder that was made before hubs remembered may say neither.
            let holdsFiles = access(system, F_OK) == 0
            let isOther = known != nil ? HubFolder.isFiles(asked) : holdsFiles && !HubFolder.isFiles(asked)
            guard !isOther else {
                let there = known?.log.map(NatsAddress.shown) ?? "files in \(path)"
                throw Usage.wrong("the logs of this hub are \(there), not \(NatsAddress.shown(asked))")
            }
        } else if let known {
            configuration.log = known.log
            if configuration.replicas == 1 { configuration.replicas = known.replicas }
        }
    }

    /// Nil where it is remembered nowhere: the logs are files here.
    private func rememberedLog() throws -> HubConfiguration? {
        guard access(logSettings, F_OK) == 0 else { return nil }
        let loaded = HubConfiguration.read(try read(logSettings), file: logSettings)
        guard let value = loaded.value, loaded.warnings.isEmpty else {
            throw Failure(loaded.warnings.map { "\($0)" }.joined(separator: "; "), .configuration)
        }
        return value
    }

    private static func isFiles(_ log: String?) -> Bool { log == nil || log == "sqlite" }

    /// - Throws: an exit code, after it was said what is there instead of a hub.
    func mustBeThere() throws {
        guard !isInitialised else { return }
        guard access(path, F_OK) != 0 || access(path, R_OK | X_OK) == 0 else {
            Output.note("\(path) cannot be read by this user; impetus-hub runs as the one it belongs to")
            throw ExitCode.notPermitted
        }
        Output.note("\(path) is no hub yet; impetus-hub init makes one")
        throw ExitCode.noInput
    }

    /// Only its owner looks into it.
    func make() throws {
        do {
            try FileManager.default.createDirectory(
                atPath: tenants, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
            try FileManager.default.setAttributes([.posixPermissions: 0o700], ofItemAtPath: path)
        } catch {
            throw Failure("\(path) cannot be made: \(String(cString: strerror(errno)))", .cannotCreate)
        }
    }

    /// - Throws: a usage error where one is neither a name nor an address.
    static func check(hosts: [String]) throws {
        for host in hosts {
            do { _ = try HostName(host) } catch { throw Usage.wrong("\(error)") }
        }
    }

    /// Files that an older version made, or that were copied, may be readable by others: mode 0600 for all of them.
    func closeToOthers() {
        for folder in [path, tenants] {
            for name in (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? [] {
                var found = stat()
                let file = folder + "/" + name
                guard lstat(file, &found) == 0, found.st_mode & S_IFMT == S_IFREG, found.st_mode & 0o077 != 0 else {
                    continue
                }
                chmod(file, 0o600)
            }
        }
    }

    func authorityCertificate() throws -> AuthorityCertificate {
        try decoded(authority) { try AuthorityCertificate(pem: $0) }
    }

    func hubCertificate() throws -> MemberCertificate { try decoded(certificate) { try MemberCertificate(pem: $0) } }

    /// By which the hubs that have this folder, or a copy, know each other's entries; nil before there is one.
    ///
    /// - Throws: `Failure` where the file is no such key.
    func knownSecret() throws -> LogSecret? { try secret(in: logKey) }

    func secret(in file: String) throws -> LogSecret? {
        guard access(file, F_OK) == 0 else { return nil }
        guard let secret = LogSecret(try read(file)) else {
            throw Failure(
                "\(file) is no key that can be read; take it from a backup, or from another hub's folder", .badData)
        }
        return secret
    }

    /// The same, made where it is missing: of a hub's key, so that each copy of the folder makes the same.
    func secret(of hub: SigningKey) throws -> LogSecret {
        if let known = try knownSecret() { return known }
        let made = LogSecret(derivedFrom: hub)
        // Another process of this folder may have made it just now: it is the same.
        let fresh = logKey + ".new-\(getpid())"
        unlink(fresh)
        defer { unlink(fresh) }
        try write(made.text, to: fresh)
        guard link(fresh, logKey) == 0 || errno == EEXIST else { throw StoreError.notPermitted(path: logKey) }
        return made
    }

    /// The files of the logs of all tenants that are there, whoever they are.
    func tenantLogs() throws -> [String] {
        let names = try FileManager.default.contentsOfDirectory(atPath: tenants)
        return names.filter { $0.hasSuffix(".log.sqlite") }.sorted().map { tenants + "/" + $0 }
    }

    private func decoded<Value>(_ file: String, _ body: (String) throws -> Value) throws -> Value {
        let text = try read(file)
        do {
            return try body(text)
        } catch {
            throw Failure("\(file) is no certificate that can be read; take it from a backup", .badData)
        }
    }

    func write(_ text: String, to file: String) throws {
        let descriptor = open(file, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw StoreError.notPermitted(path: file) }
        let handle = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
        try handle.write(contentsOf: Data(text.utf8))
        try handle.synchronize()
    }

    /// As a whole or not at all.
    func replace(_ text: String, at file: String) throws {
        let fresh = file + ".new"
        unlink(fresh)
        try write(text, to: fresh)
        guard rename(fresh, file) == 0 else { throw StoreError.notPermitted(path: file) }
    }

    func read(_ file: String) throws -> String {
        guard let text = try? String(contentsOfFile: file, encoding: .utf8) else {
            throw Failure("\(file) cannot be read; impetus-hub init makes it", .noInput)
        }
        return text
    }

    /// Why a command cannot go on, in words, and how it ends then.
    struct Failure: Error, CustomStringConvertible {
        let description: String
        let code: ExitCode

        init(_ description: String, _ code: ExitCode) { (self.description, self.code) = (description, code) }
    }

    /// Where the logs are kept: in this folder, or on servers that several hubs share.
    enum Logs: Sendable {
        case files
        case stream(NatsConnection, replicas: Int)

        /// - Parameter isTrial: a trial has no folder that remembers anything.
        /// - Throws: an exit code, after it was said which setting keeps the servers from being reached, or that they are reached as
        ///   they may not be; `NatsFailure` where none of them answers.
        init(_ configuration: HubConfiguration, isTrial: Bool = false) throws {
            guard let ground = try NatsGround(configuration) else {
                self = .files
                return
            }
            let memory = isTrial ? .neverPlain : try HubFolder(path: configuration.data).plainMemory()
            try ground.mayRun(memory, now: Surroundings.live.now())
            do {
                let nats = try NatsConnection(
                    urls: ground.addresses.map(\.url), name: configuration.name, access: try ground.access())
                self = .stream(nats, replicas: configuration.replicas)
            } catch let refused as NatsRefused {
                throw NatsGround.refused("\(refused)")
            }
        }
    }

    func openSystem(_ logs: Logs) throws -> any EventLog {
        switch logs {
        case .files: try SQLiteLog(path: system, makeLogID: Surroundings.live.makeID)
        case .stream(let nats, let replicas):
            try JetStreamLog(
                nats, name: "system", replicas: replicas, names: path + "/system.names.sqlite",
                makeSecret: Surroundings.live.makeID)
        }
    }

    func openLog(of tenant: String, _ logs: Logs) throws -> any EventLog {
        switch logs {
        case .files: try SQLiteLog(path: log(of: tenant), makeLogID: Surroundings.live.makeID)
        case .stream(let nats, let replicas):
            try JetStreamLog(
                nats, name: tenant, replicas: replicas, names: names(of: tenant),
                makeSecret: Surroundings.live.makeID)
        }
    }

    func ground(_ tenant: String, _ logs: Logs) throws -> Central.Ground {
        let log = try openLog(of: tenant, logs)
        var ground = Central.Ground(log: log, view: try openView(view(of: tenant), following: log))
        if let log = log as? SQLiteLog { ground.archive = { try archive(of: log) } }
        return ground
    }

    /// What was archived of a log, of which the files may stand in this folder; nil where nothing was.
    ///
    /// - Throws: `StoreError`.
    func archive(of log: SQLiteLog) throws -> LogArchive? {
        guard let archived = try log.archived() else { return nil }
        let logID = try log.logID
        let end = Store.Cursor(logID: logID, sequence: archived.sequence, head: archived.head)
        guard access(archives, F_OK) == 0 else { return LogArchive(end: end, files: []) }
        let found = try LogSegment.all(in: archives, of: logID)
        return LogArchive(end: end, files: found.segments, unreadable: found.unreadable)
    }

    /// The right to serve what is in the folder: one process has it, for as long as it lives.
    ///
    /// - Throws: exit code 75 where another has it, after it was said; what `mustBeThere` says.
    func take() throws -> Lease {
        try mustBeThere()
        let place = path + "/serve"
        if let lease = try Lease.take(storePath: place) { return lease }
        let who = Lease.holder(storePath: place).map { " (process \($0))" } ?? ""
        let words = "another hub\(who) serves \(path): stop it first; each hub has a folder of its own"
        Output.note(Output.printable(words))
        throw ExitCode.tryLater
    }

    /// - Throws: exit code 75 where a hub serves a tenant now, after it was said.
    func mustBeStopped(_ tenant: String) throws {
        guard HubFolder.isOpen(view(of: tenant)) else { return }
        Output.note("the hub has \(tenant) open: stop it first; nothing was done")
        throw ExitCode.tryLater
    }

    /// Whether a process has a view open: each holds a shared lock beside it as long as it lives (`Presence`).
    static func isOpen(_ view: String) -> Bool {
        let descriptor = open(view + ".open", O_RDWR | O_CLOEXEC)
        guard descriptor >= 0 else { return false }
        defer { close(descriptor) }
        return flock(descriptor, LOCK_EX | LOCK_NB) != 0
    }

    /// The view is folded anew from the log whenever it is missing, damaged, or of another log.
    func openView(_ file: String, following log: any EventLog) throws -> Store {
        let opened = try Recovery.open(
            path: file, mirror: HubFolder.mirror, now: Surroundings.live.now(), makeLogID: Surroundings.live.makeID)
        let cursor = try opened.store.cursor()
        let logID = try log.logID
        let isOther = cursor.map { $0.logID != logID } ?? false
        // What was salvaged of a damaged view has holes. A log that is shorter than what was seen of it is no reason: it is
        // compared, and nobody is served from it.
        let isAnew = opened.report != nil || isOther
        let first = try log.firstSequence()
        let goesOn = !isAnew && (cursor?.sequence ?? 0) >= first - 1
        if goesOn { return opened.store }
        opened.store.close()
        if isAnew {
            for ending in ["", "-wal", "-shm"] { try? FileManager.default.removeItem(atPath: file + ending) }
        }
        guard first == 1 else {
            throw Failure(
                "\(file) has to be folded anew, and entries before \(first) are archived: impetus-hub unarchive DIR first; where they are lost, impetus-hub accept-log --help",
                .badData)
        }
        return try Store(path: file, mirror: HubFolder.mirror, makeLogID: Surroundings.live.makeID)
    }

    /// What a hub needs to serve.
    func parts(_ logs: Logs, passphrase: String) throws -> (HubEngine.Parts, HubServer.Security) {
        let authorityCertificate = try self.authorityCertificate()
        let certificate = try hubCertificate()
        let key = try SealedKey.open(try read(key), passphrase: passphrase)
        let authority = try? Authority(
            certificate: authorityCertificate, key: SealedKey.open(read(authorityKey), passphrase: passphrase))
        let parts = HubEngine.Parts(
            name: certificate.identity.actor, key: key, certificate: certificate,
            authorityCertificate: authorityCertificate, authority: authority, system: try openSystem(logs),
            wire: HubFolder.wire, secret: try secret(of: key), ground: { try ground($0, logs) },
            definitions: HubFolder.definitions)
        let security = HubServer.Security(
            certificate: try certificate.pem(), key: key.pem, authority: try authorityCertificate.pem())
        return (parts, security)
    }
}

/// Where the passphrase of the hub's keys comes from: a file (as systemd's LoadCredential gives one), the environment, or the
/// terminal.
enum Passphrase {
    static let variable = "IMPETUS_HUB_PASSPHRASE"

    private static let least = 8

    static func read(file: String?, isNew: Bool = false) throws -> String {
        let text = try found(file: file, isNew: isNew)
        guard !isNew || text.utf8.count >= least else {
            throw HubFolder.Failure("a passphrase has \(least) letters or more", .usage)
        }
        return text
    }

    private static func found(file: String?, isNew: Bool) throws -> String {
        if let file {
            guard let text = try? String(contentsOfFile: file, encoding: .utf8) else {
                throw HubFolder.Failure("the passphrase file \(file) cannot be read", .noInput)
            }
            return text.trimmingCharacters(in: .newlines)
        }
        let environment = ProcessInfo.processInfo.environment
        if let text = environment[variable], !text.isEmpty { return text }
        if let file = environment[variable + "_FILE"] { return try found(file: file, isNew: isNew) }
        guard
            let text = try Secret.ask(isNew ? "New passphrase of the hub's keys: " : "Passphrase of the hub's keys: "),
            !text.isEmpty
        else {
            throw HubFolder.Failure(
                "a passphrase is needed: passphrase_file in the settings, \(variable), \(variable)_FILE, or a terminal",
                .configuration)
        }
        return text
    }
}
