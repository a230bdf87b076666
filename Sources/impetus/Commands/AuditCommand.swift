import ArgumentParser
import ControlRoom
import Shell
import Store
import Sync
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
            if !report.findings.isEmpty { throw ExitCode.badData }
        }
    }
}

/// A walk over the log of a store.
struct Audit {
    struct Report {
        var events = 0
        var checkpoints = 0
        var signatures = 0
        var head = ""
        var findings: [String] = []

        var text: String {
            let counts = "\(events) events, \(checkpoints) checkpoints, \(signatures) signatures"
            guard !findings.isEmpty else { return "the log is whole: \(counts), head \(head)" }
            return (findings + ["\(findings.count) findings in \(counts)"]).map(Output.printable).joined(
                separator: "\n")
        }

        var json: String {
            var writer = JSONWriter()
            writer.object { writer in
                writer.member("events", events)
                writer.member("checkpoints", checkpoints)
                writer.member("signatures", signatures)
                writer.member("head", head)
                writer.member("findings", findings)
            }
            return writer.text
        }
    }

    private let store: Store
    private let directory: Directory?
    private static let page = 2_000
    private static let mostFindings = 100

    init(_ store: Store, authority: AuthorityCertificate?) {
        self.store = store
        directory = authority.map { Directory(authority: $0) }
        // A hub signs before its own certificate stands in the log.
        for known in (try? store.identities()) ?? [] where known.role == Role.hub.rawValue {
            directory?.learn(pem: known.certificate)
        }
    }

    func run() throws -> Report {
        var report = Report()
        guard let cursor = try store.cursor() else { return report }
        var verifier = LogVerifier(
            directory: directory,
            from: Store.Cursor(logID: cursor.logID, sequence: 0, head: LogChain(logID: cursor.logID).head))
        while verifier.chain.sequence < cursor.sequence, report.findings.count < Audit.mostFindings {
            let after = verifier.chain.sequence
            try walk(&verifier, &report)
            guard verifier.chain.sequence > after else {
                report.findings.append("event \(after + 1) is missing in the store")
                break
            }
        }
        report.head = verifier.chain.head
        if report.findings.isEmpty, report.head != cursor.head {
            report.findings.append("the chain ends otherwise than when its events came: the store was altered")
        }
        return report
    }

    /// One page of events, with the places between them where an event stands a second time.
    private func walk(_ verifier: inout LogVerifier, _ report: inout Report) throws {
        let events = try store.read(after: verifier.chain.sequence, limit: Audit.page)
        let last = events.count < Audit.page ? Int64.max : events.last?.sequence ?? 0
        var ghosts = try store.ghosts(after: verifier.chain.sequence, limit: Audit.page)[...]
        for event in events {
            while let ghost = ghosts.first, ghost.sequence < event.sequence ?? 0 {
                guard verifier.take(digest: ghost.digest, sequence: ghost.sequence) else { return }
                ghosts.removeFirst()
            }
            guard let taken = verifier.take(event) else { return }
            report.events += 1
            if event.type == .logCheckpointed { report.checkpoints += 1 }
            if event.signature != nil { report.signatures += 1 }
            if let finding = taken.finding { report.findings.append("\(finding)") }
        }
        while let ghost = ghosts.first, ghost.sequence <= last {
            guard verifier.take(digest: ghost.digest, sequence: ghost.sequence) else { return }
            ghosts.removeFirst()
        }
    }
}
