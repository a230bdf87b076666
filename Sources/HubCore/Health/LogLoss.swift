public import ControlRoom
public import Feed
public import Store
public import Trust

/// What a hub has seen of a log and the log does not hold any more: what is lost where the log is taken as it is.
public struct LogLoss: Sendable {
    /// Where the log ends, and the head of its chain there: the same on each hub that finds the same log.
    public private(set) var end: Int64 = 0
    public private(set) var head = ""
    /// The first entry from which on it can be folded: behind what was archived, or where the log has holes that stay, behind the last.
    public private(set) var first: Int64 = 1
    /// The head of the chain before it.
    public private(set) var headBefore = ""
    /// Up to where this hub has seen it.
    public private(set) var seen: Int64 = 0
    /// The first place that was seen and holds something else now, or nothing.
    public private(set) var firstDifference: Int64?
    /// Events that the view still keeps, and whose name stands nowhere in the log from the first difference on.
    public private(set) var count = 0
    /// The first of them.
    public private(set) var examples: [Event] = []
    /// Events that the view keeps of before `first`.
    public private(set) var before = 0
    /// Events of the log that have no effect where it is folded anew: who signed them is not known there, or they are forged.
    public private(set) var unbelieved = 0
    /// Events of the log that would count where it is folded anew, and for which no hub vouches: they are taken without effect,
    /// as no events, or, where the log cannot be mended, it is folded from behind the last of them.
    public private(set) var putIn = 0
    /// The first of them.
    public private(set) var putInExamples: [Event] = []
    /// The first entry behind more missing ones than are filled in: from it on the log is cut off; nil where it is not.
    public private(set) var cutOff: Int64?

    private var verifier: LogVerifier
    private var members: KnownMembers?
    private let judge: PutIn
    private var disowned: Set<Int64> = []
    private var missing: Int64 = 0
    private let lineage: LogChain
    /// Behind the first difference an event may stand at another place than it was seen at.
    private var others: Set<String> = []

    /// What a log is, and how it is read.
    public struct Ground {
        let log: any EventLog
        let wire: Wire
        let authority: AuthorityCertificate?
        /// Where the log begins, behind what was archived.
        let start: Store.Cursor
        /// Whether an empty entry takes the place of one that is missing; else what stands before that cannot be folded.
        let isMended: Bool
        /// Whose signatures count where the log does not begin with its first entry.
        let known: [IdentityEnrolled]
        /// Keys that count for nothing any more.
        let revoked: Set<String>
        /// Up to where entries count without a hub's word, in a log from before they bore one.
        let trusted: LogTrusted?

        public init(
            _ log: any EventLog, _ wire: Wire, authority: AuthorityCertificate?, start: Store.Cursor, isMended: Bool,
            knowing known: [IdentityEnrolled] = [], revoked: Set<String> = [], trusted: LogTrusted? = nil
        ) {
            self.log = log
            self.wire = wire
            self.authority = authority
            self.start = start
            self.isMended = isMended
            self.known = known
            self.revoked = revoked
            self.trusted = trusted
        }
    }

    static let page: Int64 = 1_000
    public static let mostExamples = 20
    /// Entries that are missing in all of the log, and whose places are filled.
    public static let mostMissing: Int64 = 1_000_000

    /// Walks the log and the view beside each other. Takes as long as it takes to read both.
    ///
    /// - Parameter view: nil where nothing was seen of it, or what was cannot be read.
    /// - Throws: what the log or the view says.
    public init(of ground: Ground, seenBy view: Store?) throws {
        judge = try PutIn(ground, seenBy: view)
        seen = try view?.cursor()?.sequence ?? 0
        lineage = LogChain(logID: ground.start.logID)
        verifier = LogVerifier(knownMembers: nil, from: ground.start)
        begin(LogChain(sequence: ground.start.sequence, head: ground.start.head) ?? lineage, ground)
        while cutOff == nil {
            let entries = reached(try ground.log.read(after: verifier.chain.sequence, limit: Int(LogLoss.page)), ground)
            guard let last = entries.last?.sequence else { break }
            let known = try view.map { try LogLoss.digests(in: $0, from: verifier.chain.sequence + 1, to: last) } ?? [:]
            for entry in entries {
                pass(to: entry.sequence - 1, known, ground)
                take(entry, known, ground)
            }
        }
        (end, head) = (verifier.chain.sequence, verifier.chain.head)
        if firstDifference == nil, seen > end { firstDifference = end + 1 }
        if let view { try lookForLost(in: view) }
    }

