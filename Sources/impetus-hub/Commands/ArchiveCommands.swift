import ArgumentParser
import ControlRoom
import Feed
import Foundation
import Shell
import Store
import Trust

struct ArchiveCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "archive",
        abstract: "Move old entries of the logs into files, while the hub runs.",
        discussion: """
            Each tenant's entries go into one new file, up to the last checkpoint before the time. A console that has not been \
            here since then begins with the hub's snapshot, or with a colleague's bundle. The log's file does not shrink: its \
            space is used again.
            """)

    @OptionGroup var options: HubOptions
    @Argument(help: "A folder for the files; earlier ones may lie in it.") var folder: String
    @Option(help: "Entries older than so many days.") var days: Int
    @Option(help: "Of this tenant alone.") var tenant: String?

    func run() throws {
        try reporting {
            guard days >= 0 else { throw Usage.wrong("--days is 0 or more") }
            let logs = try TenantLogs(options, tenant)
            try FileManager.default.createDirectory(
                atPath: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
            let limit = Surroundings.live.now().adding(seconds: -Double(days) * 86_400)
            var failure: ExitCode?
            for tenant in logs.tenants {
                do {
                    try archive(tenant, logs, before: limit)
                } catch {
                    Output.note("\(tenant): \(error)")
                    failure = Self.fileExitCode(for: error) ?? failure ?? .badData
                }
            }
            if let failure { throw failure }
        }
    }

    private func archive(_ tenant: String, _ logs: TenantLogs, before limit: Timestamp) throws {
        let log = try logs.open(tenant)
        defer { log.close() }
        let start = try logs.start(of: log)
        var walk = LogWalk(logs.directory, from: start)
        try logs.walk(&walk, over: log, before: limit)
        guard walk.report.findings.isEmpty else {
            for finding in walk.report.findings { Output.note("\(tenant): \(finding)") }
            throw HubFolder.Failure(description: "the log is not whole; nothing was archived")
        }
        let last = try log.lastSequence()
        guard let end = walk.vouched, end.sequence > start.sequence, end.sequence < last else {
            return Output.line("\(tenant): nothing that old")
        }
        guard let seen = try logs.seen(of: tenant), seen >= end.sequence else {
            throw HubFolder.Failure(description: "the hub is still reading this log; archive it later")
        }
        let file = "\(folder)/\(tenant)-\(Timestamp.padded(start.sequence + 1, 12)).segment"
        guard !FileManager.default.fileExists(atPath: file) else {
            throw HubFolder.Failure(description: "\(file) is there already; name another folder")
        }
        try log.archive(upTo: end.sequence, before: start.head, after: end.head, into: file)
        Output.line("\(tenant): entries \(start.sequence + 1) to \(end.sequence) are in \(file)")
    }
}

struct UnarchiveCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "unarchive", abstract: "Put what archive moved back into the logs.")

    @OptionGroup var options: HubOptions
    @Argument(help: "The folder of the files.") var folder: String
    @Option(help: "Of this tenant alone.") var tenant: String?

    func run() throws {
        try reporting {
            let logs = try TenantLogs(options, tenant)
            for tenant in logs.tenants {
                let log = try logs.open(tenant)
                defer { log.close() }
                let segments = LogSegment.all(in: folder, of: try log.logID)
                while let end = try log.archived()?.sequence {
                    guard let segment = segments.last(where: { $0.last == end }) else {
                        throw HubFolder.Failure(description: "\(tenant): no file in \(folder) ends at entry \(end)")
                    }
                    try log.putBack(segment)
                    Output.line("\(tenant): entries \(segment.first) to \(segment.last) are back")
                }
            }
        }
    }
}

