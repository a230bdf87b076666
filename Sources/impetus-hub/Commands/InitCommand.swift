import ArgumentParser
import ControlRoom
import Foundation
import Hub
import HubCore
import Nats
import SQLiteLog
import Shell
import Store
import Tenancy
import Trust

struct InitCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "init", abstract: "Make the authority, and the hub's key and certificate.")

    @OptionGroup var options: HubOptions
    @OptionGroup(title: "Servers of a nats log") var nats: NatsOptions
    @Option(help: ArgumentHelp("The hub's name.", valueName: "name")) var name: String?
    @Option(
        help: ArgumentHelp("A name or address under which consoles reach it; may be given again.", valueName: "host"))
    var host: [String] = []

    func run() throws {
        try reporting {
            var configuration = try options.configuration()
            if let name { configuration.name = name }
            if !host.isEmpty { configuration.hosts = host }
            nats.complete(&configuration)
            let folder = HubFolder(path: configuration.data)
            guard !folder.isInitialised else {
                Output.note("\(folder.path) is a hub already; nothing was changed")
                throw ExitCode.cannotCreate
            }
            try HubFolder.check(hosts: configuration.hosts)
            try folder.checkNew(configuration, now: Surroundings.live.now())
            let passphrase = try Passphrase.read(file: configuration.passphraseFile, isNew: true)
            let fingerprint = try make(folder, configuration, passphrase)
            Output.line("made the hub \(configuration.name) in \(folder.path)")
            Output.line("authority \(fingerprint)")
            Output.line(
                "next, each with the same --data: impetus-hub tenant add NAME --city CITY; impetus-hub serve; impetus-hub enrol"
            )
        }
    }

    private func make(_ folder: HubFolder, _ configuration: HubConfiguration, _ passphrase: String) throws -> String {
        let now = Surroundings.live.now()
        let authorityKey = SigningKey()
        let authority = try Authority.make(
            name: "IMPETUS authority of " + configuration.name, key: authorityKey, now: now)
        let key = SigningKey()
        let certificate = try authority.issueHub(
            key: key.publicKey, name: configuration.name, hosts: configuration.hosts, now: now)
        try folder.make()
        try folder.write(SealedKey.seal(authorityKey, passphrase: passphrase), to: folder.authorityKey)
        try folder.write(SealedKey.seal(key, passphrase: passphrase), to: folder.key)
        try folder.write(LogSecret().text, to: folder.logKey)
        try folder.write(certificate.pem(), to: folder.certificate)
        try folder.rememberLog(configuration)
        if let text = PlainLog.Memory.neverPlain.text, configuration.log?.hasPrefix("nats") ?? false {
            try folder.write(text, to: folder.plainSince)
        }
        // Last: by this a hub is known to be whole.
        try folder.write(authority.certificate.pem(), to: folder.authority)
        return authority.certificate.fingerprint
    }
}

