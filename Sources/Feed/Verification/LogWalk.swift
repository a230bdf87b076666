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

    /// What was counted and found up to here.
    public var report: Report {
        var report = known
        if further.count > 0 { report.findings.append("and \(further.count) more") }
        return report
    }

    private var known = Report()
    /// Where each of `known.findings` was made.
    private var places: [Int64] = []
    /// Findings beyond the first hundred, and where the last of them was made.
    private var further: (count: Int, last: Int64) = (0, 0)
    private var accepted: Int64 = 0
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

    /// Takes the next event; nothing after one that does not follow.
    ///
    /// - Returns: whether it follows on what came before.
    public mutating func take(_ event: Event) -> Bool { take(read: LogVerifier.read(event)) }

    /// Takes the next place of the log, as `Wire.admitted` or `LogVerifier.read` makes it.
    ///
    /// - Returns: whether it follows on what came before.
    public mutating func take(read: AdmittedEvent) -> Bool {
        guard let taken = verifier.take(read: read) else {
            find("event \(verifier.chain.sequence + 1) is missing", at: verifier.chain.sequence + 1)
            return false
        }
        if let junk = read.junk {
            known.junk += 1
            if known.junkNotes.count < LogWalk.mostNotes { known.junkNotes.append("\(junk)") }
            return true
        }
        let event = read.event
        known.events += 1
        if event.signature != nil { known.signatures += 1 }
        switch taken.finding {
        case nil: break
        // It is whole and genuine; that it has no effect is no damage.
        case .notAllowed(let actor, let sequence):
            let note = LogVerifier.Finding.notAllowed(actor: actor, sequence: sequence)
            if known.junkNotes.count < LogWalk.mostNotes { known.junkNotes.append("\(note)") }
        case let finding?: find("\(finding)", at: verifier.chain.sequence)
        }
        accept()
        if event.type == .logCheckpointed { known.checkpoints += 1 }
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

    private mutating func find(_ words: String, at place: Int64) {
        guard known.findings.count < LogWalk.mostFindings else {
            further = (further.count + 1, place)
            return
        }
        known.findings.append(words)
        places.append(place)
    }

    /// What was found up to a place that an administrator has accepted is no finding: that it was accepted is told.
    private mutating func accept() {
        guard verifier.accepted > accepted else { return }
        accepted = verifier.accepted
        let left = zip(places, known.findings).filter { $0.0 > accepted }
        var count = known.findings.count - left.count
        (places, known.findings) = (left.map(\.0), left.map(\.1))
        if further.last <= accepted {
            count += further.count
            further = (0, 0)
        }
        let what = count == 0 ? "" : "; \(count) things that do not fit before it are not counted"
        known.junkNotes.append("up to entry \(accepted) an administrator has taken the log as it is" + what)
    }
}
