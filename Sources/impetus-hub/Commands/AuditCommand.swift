import ArgumentParser
import ControlRoom
import Feed
import SQLiteLog
import Shell
import Store

struct AuditCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "audit",
        abstract: "Walk the logs: nothing is missing, altered or forged, and each checkpoint fits.",
        discussion: """
            What was archived is walked before the log, as one with it. Where a log ends before what this hub \
            has folded of it, or a store named with --seen has of it, its end was cut off, and that is said.
            """)

    @OptionGroup var options: HubOptions
    @Option(
        help: ArgumentHelp(
            "Where archived entries lie; without it, the folder archives in the hub's folder, if there is one.",
            valueName: "dir"))
    var archive: String?
    @Option(
        help: ArgumentHelp(
            "The store of a console of --tenant, which has seen the log; may be given again.", valueName: "file"))
    var seen: [String] = []
    @Option(help: "Of this tenant alone.") var tenant: String?

    func run() throws {
        try reporting {
            guard seen.isEmpty || tenant != nil else {
                throw Usage.wrong("--seen needs --tenant: a store is of one tenant")
            }
            for file in seen + (archive.map { [$0] } ?? []) { try TenantLogs.mustBeThere(file) }
            let logs = try TenantLogs(options, tenant)
            let folder = archive ?? logs.archives
            var isWhole = true
            for tenant in logs.tenants {
                let log = try logs.open(tenant)
                defer { log.close() }
                let start = try TenantLogs.start(of: log)
                let report = try audit(tenant, log, from: start, folder, logs)
                for note in report.junkNotes { Output.line("\(tenant): \(note)") }
                if report.junk > report.junkNotes.count {
                    Output.line("\(tenant): \(report.junk) entries have no effect; these are the first")
                }
                for finding in report.findings { Output.line(Output.printable("\(tenant): \(finding)")) }
                isWhole = isWhole && report.findings.isEmpty
                let state = report.findings.isEmpty ? "whole" : "NOT whole"
                let part =
                    folder == nil && start.sequence > 0 ? " behind entry \(start.sequence), which is archived" : ""
                Output.line(
                    "\(tenant): \(state)\(part); \(report.events) events, \(report.checkpoints) checkpoints, \(report.signatures) signatures"
                )
            }
            if !isWhole { throw ExitCode.badData }
        }
    }

    private func audit(
        _ tenant: String, _ log: SQLiteLog, from start: Store.Cursor, _ folder: String?, _ logs: TenantLogs
    ) throws -> LogWalk.Report {
        // Before the log is read: a hub that serves goes on.
        let witnesses = try logs.witnesses(of: tenant, log, stores: seen)
        let audit = LogAudit(
            knownMembers: logs.knownMembers, wire: try logs.wire(of: tenant, log), witnesses: witnesses)
        guard let folder else { return try audit.audit(log, from: start) }
        return try audit.audit(log, from: start, archive: try logs.segments(in: folder, of: log))
    }
}