struct CheckCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check", abstract: "Check the settings, and that the hub's folder is whole.")

    @OptionGroup var options: HubOptions

    func run() throws {
        try reporting {
            let configuration = try options.configuration()
            let folder = HubFolder(path: configuration.data)
            try folder.mustBeThere()
            let now = Surroundings.live.now()
            let authority = try folder.authorityCertificate()
            let certificate = try folder.hubCertificate()
            try certificate.check(against: authority, at: now)
            _ = try folder.read(folder.key)
            if let file = configuration.passphraseFile { _ = try Passphrase.read(file: file) }
            if let syslog = configuration.syslog { try SyslogFiles(syslog).check() }
            let system = try SystemLog(options)
            let memory = try folder.plainMemory()
            let servers = try NatsGround(configuration)
            if let notice = servers?.notice(memory, now: now) { Output.alarm("warning: \(notice.words)") }
            if servers?.addresses.contains(where: { $0.login != nil }) ?? false {
                Output.alarm("warning: log holds a password: [nats] user and password_file keep it elsewhere")
            }
            if let syslog = configuration.syslog, system.register.tenants[syslog.tenant] == nil {
                throw HubFolder.Failure(
                    description: "[syslog] names the tenant \(syslog.tenant), whom nobody has added")
            }
            Output.line("settings ok; hub \(certificate.identity.actor), certificate until \(certificate.ends.rfc3339)")
            guard !system.register.revokedKeys.contains(certificate.keyID) else {
                Output.note("\(HubEngine.OwnKeyRevoked())")
                throw ExitCode(78)
            }
            for ending in EndingCertificate.found(hubs: [certificate], authority: authority, at: now) {
                Output.note("warning: \(ending.words(at: now))")
            }
            for named in NamedCertificates(configuration).all where named.endsSoon(at: now) {
                Output.note("warning: \(named.words(at: now))")
            }
            Output.line("\(system.register.tenants.count) tenants, \(system.register.members.count) members")
            for junk in system.junk { Output.note("warning: system: \(junk)") }
            try checkWords(system)
            var areLogsThere = true
            for tenant in system.register.tenants.keys.sorted() {
                noteJunk(of: tenant, folder)
                noteFold(of: tenant, folder)
                if !canOpenLog(of: tenant, folder) { areLogsThere = false }
            }
            noteSentBack(folder)
            if !areLogsThere { throw ExitCode.diskFailure }
        }
    }

    /// Opens a tenant's log as the hub does, where it is a file that is there; says why it cannot.
    private func canOpenLog(of tenant: String, _ folder: HubFolder) -> Bool {
        let file = folder.log(of: tenant)
        guard access(file, F_OK) == 0 else { return true }
        do {
            try SQLiteLog(path: file, makeLogID: Surroundings.live.makeID).close()
            return true
        } catch {
            Output.note(Output.printable("\(tenant): its log cannot be opened: \(HubWords.of(error))"))
            return false
        }
    }

    /// Which machines have posted more than they may since the hub was started, the noisiest first.
    private func noteSentBack(_ folder: HubFolder) {
        guard let text = try? folder.read(folder.sentBack), let all = try? SentBack.read(json: Array(text.utf8)) else {
            return
        }
        for one in all.prefix(CheckCommand.mostJunk) {
            Output.note(
                "warning: \(one.tenant): \(one.machine) posts beyond its rate: \(one.events) events sent back for later, "
                    + "last at \(one.last.rfc3339)")
        }
    }

    /// Whether it can be told who wrote what is in the logs.
    private func checkWords(_ system: SystemLog) throws {
        let (verifier, secret) = (system.verifier, try system.folder.knownSecret())
        if let secret, verifier.isOther(secret) {
            Output.note("\(HubEngine.OtherLogKey())")
            throw ExitCode(78)
        }
        let isOld = system.register.tenants.isEmpty && verifier.old != nil
        let old = verifier.oldTenants.subtracting(verifier.trusted.keys).sorted()
        guard isOld || !old.isEmpty else { return }
        let logs = isOld ? "the system log" : "the logs of " + old.joined(separator: ", ")
        Output.note("nobody has said what stands in \(logs) from before hubs signed: impetus-hub trust-log --help")
        throw ExitCode(78)
    }

    /// After an upgrade that folds otherwise, the rows of before stay until they are folded anew.
    private func noteFold(of tenant: String, _ folder: HubFolder) {
        let view = folder.view(of: tenant)
        guard access(view, F_OK) == 0 else { return }
        do {
            guard let note = try Store.foldNote(path: view) else { return }
            Output.note(Output.printable("warning: \(tenant): \(note)"))
        } catch {
            Output.note("\(tenant): by which version its rows were folded cannot be read: \(error)")
        }
    }

    private static let mostJunk = 20

    /// What this hub has passed over in a tenant's log, because it is no event: somebody else than a hub can write there.
    private func noteJunk(of tenant: String, _ folder: HubFolder) {
        let view = folder.view(of: tenant)
        guard access(view, F_OK) == 0 else { return }
        do {
            for junk in try Store.junk(path: view, limit: CheckCommand.mostJunk) {
                Output.note("warning: \(tenant): \(junk)")
            }
        } catch {
            Output.note("\(tenant): what is no event in its log is known when the hub has run: \(error)")
        }
    }
}
