public import ControlRoom
import Feed
import Standards
public import Store
public import Trust

extension LogBundle {
    public struct Imported: Equatable, Sendable {
        public var by = ""
        public var events = 0
        /// Events behind the last checkpoint that fits: no hub has vouched for their order yet.
        public var leftOut = 0
        public var acts = 0
        public var refusals = 0
        /// What was wrong in it, in words.
        public var findings: [String] = []
        /// Up to where the store has come.
        public var last: Int64 = 0
    }

    /// Takes a bundle into a store: events as far as a hub's signed checkpoints vouch for them, acts into the outbox, and
    /// what the hub refused. What is known already is passed over.
    ///
    /// - Throws: `BundleFailure` where nothing can be taken; what was taken before a fault stays.
    public static func take(
        _ path: String, into store: Store, authority: AuthorityCertificate, now: Timestamp
    ) throws -> Imported {
        let file = try BundleFile.Reader(path)
        let seal = try file.check(authority)
        let known = try store.identities()
        guard !known.contains(where: { $0.keyID == seal.keyID && $0.revoked != nil }) else {
            throw BundleFailure("it was made by \(seal.identity.actor), whose certificate was revoked")
        }
        var taking = try Taking(store, authority: authority, seal: seal, known: known, now: now)
        var isFirst = true
        try file.each { record, isLast in
            if isLast { return }
            if isFirst {
                isFirst = false
                return try taking.begin(BundleHead(record))
            }
            try taking.take(BundleRecord(record))
        }
        return try taking.finish()
    }

    /// How far a bundle's maker has come: an answer to him begins there.
    public static func head(of path: String, authority: AuthorityCertificate) throws -> BundleHead {
        let file = try BundleFile.Reader(path)
        _ = try file.check(authority)
        var head: BundleHead?
        try file.each { record, _ in if head == nil { head = try BundleHead(record) } }
        guard let head else { throw BundleFailure("it is no bundle") }
        return head
    }
}

/// The state of an import.
private struct Taking {
    private let store: Store
    private let directory: Directory
    private let seal: BundleSeal
    private let now: Timestamp
    private var verifier: LogVerifier?
    private var logID = ""
    /// What follows on the store and no checkpoint has vouched for yet.
    private var pending: [(event: AdmittedEvent?, ghost: (sequence: Int64, digest: [UInt8])?, chain: LogChain)] = []
    private var acts: [Event] = []
    private var report = LogBundle.Imported()

    /// A hub signs every two seconds: whoever wrote so many without one is no hub's copy.
    private static let mostPending = 400_000
    private static let mostActs = 100_000
    private static let mostAtOnce = 5_000
    private static let mostFindings = 100

    init(
        _ store: Store, authority: AuthorityCertificate, seal: BundleSeal, known: [Store.KnownIdentity], now: Timestamp
    ) throws {
        self.store = store
        self.seal = seal
        self.now = now
        directory = Directory(authority: authority)
        for identity in known {
            directory.learn(pem: identity.certificate)
            if identity.revoked != nil { directory.revoke(keyID: identity.keyID) }
        }
        report.by = seal.identity.actor
    }

    mutating func begin(_ head: BundleHead) throws {
        guard head.tenant == seal.identity.tenant else { throw BundleFailure("it is not of its maker's tenant") }
        let cursor =
            try store.cursor()
            ?? Store.Cursor(logID: head.logID, sequence: 0, head: LogChain(logID: head.logID).head)
        guard cursor.logID == head.logID else {
            throw BundleFailure(
                "it is of another log (\(head.logID)) than the one that is followed here (\(cursor.logID))")
        }
        // One that brings acts alone need not reach back so far.
        guard head.after <= cursor.sequence || head.after >= head.last else {
            throw BundleFailure(
                "it begins behind event \(head.after), and this store ends at \(cursor.sequence): ask for one made with --after \(cursor.sequence)"
            )
        }
        logID = head.logID
        verifier = LogVerifier(directory: directory, from: cursor)
        report.last = cursor.sequence
    }

