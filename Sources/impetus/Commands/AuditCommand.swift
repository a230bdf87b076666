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
        @OptionGroup var options: StoreOptions

        func run() throws {
            let opened = try options.open()
            guard opened.store.mirror != nil else {
                throw Usage.wrong("this store follows no hub: its log has no chain")
            }
            let path = opened.store.path
            let membership = try Membership.chosen(hub: nil, identity: nil, store: path, city: nil)
            let report = try Audit(opened.store, authority: membership?.authority).run()
            Output.line(json ? report.json : report.text)
            if !report.walked.findings.isEmpty { throw ExitCode.badData }
        }
    }
}

/// A walk over the log of a store.
struct Audit {
    struct Report {
        var walked = LogWalk.Report()
        var head = ""

        var text: String {
            let counts =
                "\(walked.events) events, \(walked.checkpoints) checkpoints, \(walked.signatures) signatures"
            guard !walked.findings.isEmpty else { return "the log is whole: \(counts), head \(head)" }
            return (walked.findings + ["\(walked.findings.count) findings in \(counts)"]).map(Output.printable).joined(
                separator: "\n")
        }

        var json: String {
            var writer = JSONWriter()
            writer.object { writer in
                writer.member("events", walked.events)
                writer.member("checkpoints", walked.checkpoints)
                writer.member("signatures", walked.signatures)
                writer.member("head", head)
                writer.member("findings", walked.findings)
            }
            return writer.text
        }
    }

    private let store: Store
    private let directory: Directory?
    private static let page = 2_000

    init(_ store: Store, authority: AuthorityCertificate?) {
        self.store = store
        directory = authority.map { Directory(authority: $0) }
        // A hub signs before its own certificate stands in the log.
        for known in (try? store.identities()) ?? [] where known.role == Role.hub.rawValue {
            directory?.learn(pem: known.certificate)
        }
    }

    func run() throws -> Report {
        guard let cursor = try store.cursor() else { return Report() }
        var walk = LogWalk(directory, from: .start(of: cursor.logID))
        while walk.chain.sequence < cursor.sequence, walk.isWorthwhile {
            let after = walk.chain.sequence
            try self.walk(&walk)
            guard walk.chain.sequence > after else { break }
        }
        var report = Report(walked: walk.report, head: walk.chain.head)
        if report.walked.findings.isEmpty, walk.chain.sequence < cursor.sequence {
            report.walked.findings.append("event \(walk.chain.sequence + 1) is missing")
        }
        if report.walked.findings.isEmpty, report.head != cursor.head {
            report.walked.findings.append("the chain ends otherwise than when its events came: the store was altered")
        }
        return report
    }

    /// One page of events, with the places between them where an event stands a second time.
    private func walk(_ walk: inout LogWalk) throws {
        let events = try store.read(after: walk.chain.sequence, limit: Audit.page)
        let last = events.count < Audit.page ? Int64.max : events.last?.sequence ?? 0
        var ghosts = try store.ghosts(after: walk.chain.sequence, limit: Audit.page)[...]
        for event in events {
            while let ghost = ghosts.first, ghost.sequence < event.sequence ?? 0 {
                guard walk.take(digest: ghost.digest, sequence: ghost.sequence) else { return }
                ghosts.removeFirst()
            }
            guard walk.take(event) else { return }
        }
        while let ghost = ghosts.first, ghost.sequence <= last {
            guard walk.take(digest: ghost.digest, sequence: ghost.sequence) else { return }
            ghosts.removeFirst()
        }
    }
}
