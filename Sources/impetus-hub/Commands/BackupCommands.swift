import ArgumentParser
import ControlRoom
import Feed
import Foundation
import Hub
import SQLiteLog
import Shell
import Store
import Tenancy
import Trust

struct BackupCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "backup", abstract: "Copy all logs, archives, keys and certificates while the hub runs.",
        discussion: """
            Where an archive is missing or altered, all else is copied, it is said which, and the command ends with 65.
            """)

    @OptionGroup var options: HubOptions
    @Argument(help: "A folder that is not there yet.") var folder: String
    @Option(
        help: ArgumentHelp(
            "Where archived entries lie; without it, the folder archives in the hub's folder.", valueName: "dir"))
    var archive: String?
    @Flag(help: "Name the archives, and do not copy them.") var withoutArchives = false

    func run() throws {
        try reporting {
            let system = try SystemLog(options)
            try system.mustBeTrusted()
            let target = HubFolder(path: folder)
            guard let systemLog = system.log as? SQLiteLog else {
                throw Usage.wrong("logs on NATS are copied by its own tools: nats stream backup")
            }
            guard !FileManager.default.fileExists(atPath: folder) else {
                throw Usage.wrong("\(folder) is there already")
            }
            try target.make()
            // The tenants' logs first: a member whom the copy of the system log knows may be missing in them, which the next
            // start mends, but never the other way round.
            for tenant in system.register.tenants.keys.sorted() {
                let log = try SQLiteLog(path: system.folder.log(of: tenant), makeLogID: Surroundings.live.makeID)
                defer { log.close() }
                try log.backup(to: target.log(of: tenant))
            }
            try systemLog.backup(to: target.system)
            for file in [
                (system.folder.authorityKey, target.authorityKey), (system.folder.key, target.key),
                (system.folder.certificate, target.certificate), (system.folder.authority, target.authority),
            ] { try target.write(try system.folder.read(file.0), to: file.1) }
            if let secret = try system.folder.knownSecret() { try target.write(secret.text, to: target.logKey) }
            let isWhole = try copyArchives(system, archive ?? system.folder.archives, to: target)
            Output.line("copied \(system.register.tenants.count) tenants to \(folder)")
            if !isWhole { throw ExitCode.badData }
        }
    }

    /// What was archived of the logs as they were copied: what is archived from now on is in them.
    ///
    /// - Returns: whether all of it was there.
    private func copyArchives(_ system: SystemLog, _ source: String, to target: HubFolder) throws -> Bool {
        let logs = try TenantLogs(system)
        var isWhole = true
        for tenant in logs.tenants {
            let copy = try SQLiteLog(path: target.log(of: tenant), makeLogID: Surroundings.live.makeID)
            defer { copy.close() }
            Output.note("\(tenant): up to \(try copy.lastSequence())")
            do {
                if withoutArchives {
                    try tell(of: copy, tenant, in: source, logs)
                } else {
                    try put(try logs.archives(of: copy, tenant, in: source), into: target.archives)
                }
            } catch let fault as ArchiveFault {
                Output.note("\(tenant): \(fault); looked in \(source), --archive names another folder")
                isWhole = false
            }
        }
        return isWhole
    }

    private func put(_ archives: [LogSegment], into folder: String) throws {
        guard !archives.isEmpty else { return }
        try FileManager.default.createDirectory(
            atPath: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        for archive in archives {
            let name = archive.path.split(separator: "/").last.map(String.init) ?? archive.path
            try FileManager.default.copyItem(atPath: archive.path, toPath: folder + "/" + name)
        }
    }

    private func tell(of log: SQLiteLog, _ tenant: String, in folder: String, _ logs: TenantLogs) throws {
        let end = try TenantLogs.start(of: log).sequence
        guard end > 0 else { return }
        Output.note("\(tenant): entries 1 to \(end) are archived, and were not copied")
        guard access(folder, F_OK) == 0 else { return }
        for segment in try logs.segments(in: folder, of: log) where segment.last <= end {
            Output.note("\(tenant): not copied: \(segment.path)")
        }
    }
}