    mutating func take(_ record: BundleRecord) throws {
        switch record {
        case .event(let event): try take(event)
        case .ghost(let sequence, let digest): try take(ghost: digest, at: sequence)
        case .act(let bytes):
            if acts.count < Taking.mostActs { acts.append(try CloudEventReader.kept(bytes)) }
        case .refusal(let refusal): try take(refusal)
        case .other: break
        }
    }

    // MARK: - The log

    private mutating func take(_ event: Event) throws {
        guard let sequence = event.sequence, sequence > verifier?.chain.sequence ?? 0 else { return }
        guard let taken = verifier?.take(event), let chain = verifier?.chain else { throw gap(before: sequence) }
        try hold((taken.event, nil, chain))
        if let finding = taken.finding {
            // What stands before a checkpoint that does not fit is not this log.
            if case .altered = finding { throw BundleFailure("\(finding); events up to \(report.last) were kept") }
            note("\(finding)")
        } else if case .logCheckpointed(let word) = taken.event.fact {
            try keep(upTo: word.sequence)
        }
    }

    private mutating func take(ghost digest: [UInt8], at sequence: Int64) throws {
        guard sequence > verifier?.chain.sequence ?? 0 else { return }
        guard verifier?.take(digest: digest, sequence: sequence) == true, let chain = verifier?.chain else {
            throw gap(before: sequence)
        }
        try hold((nil, (sequence, digest), chain))
    }

    private func gap(before sequence: Int64) -> BundleFailure {
        BundleFailure("events before \(sequence) are missing in it; events up to \(report.last) were kept")
    }

    private mutating func hold(
        _ one: (event: AdmittedEvent?, ghost: (sequence: Int64, digest: [UInt8])?, chain: LogChain)
    ) throws {
        guard pending.count < Taking.mostPending else {
            throw BundleFailure("no hub has signed what is in it; events up to \(report.last) were kept")
        }
        pending.append(one)
    }

    private mutating func keep(upTo sequence: Int64) throws {
        let count = pending.prefix { $0.chain.sequence <= sequence }.count
        var rest = pending.prefix(count)
        while let last = rest.prefix(Taking.mostAtOnce).last {
            let part = rest.prefix(Taking.mostAtOnce)
            _ = try store.ingest(
                mirrored: part.compactMap(\.event), ghosts: part.compactMap(\.ghost),
                to: Store.Cursor(logID: logID, sequence: last.chain.sequence, head: last.chain.head))
            report.events += part.count
            report.last = last.chain.sequence
            rest = rest.dropFirst(part.count)
        }
        pending.removeFirst(count)
    }

    // MARK: - Acts

    /// A hub's word comes by way of whoever made the bundle, who is named.
    private mutating func take(_ refusal: BundleRefusal) throws {
        guard let position = try store.waitingPosition(of: refusal.id) else { return }
        let reason = refusal.reason + " (brought by \(seal.identity.actor))"
        try store.reject(position, reason: reason, isDenied: refusal.isDenied)
        report.refusals += 1
    }

    mutating func finish() throws -> LogBundle.Imported {
        report.leftOut = pending.count
        var good: [Event] = []
        for act in acts {
            let what = "\(act.type.rawValue) of \(act.actor ?? act.source)"
            if act.tenant != seal.identity.tenant {
                note("\(what) is of another tenant and was left out")
            } else if !isVouchedFor(act) {
                note("\(what) was not signed by its author, or this store does not know him yet: left out")
            } else if try store.place(source: act.source, id: act.id) == nil {
                good.append(act)
            }
        }
        try store.enqueue(
            good.map { act in
                let id = act.isPersons ? act.id : Store.outboxName(of: act)
                return (id: id, subject: act.subject, event: CloudEventWriter.json(act))
            }, now: now)
        report.acts = good.count
        return report
    }

    /// A person's act by his signature; what he imported by the seal, if he may import.
    private func isVouchedFor(_ act: Event) -> Bool {
        if act.isPersons { return directory.verdict(on: act) == .valid }
        return !act.type.postingRights.isEmpty && seal.identity.role.may(.importData)
    }

    private mutating func note(_ words: String) {
        if report.findings.count < Taking.mostFindings { report.findings.append(words) }
    }
}

extension Event {
    /// Whether it is what somebody did, rather than what a tool or a file reported.
    fileprivate var isPersons: Bool { type.neededRight != nil || type == .actUndone }
}
