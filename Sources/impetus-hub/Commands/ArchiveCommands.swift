import ArgumentParser
import ControlRoom
import Feed
import Foundation
import SQLiteLog
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

            Archive into the folder archives in the hub's folder, or copy the files there: the hub looks for them there, and \
            with them it can fold its views anew after an upgrade. Where one is missing or altered, check and the journal say which, \
            and the rows stay as they were.
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
                    failure = Self.knownExitCode(for: error) ?? failure ?? .badData
                }
            }
            sayWhereToKeep(logs.placeOfArchives)
            if let failure { throw failure }
        }
    }

    private func sayWhereToKeep(_ place: String) {
        func real(_ path: String) -> String { URL(fileURLWithPath: path).resolvingSymlinksInPath().path }
        guard real(folder) != real(place) else { return }
        Output.note(
            Output.printable("copy the files into \(place), or name \(folder) to check, audit and backup by --archive"))
    }

    private func archive(_ tenant: String, _ logs: TenantLogs, before limit: Timestamp) throws {
        let log = try logs.open(tenant)
        defer { log.close() }
        let wire = try logs.wire(of: tenant, log)
        var start = try TenantLogs.start(of: log)
        guard let end = try end(of: log, start, wire, tenant, logs, before: limit) else {
            return Output.line("\(tenant): nothing that old")
        }
        guard let seen = try logs.seen(of: tenant), seen >= end.sequence else {
            throw HubFolder.Failure("the hub is still reading this log; archive it later", .tryLater)
        }
        while let known = try known(tenant, log, start, end, wire, logs) {
            try log.archive(heldBy: known)
            Output.line("\(tenant): entries \(known.first) to \(known.last) are in \(known.path), from before")
            start = try TenantLogs.start(of: log)
        }
        guard end.sequence > start.sequence else { return }
        let file = file(tenant, start)
        try log.archive(upTo: end.sequence, before: start.head, after: end.head, into: file) { segment in
            try ArchiveChain(wire: wire).check(segment)
        }
        Output.line("\(tenant): entries \(start.sequence + 1) to \(end.sequence) are in \(file)")
    }

    private func file(_ tenant: String, _ start: Store.Cursor) -> String {
        "\(folder)/\(tenant)-\(Timestamp.padded(start.sequence + 1, 12)).segment"
    }

    /// Up to which place entries are archived: the last that a hub vouches for before the time, and not the log's last.
    ///
    /// - Returns: nil where there is none.
    private func end(
        of log: SQLiteLog, _ start: Store.Cursor, _ wire: Wire, _ tenant: String, _ logs: TenantLogs,
        before limit: Timestamp
    ) throws -> Store.Cursor? {
        var walk = LogWalk(logs.knownMembers, from: start)
        try logs.walk(&walk, over: log, wire, before: limit)
        var whole = walk
        // That the log was accepted as it is stands behind what does not fit.
        if !walk.report.findings.isEmpty { try logs.walk(&whole, over: log, wire, before: nil) }
        guard whole.report.findings.isEmpty else {
            for finding in whole.report.findings { Output.note("\(tenant): \(finding)") }
            throw HubFolder.Failure("the log is not whole; nothing was archived", .badData)
        }
        let last = try log.lastSequence()
        guard let end = walk.vouched, end.sequence > start.sequence, end.sequence < last else { return nil }
        return end
    }

    /// The file into which the same entries were archived before they were put back; nil where there is none.
    private func known(
        _ tenant: String, _ log: SQLiteLog, _ start: Store.Cursor, _ end: Store.Cursor, _ wire: Wire,
        _ logs: TenantLogs
    ) throws -> LogSegment? {
        guard start.sequence < end.sequence, access(file(tenant, start), F_OK) == 0,
            let segment = try? LogSegment(path: file(tenant, start)), segment.isOf(try log.logID),
            segment.first == start.sequence + 1, segment.before == start.head, segment.last <= end.sequence,
            try logs.head(of: log, wire, from: start, to: segment.last) == segment.after
        else { return nil }
        try ArchiveChain(wire: wire).check(segment)
        return segment
    }
}

struct UnarchiveCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "unarchive", abstract: "Put what archive moved back into the logs.",
        discussion: """
            First the files are checked against each other and against the log: where one is missing or altered, nothing is put \
            back. Then all of a tenant's entries are put back at once or not at all; what was put back before is not put \
            back again. Posts would wait meanwhile: the hub is to be stopped first.

            The files stay where they are: archive takes one that holds the same for done, and replaces none that does not.
            """)

    @OptionGroup var options: HubOptions
    @Argument(help: "The folder of the files.") var folder: String
    @Option(help: "Of this tenant alone.") var tenant: String?
    @Flag(help: "Also where the log behind them is damaged; accept-log then takes it as it is.") var damagedLog = false

    func run() throws {
        try reporting {
            try TenantLogs.mustBeThere(folder)
            let logs = try TenantLogs(options, tenant)
            try logs.mustBeStopped()
            var hasFailed = false
            for tenant in logs.tenants {
                do {
                    try putBack(tenant, logs)
                } catch let error as ArchiveFault {
                    Output.note(Output.printable("\(tenant): \(error)"))
                    Output.note("\(tenant): nothing was put back")
                    hasFailed = true
                }
            }
            if hasFailed { throw ExitCode.badData }
        }
    }

    private func putBack(_ tenant: String, _ logs: TenantLogs) throws {
        let log = try logs.open(tenant)
        defer { log.close() }
        let end = try TenantLogs.start(of: log)
        guard end.sequence > 0 else { return Output.line("\(tenant): nothing is archived") }
        let found = try logs.segments(in: folder, of: log)
        let wire = try logs.wire(of: tenant, log)
        let archives = ArchiveChain(wire: wire)
        let segments = try archives.proved(found, from: .start(of: end.logID), to: end)
        if !damagedLog { try archives.goesOn(log, behind: end, knownMembers: logs.knownMembers) }
        var chain = LogChain(logID: end.logID)
        // The files are looked at once more while they are put back: somebody may have exchanged them since.
        try log.putBack(segments) { entry in
            chain.add(wire.admitted(entry))
            guard entry.sequence < end.sequence || chain.head == end.head else {
                throw ArchiveFault.otherLog(at: end.sequence)
            }
            return wire.kept(entry)
        }
        Output.line("\(tenant): entries 1 to \(end.sequence) are back")
    }
}