struct RestoreCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "restore", abstract: "Make a hub of a backup; its folder must not be there yet.")

    @OptionGroup var options: HubOptions
    @Argument(help: "What backup made.") var folder: String

    func run() throws {
        try reporting {
            let (source, target) = (HubFolder(path: folder), try options.folder())
            try check(source)
            guard !FileManager.default.fileExists(atPath: target.path) else {
                throw Usage.wrong("\(target.path) is there already; move it away first")
            }
            let register = try restore(source, to: target)
            let inForce = register.members.values.count { !$0.isRevoked }
            Output.note(
                "members and agreements are those of the backup: \(inForce) in force; whoever was revoked since is so no more"
            )
            Output.note("impetus-hub members lists them; revoke them again before you serve")
            if !register.tenants.isEmpty { try tellArchives(target) }
            Output.line("restored to \(target.path); consoles that have seen more are told so, and keep what they have")
        }
    }

    /// - Throws: an exit code, or `HubFolder.Failure`, where this is no backup.
    private func check(_ source: HubFolder) throws {
        try TenantLogs.mustBeThere(source.path)
        for file in [source.authority, source.certificate, source.key, source.system, source.tenants]
        where access(file, F_OK) != 0 {
            throw HubFolder.Failure("\(folder) is no backup of a hub: \(file) is missing", .badData)
        }
        _ = (try source.authorityCertificate(), try source.hubCertificate(), try source.read(source.key))
    }

    /// Beside its place first: what fails leaves nothing there.
    private func restore(_ source: HubFolder, to target: HubFolder) throws -> Register {
        let place = String(target.path.reversed().drop { $0 == "/" }.reversed())
        let partial = HubFolder(path: "\(place).restoring-\(getpid())")
        defer { try? FileManager.default.removeItem(atPath: partial.path) }
        do {
            try FileManager.default.copyItem(atPath: source.path, toPath: partial.path)
            let register = try mark(partial)
            try FileManager.default.moveItem(atPath: partial.path, toPath: target.path)
            return register
        } catch let error as StoreError {
            switch error {
            case .full, .notPermitted: throw error
            case .damaged(_, let reason), .other(_, let reason):
                throw HubFolder.Failure("\(folder) is no backup that can be read: \(reason)", .badData)
            default: throw HubFolder.Failure("\(folder) is no backup that can be read: \(error)", .badData)
            }
        }
    }

    /// The system log goes on as it is: members and agreements are the same.
    private func mark(_ partial: HubFolder) throws -> Register {
        var inside = options
        inside.data = partial.path
        let register = try SystemLog(inside).register
        // Also of those of whom the system log of an older version says nothing that counts yet.
        for file in try partial.tenantLogs() {
            let log = try SQLiteLog(path: file, makeLogID: Surroundings.live.makeID)
            defer { log.close() }
            try log.markRestored(as: String(Surroundings.live.makeID().prefix(8)))
        }
        return register
    }

    /// The hub has no view yet, and folds one from the log's first entry on.
    private func tellArchives(_ target: HubFolder) throws {
        let logs = try TenantLogs(options, nil)
        for tenant in logs.tenants {
            let log = try logs.open(tenant)
            defer { log.close() }
            let end = try TenantLogs.start(of: log).sequence
            guard end > 0 else { continue }
            do {
                _ = try logs.archives(of: log, tenant, in: target.archives)
                Output.note(
                    "\(tenant): entries 1 to \(end) are archived: impetus-hub unarchive \(target.archives) before you serve"
                )
            } catch let fault as ArchiveFault {
                Output.note("\(tenant): \(fault): they are needed before you serve: impetus-hub unarchive DIR")
            }
        }
    }
}
