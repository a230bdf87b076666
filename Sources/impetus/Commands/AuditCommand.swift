import ArgumentParser
import ControlRoom
import Feed
import Shell
import Store
import Trust

struct AuditCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "audit", abstract: "Check that the log is what was written.", subcommands: [Verify.self],
        defaultSubcommand: Verify.self)

    struct Verify: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Walk the whole log: no event is missing, altered or forged, and each checkpoint fits.")
        @Flag(help: "The result as one JSON object.") var json = false
        @OptionGroup var options: NamedStoreOptions

        func run() throws {
            let opened = try options.open(tellsAge: false)
            guard opened.store.mirror != nil else {
                throw Usage.wrong("this store follows no hub: its log has no chain")
            }
            let path = opened.store.path
            let membership = try Membership.chosen(
                hub: nil, identity: options.identity, store: path, city: nil)
            let report = try Audit(opened.store, authority: membership?.authority).run()
            json ? Output.json(report.json) : Output.line(report.text)
            if !report.walked.findings.isEmpty { throw ExitCode.badData }
        }
    }
}

/// A walk over the log of a store.
struct Audit {
    struct Report {
        var walked = LogWalk.Report()
        var head = ""
        /// What was trimmed, and is not looked at: the events up to here.
        var base: Int64 = 0
        /// What has not come yet behind it, or never will.
        var behind: Int64 = 0

        var text: String {
            let counts =
                "\(walked.events) events, \(walked.checkpoints) checkpoints, \(walked.signatures) signatures"
            var start = base == 0 ? "" : " from event \(base + 1) on, those before it were trimmed"
            if behind > 0 { start = " from event \(behind + 1) on, those before it are not here (yet)" }
            guard !walked.findings.isEmpty else {
                return (walked.junkNotes + ["the log is whole\(start): \(counts), head \(head)"]).joined(
                    separator: "\n")
            }
            return (walked.junkNotes + walked.findings + ["\(walked.findings.count) findings in \(counts)"]).map(
                Output.printable
            ).joined(
                separator: "\n")
        }

        var json: String {
            var writer = JSONWriter()
            writer.object { writer in
                writer.member("events", walked.events)
                writer.member("checkpoints", walked.checkpoints)
                writer.member("signatures", walked.signatures)
                writer.member("no_events", walked.junk)
                writer.member("head", head)
                writer.member("trimmed", Int(base))
                writer.member("not_here_up_to", behind > 0 ? Int(behind) : nil)
                writer.member("findings", walked.findings)
            }
            return writer.text
        }
    }

    private let store: Store
    private let knownMembers: KnownMembers?
    /// Where the walk begins.
    private let start: LogBase
    private static let page = 2_000

    init(_ store: Store, authority: AuthorityCertificate?) throws {
        self.store = store
        let start = try store.whole()
        self.start = start
        let known = try store.identities()
        knownMembers = authority.map { KnownMembers(authority: $0, known: known, at: start.recorded) }
    }

    func run() throws -> Report {
        guard let cursor = try store.cursor() else { return Report() }
        var walk = LogWalk(knownMembers, from: .base(start, of: cursor.logID))
        while walk.chain.sequence < cursor.sequence {
            let places = try store.places(after: walk.chain.sequence, limit: Audit.page)
            guard !places.isEmpty, places.allSatisfy({ walk.take($0) }) else { break }
        }
        let base = try store.base().sequence
        var report = Report(walked: walk.report, head: walk.chain.head, base: base)
        if start.sequence > base { report.behind = start.sequence }
        if report.walked.findings.isEmpty, walk.chain.sequence < cursor.sequence {
            report.walked.findings.append("event \(walk.chain.sequence + 1) is missing")
        }
        if report.walked.findings.isEmpty, report.head != cursor.head {
            report.walked.findings.append("the chain ends otherwise than when its events came: the store was altered")
        }
        return report
    }
}
