import ControlRoom
import SQLiteLog
import Standards
import Store
import Trust

@testable import Feed
@testable import HubCore
@testable import TestSupport

/// A tenant's log of a random history: persons who are introduced and sign, some acts that nobody signed or another's key did, a
/// person who is revoked on the way, entries that are no event, the same event twice, and a hub's checkpoints. In some, a hub that
/// is revoked introduces one of the persons, and says other things that count for nobody.
struct SignedHistory {
    let log: SQLiteLog
    let authority: Authority
    let hub: SigningKey
    /// When the last of it happened.
    private(set) var now = EventMaker.noon
    private var history: RandomHistory
    private let people: [(actor: String, key: SigningKey)]
    private let stranger = SigningKey()
    private var said = 0
    private var chain: LogChain
    private var read: Int64 = 0
    /// In some a hub says on the way what is not kept any more. A bundle from the start is then not to be had.
    let isTrimmed: Bool

    static let tenant = "city"
    private static let wire = CentralBench.wire

    init(seed: UInt64, cast: Cast, file: String) throws {
        log = try SQLiteLog(path: file) { "log" }
        authority = cast.authority
        hub = cast.hubs[0].key
        history = RandomHistory(seed: seed, isWide: true)
        chain = LogChain(logID: "log")
        isTrimmed = seed % 4 == 1
        people = zip(["op1", "op2"], cast.people).map { ($1.certificate.identity.actor, $1.key) }
        history.people = people.map(\.actor)
        try introduce(cast.hubs[0].certificate)
        try introduce(cast.people[0].certificate)
        let isLate = seed % 3 == 0
        if !isLate { try introduce(cast.people[1].certificate) }
        for _ in 0..<4 { try go() }
        if isLate { try introduceByRevoked(cast.hubs[1], cast.people[1].certificate, isKnown: seed % 2 == 0) }
        for _ in 0..<4 { try go() }
    }

    /// - Parameter isKnown: whether the hub's certificate stands before its revocation, and not behind it.
    private mutating func introduceByRevoked(
        _ other: (key: SigningKey, certificate: MemberCertificate), _ person: MemberCertificate, isKnown: Bool
    ) throws {
        if isKnown { try introduce(other.certificate) }
        try revoke(other.key.keyID, signedBy: hub)
        if !isKnown { try introduce(other.certificate, signedBy: other.key) }
        try introduce(person, signedBy: other.key)
        try revoke(people[0].key.keyID, signedBy: other.key)
    }

    private mutating func revoke(_ keyID: String, signedBy key: SigningKey) throws {
        let fact = IdentityRevoked(keyID: keyID, reason: "")
        try say(.identityRevoked, JSONWriter.bytes(fact.write), signedBy: key)
    }

    private mutating func go() throws {
        let batch = history.batch()
        now = history.now
        for event in batch { try put(disguised(event)) }
        switch history.pick(6) {
        case 0: try junk()
        case 1: if let event = batch.first { try put(signed(event)) }
        case 2: try checkpoint()
        case 4 where isTrimmed: try trim()
        case 3 where history.pick(4) == 0:
            try revoke(people[1].key.keyID, signedBy: hub)
        default: break
        }
    }

    /// Most acts are signed by who made them.
    private mutating func disguised(_ event: Event) throws -> Event {
        guard event.isAct else { return event }
        switch history.pick(12) {
        case 0: return named(event)
        case 1:
            var event = named(event)
            try stranger.sign(&event)
            return event
        default: return try signed(event)
        }
    }

    private func named(_ event: Event) -> Event {
        var event = event
        event.tenant = SignedHistory.tenant
        if let actor = event.actor { event.actor = actor == "op1" ? people[0].actor : people[1].actor }
        return event
    }

    private func signed(_ event: Event) throws -> Event {
        guard event.isAct else { return event }
        var signed = named(event)
        try (event.actor == "op1" ? people[0].key : people[1].key).sign(&signed)
        return signed
    }

    private mutating func put(_ event: Event) throws {
        let entry = SignedHistory.wire.entry(event, content: ContentHash.of(event))
        _ = try log.append([entry], now: now)
    }

    private mutating func introduce(_ certificate: MemberCertificate, signedBy key: SigningKey? = nil) throws {
        let fact = IdentityEnrolled(
            identity: certificate.identity, keyID: certificate.keyID, certificate: try certificate.pem(), codeHash: nil)
        try say(.identityEnrolled, JSONWriter.bytes(fact.write), signedBy: key ?? hub)
    }

    private mutating func say(_ type: EventType, _ data: [UInt8], signedBy key: SigningKey) throws {
        said += 1
        var event = Event(
            id: "hub-\(said)", source: "urn:impetus:hub", type: type, subject: "identity", time: now, data: .json(data))
        event.tenant = SignedHistory.tenant
        try key.sign(&event)
        try put(event)
    }

    private mutating func junk() throws {
        let kind = JunkBytes.all[history.pick(JunkBytes.all.count)]
        _ = try log.append(
            [
                NewEntry(
                    source: "junk", id: "\(said) \(now.milliseconds)", body: kind.body,
                    content: EventLogContract.content(1))
            ], now: now)
    }

    private mutating func readOn(upTo last: Int64 = .max) throws {
        for entry in try log.read(after: read, limit: 10_000) where entry.sequence <= last {
            chain.add(SignedHistory.wire.admitted(entry))
            read = entry.sequence
        }
    }

    /// Up to some entries before the end.
    private mutating func trim() throws {
        let last = try log.lastSequence() - Int64(1 + history.pick(20))
        guard last > read else { return }
        try readOn(upTo: last)
        let recorded = try log.entry(at: last)?.recorded ?? now
        let fact = LogTrimmed(through: chain.sequence, head: chain.head, recorded: recorded)
        try say(.logTrimmed, JSONWriter.bytes(fact.write), signedBy: hub)
    }

    private mutating func checkpoint() throws {
        try readOn()
        let fact = LogCheckpointed(sequence: chain.sequence, head: chain.head)
        try say(.logCheckpointed, JSONWriter.bytes(fact.write), signedBy: hub)
    }
}
