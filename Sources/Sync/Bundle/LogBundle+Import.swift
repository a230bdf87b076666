public import ControlRoom
import Feed
import Standards
public import Store
public import Trust

extension LogBundle {
    /// What was taken out of a bundle, for who imports it.
    public struct Imported: Equatable, Sendable {
        public var by = ""
        public var events = 0
        /// Events behind the last checkpoint that fits: no hub has vouched for their order yet.
        public var leftOut = 0
        public var acts = 0
        /// What the hub is said to have refused of what waits here.
        public var refusals: [String] = []
        /// What was wrong in it, in words.
        public var findings: [String] = []
        /// Up to where the store has come.
        public var last: Int64 = 0
    }

    /// A bundle that is whole and for who opens it, before anything is made of it.
    public struct Opened {
        public let head: BundleHead
        fileprivate let file: BundleFile.Reader
        fileprivate let seal: BundleSeal
        fileprivate let hash: String
        fileprivate let authority: AuthorityCertificate

        /// - Parameter tenant: of whoever will take it.
        /// - Throws: `BundleFailure` where it is not whole, or not for them.
        public init(_ path: String, tenant: String, authority: AuthorityCertificate, now: Timestamp) throws {
            self.authority = authority
            file = try BundleFile.Reader(path)
            (head, seal, hash) = try file.check(authority, now: now)
            guard seal.identity.tenant == tenant, head.tenant == tenant else {
                throw BundleFailure("it is of \(seal.identity.tenant), and this store of \(tenant)")
            }
        }
    }

    /// Takes a bundle into a store: events as far as a hub's signed checkpoints vouch for them, and acts into the outbox. What
    /// is known already is passed over.
    ///
    /// - Throws: `BundleFailure` where nothing can be taken; what was taken before a fault stays.
    public static func take(_ opened: Opened, into store: Store, now: Timestamp) throws -> Imported {
        let known = try store.identities()
        guard !known.contains(where: { $0.keyID == opened.seal.keyID && $0.revoked != nil }) else {
            throw BundleFailure("it was made by \(opened.seal.identity.actor), whose certificate was revoked")
        }
        let knownMembers = KnownMembers(authority: opened.authority, known: known)
        var taking = Taking(store, knownMembers: knownMembers, seal: opened.seal, now: now)
        try taking.begin(opened.head)
        let hash = try opened.file.each { record, place in
            if place == .within { try taking.take(BundleRecord(record), bytes: record.count) }
        }
        // The events speak for themselves; for the rest the seal does, and the file may have been changed since.
        guard hash == opened.hash else { throw BundleFailure("it changed while it was read; no act was taken") }
        return try taking.finish()
    }
}

/// The state of an import.
private struct Taking {
    private let store: Store
    private let knownMembers: KnownMembers
    private let seal: BundleSeal
    private let now: Timestamp
    private var verifier: LogVerifier?
    private var logID = ""
    /// What follows on the store and no checkpoint has vouched for yet.
    private var pending: [(event: AdmittedEvent, chain: LogChain, bytes: Int)] = []
    private var pendingBytes = 0
    private var acts: [Event] = []
    private var actBytes = 0
    private var refusals: [BundleRefusal] = []
    private var report = LogBundle.Imported()

    /// While something comes, a hub signs again and again: who wrote so much without a word of one has no copy of its log.
    private static let mostPendingBytes = 256 << 20
    private static let mostActBytes = 64 << 20
    private static let mostRefusals = 2_000
    private static let mostAtOnce = 5_000
    private static let mostFindings = 100

    init(_ store: Store, knownMembers: KnownMembers, seal: BundleSeal, now: Timestamp) {
        self.store = store
        self.knownMembers = knownMembers
        self.seal = seal
        self.now = now
        report.by = seal.identity.actor
    }

    mutating func begin(_ head: BundleHead) throws {
        let cursor = try store.cursor() ?? .start(of: head.logID)
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
        verifier = LogVerifier(knownMembers: knownMembers, from: cursor)
        report.last = cursor.sequence
    }