    /// It is folded from behind a place.
    private mutating func begin(_ chain: LogChain, _ ground: Ground) {
        (first, headBefore, unbelieved) = (chain.sequence + 1, chain.head, 0)
        members = ground.authority.map { KnownMembers(authority: $0) }
        if chain.sequence > 0 {
            for fact in ground.known { members?.learn(pem: fact.certificate) }
            for keyID in ground.revoked { members?.revoke(keyID: keyID) }
        }
        let cursor = Store.Cursor(logID: ground.start.logID, sequence: chain.sequence, head: chain.head)
        verifier = LogVerifier(knownMembers: members, from: cursor)
    }

    /// Those before which not more are missing than are filled in.
    private mutating func reached(_ entries: [LogEntry], _ ground: Ground) -> [LogEntry] {
        guard ground.isMended else { return entries }
        var place = verifier.chain.sequence
        for (index, entry) in entries.enumerated() {
            let missingHere = entry.sequence - place - 1
            guard missingHere <= LogLoss.mostMissing - missing else {
                cutOff = entry.sequence
                return Array(entries[..<index])
            }
            missing += missingHere
            place = entry.sequence
        }
        return entries
    }

    /// Entries up to a place are missing.
    private mutating func pass(to place: Int64, _ known: [Int64: [UInt8]], _ ground: Ground) {
        guard verifier.chain.sequence < place else { return }
        guard ground.isMended else {
            differ(at: verifier.chain.sequence + 1)
            return begin(LogChain(sequence: place, head: lineage.head) ?? lineage, ground)
        }
        while verifier.chain.sequence < place {
            let missing = LogEntry(
                sequence: verifier.chain.sequence + 1, recorded: Timestamp(milliseconds: 0), body: [])
            take(LogVerifier.read(JunkEntry(missing)), known)
        }
    }

    /// As it stands in the log where that is taken: an event that was put in is none there any more, and is kept behind a byte.
    public func taken(_ entry: LogEntry) -> LogEntry {
        guard disowned.contains(entry.sequence) else { return entry }
        return LogEntry(sequence: entry.sequence, recorded: entry.recorded, body: [0] + entry.body)
    }

    private mutating func take(_ entry: LogEntry, _ known: [Int64: [UInt8]], _ ground: Ground) {
        let read = ground.wire.admitted(entry)
        guard judge.holds(read, entry, seen: known[entry.sequence], members) else { return take(read, known) }
        putIn += 1
        if putInExamples.count < LogLoss.mostExamples { putInExamples.append(read.event) }
        differ(at: entry.sequence)
        guard ground.isMended else {
            return begin(LogChain(sequence: entry.sequence, head: lineage.head) ?? lineage, ground)
        }
        disowned.insert(entry.sequence)
        take(ground.wire.admitted(taken(entry)), known)
    }

    private mutating func take(_ read: AdmittedEvent, _ known: [Int64: [UInt8]]) {
        guard let sequence = read.event.sequence, let taken = verifier.take(read: read) else { return }
        switch taken.finding {
        case .forged, .notTheHubs: unbelieved += 1
        default: break
        }
        if let digest = known[sequence], digest != read.digest { differ(at: sequence) }
        if firstDifference != nil, read.junk == nil { others.insert(LogLoss.name(of: read.event)) }
    }

    private mutating func differ(at place: Int64) {
        if firstDifference == nil, place <= seen { firstDifference = place }
    }

    private mutating func lookForLost(in view: Store) throws {
        if first > 1 {
            try LogLoss.walk(view, after: 0) { event in
                guard event.sequence ?? 0 < first else { return false }
                before += 1
                return true
            }
        }
        guard let place = firstDifference else { return }
        try LogLoss.walk(view, after: place - 1) { event in
            guard !others.contains(LogLoss.name(of: event)) else { return true }
            count += 1
            if examples.count < LogLoss.mostExamples { examples.append(event) }
            return true
        }
    }

    private static func walk(_ view: Store, after start: Int64, _ body: (Event) -> Bool) throws {
        var place = start
        while case let events = try view.read(after: place, limit: Int(page)), let last = events.last?.sequence {
            for event in events where !body(event) { return }
            place = last
        }
    }

    private static func name(of event: Event) -> String { event.source + "\u{1F}" + event.id }

    /// What the view says of places; of those whose events it has forgotten it says nothing.
    private static func digests(in view: Store, from first: Int64, to last: Int64) throws -> [Int64: [UInt8]] {
        let limit = Int(last - first) + 1
        var digests: [Int64: [UInt8]] = [:]
        for event in try view.read(after: first - 1, limit: limit) {
            guard let sequence = event.sequence, sequence <= last else { break }
            digests[sequence] = LogChain.digest(of: event)
        }
        for ghost in try view.ghosts(after: first - 1, limit: limit) where ghost.sequence <= last {
            digests[ghost.sequence] = ghost.digest
        }
        return digests
    }
}
