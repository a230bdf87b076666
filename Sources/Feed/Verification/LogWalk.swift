public import ControlRoom
public import Store
public import Trust

/// A walk over a log from a known place: what is in it, whether it is what its hubs signed, and up to where they vouch for it.
public struct LogWalk: Sendable {
    /// What an audit counted and found; the log is sound where `findings` is empty.
    public struct Report: Equatable, Sendable {
        public var events = 0
        public var checkpoints = 0
        public var signatures = 0
        /// Entries that are no events. They have no effect, and the log is whole with them.
        public var junk = 0
        /// The first of them, at most 100, in words.
        public var junkNotes: [String] = []
        /// What is wrong, in words, in the order of the log.
        public var findings: [String] = []

        public init() {}
    }

    public private(set) var report = Report()
    private var verifier: LogVerifier
    private let logID: String
    private static let mostFindings = 100
    private static let mostNotes = 100

    public init(_ knownMembers: KnownMembers?, from cursor: Store.Cursor) {
        verifier = LogVerifier(knownMembers: knownMembers, from: cursor)
        logID = cursor.logID
    }

    /// As far as it has come.
    public var chain: LogChain { verifier.chain }

    /// The last place that a checkpoint names whose head fits, and that head.
    public var vouched: Store.Cursor? {
        verifier.vouched.map { Store.Cursor(logID: logID, sequence: $0.sequence, head: $0.head) }
    }

    /// Whether to go on: a log of which everything is wrong is not told to its end.
    public var isWorthwhile: Bool { report.findings.count < LogWalk.mostFindings }

    /// Takes the next event; nothing after one that does not follow.
    ///
    /// - Returns: whether it follows on what came before.
    public mutating func take(_ event: Event) -> Bool { take(read: LogVerifier.read(event)) }

    /// Takes the next place of the log, as `Wire.admitted` or `LogVerifier.read` makes it.
    ///
    /// - Returns: whether it follows on what came before.
    public mutating func take(read: AdmittedEvent) -> Bool {
        guard let taken = verifier.take(read: read) else {
            report.findings.append("event \(verifier.chain.sequence + 1) is missing")
            return false
        }
        if let junk = read.junk {
            report.junk += 1
            if report.junkNotes.count < LogWalk.mostNotes { report.junkNotes.append("\(junk)") }
            return true
        }
        let event = read.event
        report.events += 1
        if event.signature != nil { report.signatures += 1 }
        switch taken.finding {
        case nil: break
        // It is whole and genuine; that it has no effect is no damage.
        case .notAllowed(let actor, let sequence):
            let note = LogVerifier.Finding.notAllowed(actor: actor, sequence: sequence)
            if report.junkNotes.count < LogWalk.mostNotes { report.junkNotes.append("\(note)") }
        case let finding?: report.findings.append("\(finding)")
        }
        if event.type == .logCheckpointed { report.checkpoints += 1 }
        return true
    }

    /// Takes the next place, as a store has it.
    public mutating func take(_ place: Store.Place) -> Bool {
        switch place {
        case .event(let event): take(event)
        case .ghost(let sequence, let digest): take(digest: digest, sequence: sequence)
        case .junk(let junk): take(read: LogVerifier.read(junk))
        }
    }

    /// Takes a place where an event stands a second time.
    public mutating func take(digest: [UInt8], sequence: Int64) -> Bool {
        verifier.take(digest: digest, sequence: sequence)
    }
}
