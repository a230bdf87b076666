import ArgumentParser
import ControlRoom
import Feed
import Foundation
import Hub
import HubCore
import Nats
import SQLiteLog
import Shell
import Store
import Tenancy
import Trust

struct CheckCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check", abstract: "Check the settings, and that the hub's folder is whole.")

    @OptionGroup var options: HubOptions
    @Option(
        help: ArgumentHelp(
            "Where archived entries lie; without it, the folder archives in the hub's folder.", valueName: "dir"))
    var archive: String?

    func run() throws {
        try reporting {
            let configuration = try options.configuration()
            let folder = HubFolder(path: configuration.data)
            try folder.mustBeThere()
            let now = Surroundings.live.now()
            let authority = try folder.authorityCertificate()
            let certificate = try folder.hubCertificate()
            try certificate.check(against: authority, at: now)
            // Whoever opens the logs closes the folder to others.
            noteOpenKeys(folder)
            let system = try SystemLog(options)
            let memory = try folder.plainMemory()
            let servers = try NatsGround(configuration)
            if let notice = servers?.notice(memory, now: now) { Output.alarm("warning: \(notice.words)") }
            if servers?.addresses.contains(where: { $0.login != nil }) ?? false {
                Output.alarm("warning: log holds a password: [nats] user and password_file keep it elsewhere")
            }
            let faults = faults(of: configuration, folder, system.register)
            for fault in faults { Output.note("\(fault)") }
            guard faults.isEmpty else { throw ExitCode.configuration }
            Output.line("settings ok; hub \(certificate.identity.actor), certificate until \(certificate.ends.rfc3339)")
            guard !system.register.revokedKeys.contains(certificate.keyID) else {
                throw HubEngine.OwnKeyRevoked()
            }
            for ending in EndingCertificate.found(hubs: [certificate], authority: authority, at: now) {
                Output.note("warning: \(ending.words(at: now))")
            }
            for named in NamedCertificates(configuration).all where named.endsSoon(at: now) {
                Output.note("warning: \(named.words(at: now))")
            }
            let members = system.register.members.values.count { !$0.isRevoked }
            Output.line("\(system.register.tenants.count) tenants, \(members) members")
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
            if system.log is SQLiteLog { try checkArchives(system, archive ?? folder.archives) }
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

    /// What the settings name and the hub will not find, all of it at once.
    private func faults(
        of configuration: HubConfiguration, _ folder: HubFolder, _ register: Register
    ) -> [any Error] {
        var faults: [any Error] = []
        func look(_ body: () throws -> Void) {
            do { try body() } catch { faults.append(error) }
        }
        look { _ = try folder.read(folder.key) }
        if let file = configuration.passphraseFile { look { _ = try Passphrase.read(file: file) } }
        if let syslog = configuration.syslog {
            look { try SyslogFiles(syslog).check() }
            if register.tenants[syslog.tenant] == nil {
                faults.append(
                    HubFolder.Failure(
                        "[syslog] names the tenant \(syslog.tenant), whom nobody has added", .configuration))
            }
        }
        if let program = configuration.escalation?.command.first, let fault = CheckCommand.fault(ofProgram: program) {
            faults.append(HubFolder.Failure("[escalation] command: \(program) \(fault)", .configuration))
        }
        return faults
    }

    /// Why a program cannot be started by this user; nil where it can.
    private static func fault(ofProgram path: String) -> String? {
        var found = stat()
        guard stat(path, &found) == 0 else { return "cannot be found: \(String(cString: strerror(errno)))" }
        guard found.st_mode & S_IFMT == S_IFREG else { return "is no program" }
        return access(path, X_OK) == 0 ? nil : "may not be run by this user"
    }

    /// A key that others could read may be known to others.
    private func noteOpenKeys(_ folder: HubFolder) {
        for file in [folder.key, folder.authorityKey, folder.logKey, folder.nextLogKey] {
            var found = stat()
            guard stat(file, &found) == 0, found.st_mode & 0o077 != 0 else { continue }
            let mode = String(found.st_mode & 0o777, radix: 8)
            Output.alarm("warning: \(file) was open to others (mode 0\(mode)); its mode is 0600 now")
        }
    }

    /// Whether what was archived is there, as audit --archive finds it.
    private func checkArchives(_ system: SystemLog, _ folder: String) throws {
        let logs = try TenantLogs(system)
        var isWhole = true
        for tenant in logs.tenants {
            let log = try logs.open(tenant)
            defer { log.close() }
            do {
                _ = try logs.archives(of: log, tenant, in: folder)
            } catch let fault as ArchiveFault {
                Output.note("\(tenant): \(fault); looked in \(folder), --archive names another folder")
                isWhole = false
            }
        }
        if !isWhole { throw ExitCode.configuration }
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
            throw ExitCode.configuration
        }
        let isOld = system.register.tenants.isEmpty && verifier.old != nil
        let old = verifier.oldTenants.subtracting(verifier.trusted.keys).sorted()
        guard isOld || !old.isEmpty else { return }
        let logs = isOld ? "the system log" : "the logs of " + old.joined(separator: ", ")
        Output.note("nobody has said what stands in \(logs) from before hubs signed: impetus-hub trust-log --help")
        throw ExitCode.configuration
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