struct AuditCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "audit",
        abstract: "Walk the logs: nothing is missing, altered or forged, and each checkpoint fits.")

    @OptionGroup var options: HubOptions
    @Option(help: ArgumentHelp("Where archived entries lie; without it, only what is in the logs.", valueName: "dir"))
    var archive: String?
    @Option(help: "Of this tenant alone.") var tenant: String?

    func run() throws {
        try reporting {
            let logs = try TenantLogs(options, tenant)
            var isWhole = true
            for tenant in logs.tenants {
                let log = try logs.open(tenant)
                defer { log.close() }
                let report = try audit(log, logs)
                for finding in report.findings { Output.line(Output.printable("\(tenant): \(finding)")) }
                isWhole = isWhole && report.findings.isEmpty
                let state = report.findings.isEmpty ? "whole" : "NOT whole"
                Output.line(
                    "\(tenant): \(state); \(report.events) events, \(report.checkpoints) checkpoints, \(report.signatures) signatures"
                )
            }
            if !isWhole { throw ExitCode.badData }
        }
    }

    private func audit(_ log: SQLiteLog, _ logs: TenantLogs) throws -> LogWalk.Report {
        let (logID, start) = (try log.logID, try logs.start(of: log))
        guard let archive else {
            var walk = LogWalk(logs.directory, from: start)
            try logs.walk(&walk, over: log, before: nil)
            return walk.report
        }
        var walk = LogWalk(logs.directory, from: .start(of: logID))
        // Each that follows on the one before; a folder may hold those of a log that was restored since, too.
        let segments = LogSegment.all(in: archive, of: logID)
        while let segment = segments.first(where: {
            $0.first == walk.chain.sequence + 1 && $0.before == walk.chain.head && $0.last <= start.sequence
        }) {
            while walk.chain.sequence < segment.last {
                let entries = try segment.read(after: walk.chain.sequence, limit: TenantLogs.page)
                guard !entries.isEmpty else { return walk.report }
                for entry in entries where try !walk.take(HubFolder.wire.event(entry)) { return walk.report }
            }
        }
        guard walk.chain.sequence == start.sequence, walk.chain.head == start.head else {
            var report = walk.report
            report.findings.append(
                "the archive ends at entry \(walk.chain.sequence) otherwise than the log begins behind \(start.sequence)"
            )
            return report
        }
        try logs.walk(&walk, over: log, before: nil)
        return walk.report
    }
}

/// The logs of a hub that keeps them in files, for commands that look at whole ones.
struct TenantLogs {
    static let page = 2_000

    let tenants: [String]
    let directory: Directory
    private let folder: HubFolder

    init(_ options: HubOptions, _ tenant: String?) throws {
        let system = try SystemLog(options)
        guard system.log is SQLiteLog else {
            throw Usage.wrong("this is for logs in SQLite; those on NATS are kept by its servers")
        }
        if let tenant, system.register.tenants[tenant] == nil { throw Usage.wrong("there is no tenant \(tenant)") }
        tenants = tenant.map { [$0] } ?? system.register.tenants.keys.sorted()
        folder = system.folder
        directory = Directory(authority: try folder.authorityCertificate())
        directory.learn(pem: try folder.hubCertificate().pem())
        for member in system.register.members.values { directory.learn(pem: member.certificate) }
    }

    func open(_ tenant: String) throws -> SQLiteLog {
        try SQLiteLog(path: folder.log(of: tenant), makeLogID: Surroundings.live.makeID)
    }

    /// Up to where the hub has folded the log; nil where it has not begun.
    func seen(of tenant: String) throws -> Int64? { try Store.cursor(path: folder.view(of: tenant))?.sequence }

    /// Where the log begins: at its start, or behind what was archived.
    func start(of log: SQLiteLog) throws -> Store.Cursor {
        let logID = try log.logID
        guard let archived = try log.archived() else {
            return .start(of: logID)
        }
        return Store.Cursor(logID: logID, sequence: archived.sequence, head: archived.head)
    }

    /// - Parameter limit: stops at the first entry that was recorded then or later.
    func walk(_ walk: inout LogWalk, over log: SQLiteLog, before limit: Timestamp?) throws {
        while walk.isWorthwhile {
            let entries = try log.read(after: walk.chain.sequence, limit: TenantLogs.page)
            guard !entries.isEmpty else { return }
            for entry in entries {
                if let limit, entry.recorded >= limit { return }
                guard try walk.take(HubFolder.wire.event(entry)) else { return }
            }
        }
    }
}
