public import ControlRoom
public import Store
public import Trust

/// A walk over a log from a known place: what is in it, whether it is what its hubs signed, and up to where they vouch for it.
public struct LogWalk: Sendable {
    public struct Report: Equatable, Sendable {
        public var events = 0
        public var checkpoints = 0
        public var signatures = 0
        public var findings: [String] = []

        public init() {}
    }

    public private(set) var report = Report()
    /// The last place that a checkpoint names whose head fits, and that head.
    public private(set) var vouched: Store.Cursor?
    private var verifier: LogVerifier
    private let logID: String
    private static let mostFindings = 100

    public init(_ directory: Directory?, from cursor: Store.Cursor) {
        verifier = LogVerifier(directory: directory, from: cursor)
        logID = cursor.logID
    }

    public var chain: LogChain { verifier.chain }

    /// Whether to go on: a log of which everything is wrong is not told to its end.
    public var isWorthwhile: Bool { report.findings.count < LogWalk.mostFindings }

    /// Takes the next event; nothing after one that does not follow.
    ///
    /// - Returns: whether it follows on what came before.
    public mutating func take(_ event: Event) -> Bool {
        guard let taken = verifier.take(event) else {
            report.findings.append("event \(verifier.chain.sequence + 1) is missing")
            return false
        }
        report.events += 1
        if event.signature != nil { report.signatures += 1 }
        if let finding = taken.finding { report.findings.append("\(finding)") }
        if case .logCheckpointed(let word) = taken.event.fact {
            report.checkpoints += 1
            if taken.finding == nil {
                vouched = Store.Cursor(logID: logID, sequence: word.sequence, head: word.head)
            }
        }
        return true
    }

    /// Takes a place where an event stands a second time.
    public mutating func take(digest: [UInt8], sequence: Int64) -> Bool {
        verifier.take(digest: digest, sequence: sequence)
    }
}