    mutating func take(_ record: BundleRecord, bytes: Int) throws {
        switch record {
        case .event(let event): try take(LogVerifier.read(event), bytes: bytes)
        case .junk(let junk): try take(LogVerifier.read(junk), bytes: bytes)
        case .act(let act):
            actBytes += bytes
            guard actBytes <= Taking.mostActBytes else {
                return note("more than \(Taking.mostActBytes >> 20) MiB of acts: those behind were left out")
            }
            acts.append(try CloudEventReader.kept(act))
        case .refusal(let refusal): if refusals.count < Taking.mostRefusals { refusals.append(refusal) }
        case .other: break
        }
    }

    // MARK: - The log

    private mutating func take(_ read: AdmittedEvent, bytes: Int) throws {
        guard let sequence = read.event.sequence, sequence > verifier?.chain.sequence ?? 0 else { return }
        guard let taken = verifier?.take(read: read), let chain = verifier?.chain else {
            throw BundleFailure("events before \(sequence) are missing in it; events up to \(report.last) were kept")
        }
        pendingBytes += bytes
        guard pendingBytes <= Taking.mostPendingBytes else {
            throw BundleFailure("no hub has signed what is in it; events up to \(report.last) were kept")
        }
        pending.append((taken.event, chain, bytes))
        if let finding = taken.finding {
            // What stands before a checkpoint that does not fit is not this log.
            if case .altered = finding { throw BundleFailure("\(finding); events up to \(report.last) were kept") }
            note("\(finding)")
        }
        if let vouched = verifier?.vouched, vouched.sequence > report.last { try keep(upTo: vouched.sequence) }
    }

    private mutating func keep(upTo sequence: Int64) throws {
        let count = pending.prefix { $0.chain.sequence <= sequence }.count
        var rest = pending.prefix(count)
        while let last = rest.prefix(Taking.mostAtOnce).last {
            let part = rest.prefix(Taking.mostAtOnce)
            _ = try store.ingest(
                mirrored: part.map(\.event),
                to: Store.Cursor(logID: logID, sequence: last.chain.sequence, head: last.chain.head))
            report.events += part.count { $0.event.junk == nil }
            report.last = last.chain.sequence
            rest = rest.dropFirst(part.count)
        }
        pendingBytes -= pending.prefix(count).reduce(0) { $0 + $1.bytes }
        pending.removeFirst(count)
    }

    // MARK: - Acts

    mutating func finish() throws -> LogBundle.Imported {
        report.leftOut = pending.count
        var good: [Event] = []
        for act in acts {
            let what = "\(act.type.rawValue) of \(act.actor ?? act.source)"
            if act.tenant.map({ $0 != seal.identity.tenant }) ?? false {
                note("\(what) is of another tenant and was left out")
            } else if !isVouchedFor(act) {
                note("\(what) was left out: not signed by its author, or its author is unknown here or may not do that")
            } else if try store.place(source: act.source, id: act.id) == nil,
                try store.settlement(of: outboxName(act)) == nil
            {
                good.append(act)
            }
        }
        try store.enqueue(
            good.map { (id: outboxName($0), subject: $0.subject, event: CloudEventWriter.json($0)) }, now: now)
        report.acts = good.count
        for refusal in refusals where try store.waitingPosition(of: refusal.id) != nil {
            report.refusals.append("\(refusal.id): \(refusal.reason)")
        }
        return report
    }

    private func outboxName(_ act: Event) -> String { act.isPersons ? act.id : Store.outboxName(of: act) }

    /// A person's act by its signature; what they imported by the seal, if they may import.
    private func isVouchedFor(_ act: Event) -> Bool {
        if act.isPersons { return knownMembers.verdict(on: act) == .valid }
        return act.extensions["agreement"] == nil
            && act.type.postingRights.contains { seal.identity.role.may($0) }
    }

    private mutating func note(_ words: String) {
        if report.findings.count < Taking.mostFindings { report.findings.append(words) }
    }
}

extension Event {
    /// Whether it is what somebody did, rather than what a tool or a file reported.
    fileprivate var isPersons: Bool { type.neededRight != nil || type == .actUndone }
}
