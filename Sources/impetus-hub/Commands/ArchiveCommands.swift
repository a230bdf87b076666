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
                    failure = Self.fileExitCode(for: error) ?? failure ?? .badData
                }
            }
            if let failure { throw failure }
        }
    }

    private func archive(_ tenant: String, _ logs: TenantLogs, before limit: Timestamp) throws {
        let log = try logs.open(tenant)
        defer { log.close() }
        let (start, wire) = (try logs.start(of: log), try logs.wire(of: tenant, log))
        var walk = LogWalk(logs.knownMembers, from: start)
        try logs.walk(&walk, over: log, wire, before: limit)
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
        try log.archive(upTo: end.sequence, before: start.head, after: end.head, into: file) { segment in
            try ArchiveChain(wire: wire).check(segment)
        }
        Output.line("\(tenant): entries \(start.sequence + 1) to \(end.sequence) are in \(file)")
    }
}

struct UnarchiveCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "unarchive", abstract: "Put what archive moved back into the logs.",
        discussion: """
            First the files are checked against each other and against the log: where one is missing or altered, nothing is put \
            back. Then all of a tenant's entries are put back at once or not at all; what was put back before is not put \
            back again. Posts wait meanwhile: stop the hub first.

            The files stay where they are. The log needs them no more, but a backup from before would: move them away, or remove \
            them once audit has found the log whole. Then archive can use the folder again; it replaces no file, and its first \
            one has the name of theirs.
            """)

    @OptionGroup var options: HubOptions
    @Argument(help: "The folder of the files.") var folder: String
    @Option(help: "Of this tenant alone.") var tenant: String?

    func run() throws {
        try reporting {
            try TenantLogs.mustBeThere(folder)
            let logs = try TenantLogs(options, tenant)
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
        let end = try logs.start(of: log)
        guard end.sequence > 0 else { return Output.line("\(tenant): nothing is archived") }
        let found = try logs.segments(in: folder, of: log)
        let wire = try logs.wire(of: tenant, log)
        let archives = ArchiveChain(wire: wire)
        let segments = try archives.proved(found, from: .start(of: end.logID), to: end)
        try archives.goesOn(log, behind: end, knownMembers: logs.knownMembers)
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
