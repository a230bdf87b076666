import ControlRoom
import Feed
import Store
import Sync
import TestSupport
import Testing
import Trust

@Suite("The machine that keeps a console in step")
final class MachineTests {
    private var now = EventMaker.noon
    private var machine: SyncMachine
    private var make = EventMaker()

    init() { machine = MachineTests.machine(hubs: ["one", "two"]) }

    private static func machine(hubs: [String], cursor: Store.Cursor? = nil, knownMembers: KnownMembers? = nil)
        -> SyncMachine
    {
        SyncMachine(
            hubs: hubs, cursor: cursor, seed: 1, now: EventMaker.noon,
            makeVerifier: { LogVerifier(knownMembers: knownMembers, from: $0) })
    }

    private func feed(_ input: SyncMachine.Input, after seconds: Double = 0) -> [SyncMachine.Action] {
        now = now.adding(seconds: seconds)
        return machine.handle(input, now: now)
    }

    private func event(_ sequence: Int64) -> Event {
        var event = Event(id: "e\(sequence)", source: "s", type: EventType(rawValue: "x"))
        event.sequence = sequence
        event.recorded = EventMaker.noon
        return event
    }

    private func read(_ sequence: Int64) -> AdmittedEvent { LogVerifier.read(event(sequence)) }

    private func open() {
        _ = feed(.timer)
        _ = feed(.opened(logID: "log"))
        _ = feed(.posted(upTo: 0, more: false))
        _ = feed(.heartbeat(hub: now, last: 0))
    }

    private func opens(_ actions: [SyncMachine.Action]) -> [String] {
        actions.compactMap { if case .open(let hub, _) = $0 { hub } else { nil } }
    }

    private func kept(_ actions: [SyncMachine.Action]) -> [Int64] {
        actions.flatMap { action -> [Int64] in
            if case .keep(let kept, _) = action { kept.compactMap(\.event.sequence) } else { [] }
        }
    }

    @Test("what a hub warns of is told until the stream is opened anew, and changes nothing else")
    func warned() {
        open()
        let actions = feed(.warned("plain"))
        #expect(actions.contains { if case .tell(let status) = $0 { status.warning == "plain" } else { false } })
        #expect(opens(actions).isEmpty && machine.status.state == .live)
        _ = feed(.closed(reason: "cut"))
        #expect(machine.status.warning == "plain")
        _ = feed(.timer, after: 10)
        _ = feed(.opened(logID: "log"))
        #expect(machine.status.warning == nil)
    }

    @Test("that a hub takes the certificate no more is remembered while it is away, until one takes it again")
    func disowned() throws {
        let disk = try TemporaryStore()
        let store = disk.store
        func note() throws -> Bool {
            if let isWelcome = machine.status.isWelcome { try store.note(isWelcome: isWelcome, keyID: "k") }
            return try store.isDisowned(keyID: "k")
        }
        #expect(try !note())
        open()
        #expect(try !note())
        // Refused for another reason.
        _ = feed(.refused(reason: "gone"))
        #expect(try machine.status.isWelcome == nil && !note())
        _ = feed(.timer, after: 40)
        _ = feed(.refused(reason: "revoked", isDisowned: true))
        #expect(try note() && !store.isDisowned(keyID: "other"))
        // Another person's key, in the same store.
        try store.note(isWelcome: false, keyID: "other")
        #expect(try store.isDisowned(keyID: "other") && store.isDisowned(keyID: "k"))
        try store.note(isWelcome: true, keyID: "other")
        #expect(try !store.isDisowned(keyID: "other") && store.isDisowned(keyID: "k"))
        _ = feed(.closed(reason: "away"), after: 1)
        #expect(try machine.status.isDisowned && note())
        // The next start knows nothing of it by itself.
        machine = MachineTests.machine(hubs: ["one"])
        #expect(try machine.status.isWelcome == nil && note())
        open()
        #expect(try !note())
    }

    @Test("opens, keeps what comes with its place, and is live")
    func follows() {
        #expect(opens(feed(.timer)) == ["one"])
        let opened = feed(.opened(logID: "log"))
        #expect(opened.contains { if case .post(_, 0, true) = $0 { true } else { false } })
        let actions = feed(.received([read(1), read(2)]))
        #expect(kept(actions) == [1, 2] && machine.status.state == .live)
        // What is known already is passed over.
        let again = feed(.received([read(2), read(3)]))
        #expect(kept(again) == [3])
    }

    @Test("a number that is left out closes the stream; a second time it is the log that is wrong")
    func gap() {
        open()
        let actions = feed(.received([read(1), read(3)]))
        #expect(kept(actions) == [1] && actions.contains(.close))
        if case .offline = machine.status.state {} else { Issue.record("\(machine.status.state)") }
        _ = feed(.timer, after: 2)
        _ = feed(.opened(logID: "log"))
        _ = feed(.received([read(3)]))
        #expect(machine.status.state == .refused("events 2 to 2 are missing in the log"))
        #expect(machine.status.findings == ["events 2 to 2 are missing in the log"])
    }

    @Test("asks for older events when it is live, once at a time, and no more where it would be in vain")
    func older() {
        let start = Store.Cursor(logID: "log", sequence: 0, head: "")
        var gap = BackFill(
            start: start, after: start, floor: LogBase(sequence: 50, head: "aa", recorded: EventMaker.noon))
        let head = LogChain(logID: "log").head
        func begin() {
            machine = SyncMachine(
                hubs: ["one"], cursor: Store.Cursor(logID: "log", sequence: 60, head: head), backFill: gap, seed: 1,
                now: now, makeVerifier: { LogVerifier(knownMembers: nil, from: $0) })
        }
        func wishes(_ actions: [SyncMachine.Action]) -> [BackFill] {
            actions.compactMap { if case .fill("one", let gap) = $0 { gap } else { nil } }
        }
        begin()
        #expect(wishes(feed(.timer) + feed(.opened(logID: "log"))).isEmpty)
        #expect(wishes(feed(.heartbeat(hub: now, last: 62))).isEmpty)
        #expect(wishes(feed(.received([read(61), read(62)]))) == [gap])
        #expect(wishes(feed(.heartbeat(hub: now, last: 62), after: 2)).isEmpty)
        gap.after.sequence = 20
        #expect(wishes(feed(.filling(gap))).isEmpty && machine.status.backFill?.left == 30)
        // Cut off, it goes on after a pause, from where it was.
        #expect(wishes(feed(.fillFailed(reason: "cut", isFinal: false))).isEmpty)
        #expect(wishes(feed(.timer, after: 2)) == [gap])
        gap.after.sequence = 30
        #expect(wishes(feed(.filled(gap))) == [gap])
        #expect(wishes(feed(.filled(nil))).isEmpty && machine.status.backFill == nil)
        #expect(wishes(feed(.timer, after: 2)).isEmpty && machine.status.findings.isEmpty)

        begin()
        _ = feed(.timer) + feed(.opened(logID: "log"))
        #expect(wishes(feed(.heartbeat(hub: now, last: 60))) == [gap])
        #expect(wishes(feed(.fillFailed(reason: "another history", isFinal: true), after: 2)).isEmpty)
        #expect(wishes(feed(.timer, after: 20)).isEmpty && machine.status.findings == ["another history"])
    }

    @Test("goes to the next hub at once, and waits longer each time that none is there")
    func failover() {
        #expect(opens(feed(.timer)) == ["one"])
        #expect(opens(feed(.closed(reason: "down"))).isEmpty)
        #expect(opens(feed(.timer, after: 0.1)) == ["two"])
        var waits: [Double] = []
        for _ in 0..<8 {
            _ = feed(.closed(reason: "down"))
            var waited = 0.0
            while opens(feed(.timer, after: 0.05)).isEmpty { waited += 0.05 }
            waits.append(waited)
        }
        #expect(waits.last ?? 0 > 3 && waits.max() ?? 99 <= 20.1)
        guard case .offline(let since, "down") = machine.status.state else {
            Issue.record("\(machine.status.state)")
            return
        }
        #expect(since == EventMaker.noon)
    }

    @Test("another log under the same name is refused, and nothing is taken from it")
    func replaced() {
        machine = MachineTests.machine(
            hubs: ["one"], cursor: Store.Cursor(logID: "old", sequence: 9, head: LogChain(logID: "old").head))
        _ = feed(.timer)
        let actions = feed(.opened(logID: "new"))
        #expect(actions.contains(.close))
        guard case .refused(let why) = machine.status.state else {
            Issue.record("\(machine.status.state)")
            return
        }
        #expect(why.contains("it was replaced"))
        #expect(kept(feed(.received([read(10)]))).isEmpty)
    }

    @Test("a stream that says nothing for long is cut")
    func silence() {
        open()
        _ = feed(.heartbeat(hub: now, last: 0))
        #expect(!feed(.timer, after: 14).contains(.close))
        #expect(feed(.timer, after: 2).contains(.close))
    }

    @Test("sends what waits when the line is back, what was sent before included")
    func resends() {
        func posts(_ actions: [SyncMachine.Action]) -> [String] {
            actions.compactMap { if case .post(_, let after, let again) = $0 { "\(after) \(again)" } else { nil } }
        }
        _ = feed(.timer)
        #expect(posts(feed(.outboxChanged)).isEmpty)
        #expect(posts(feed(.opened(logID: "log"))) == ["0 true"])
        #expect(posts(feed(.outboxChanged)).isEmpty, "one post at a time")
        #expect(posts(feed(.posted(upTo: 7, more: true))) == ["7 true"])
        #expect(posts(feed(.posted(upTo: 9, more: false))).isEmpty)
        #expect(posts(feed(.outboxChanged)) == ["0 false"])
        #expect(posts(feed(.postFailed(reason: "x"))).isEmpty)
        #expect(posts(feed(.timer, after: 1)) == ["0 false"])
    }

    @Test("posts again when the hub said that it may come again, and not before")
    func comesAgain() {
        func posts(_ actions: [SyncMachine.Action]) -> Int {
            actions.count { if case .post = $0 { true } else { false } }
        }
        open()
        #expect(posts(feed(.outboxChanged)) == 1)
        #expect(posts(feed(.postFailed(reason: "too many", after: 30))) == 0)
        for _ in 0..<29 {
            // Only what keeps the stream alive comes meanwhile.
            #expect(posts(feed(.heartbeat(hub: now.adding(seconds: 1), last: 0), after: 1)) == 0)
        }
        #expect(posts(feed(.timer, after: 2)) == 1)
    }

    @Test("tells how wrong the clock is, and takes no delay for it")
    func clock() {
        open()
        _ = feed(.heartbeat(hub: now.adding(seconds: 1.5), last: 0))
        #expect(machine.status.clockOffset == 0)
        _ = feed(.heartbeat(hub: now.adding(seconds: 86_400), last: 0))
        #expect(machine.status.clockOffset == 86_400_000 && machine.status.isClockWrong)
        _ = feed(.heartbeat(hub: now.adding(seconds: 86_400.4), last: 0))
        #expect(machine.status.clockOffset == 86_400_000)
        _ = feed(.heartbeat(hub: now, last: 0))
        #expect(machine.status.clockOffset == 0)
    }

    @Test("says how far the hub is behind with its view, until it is so no more or the line is cut")
    func hubBehind() {
        open()
        #expect(machine.status.hubBehind == 0)
        _ = feed(.behind(seconds: 12))
        #expect(machine.status.hubBehind == 12)
        _ = feed(.behind(seconds: 0))
        #expect(machine.status.hubBehind == 0)
        _ = feed(.behind(seconds: 7))
        _ = feed(.closed(reason: "x"))
        #expect(machine.status.hubBehind == 0)
    }

    @Test("says how far it is behind while it catches up")
    func catchingUp() {
        open()
        _ = feed(.heartbeat(hub: now, last: 500))
        #expect(machine.status.state == .catchingUp(at: 0, of: 500))
        _ = feed(.received((1...500).map { read($0) }))
        #expect(machine.status.state == .live)
    }

    @Test("a clock that is set back a day stops nothing")
    func setBack() {
        open()
        _ = feed(.closed(reason: "cut"))
        #expect(opens(feed(.timer, after: -86_400)).count == 1)
    }
}

@Suite("Reading a log with suspicion")
struct VerifierTests {
    private let authority: Authority
    private let hub = SigningKey()
    private let person = SigningKey()
    private let knownMembers: KnownMembers
    private var make = EventMaker()

    init() throws {
        authority = try Authority.make(name: "a", now: EventMaker.noon)
        knownMembers = KnownMembers(authority: authority.certificate)
        knownMembers.learn(
            pem: try authority.issueHub(key: hub.publicKey, name: "hub", hosts: ["h"], now: EventMaker.noon).pem())
        let request = try CertificateRequest(pem: try CertificateRequest.make(key: person))
        knownMembers.learn(
            pem: try authority.issue(
                request, to: Identity(actor: "op1", role: .operator, tenant: "t"), now: EventMaker.noon
            ).pem())
    }

    private func verifier() -> LogVerifier {
        LogVerifier(
            knownMembers: knownMembers,
            from: .start(of: "log"))
    }

    /// What was found; an error where the event does not follow.
    private func found(_ event: Event, _ reader: inout LogVerifier) throws -> LogVerifier.Finding? {
        let taken = reader.take(event)
        return try #require(taken).finding
    }

    private func placed(_ event: Event, _ sequence: Int64) -> Event {
        var event = event
        event.sequence = sequence
        event.recorded = EventMaker.noon
        return event
    }

    private mutating func signedAct() throws -> Event {
        var act = make.acknowledged("a", by: "op1")
        act.tenant = "t"
        try person.sign(&act)
        return act
    }

    private func checkpoint(_ sequence: Int64, _ head: String, by key: SigningKey) throws -> Event {
        var event = Event(
            id: "c\(sequence)", source: "hub", type: .logCheckpointed,
            data: .json(JSONWriter.bytes(LogCheckpointed(sequence: sequence, head: head).write)))
        try key.sign(&event)
        return event
    }

    @Test("believes what its actor signed, and nothing else")
    mutating func forged() throws {
        var reader = verifier()
        #expect(try found(placed(signedAct(), 1), &reader) == nil)
        var altered = try signedAct()
        altered.data = .json(Array("{\"occurrence\":5,\"severity\":\"critical\"}".utf8))
        let taken = reader.take(placed(altered, 2))
        #expect(taken?.finding == .forged(actor: "op1", sequence: 2) && taken?.event.distrust == "forged")
        #expect(taken?.event.fact == .unknown)
        var unsigned = try signedAct()
        unsigned.signature = nil
        #expect(try found(placed(unsigned, 3), &reader) == .forged(actor: "op1", sequence: 3))
        let gap = reader.take(placed(try signedAct(), 5))
        #expect(gap == nil)
    }

    @Test("finds a log that was altered before a checkpoint")
    mutating func altered() throws {
        var truth = verifier()
        let events = [placed(make.raised("a"), 1), placed(try signedAct(), 2), placed(make.cleared("a"), 3)]
        for event in events { _ = truth.take(event) }
        let word = placed(try checkpoint(3, truth.chain.head, by: hub), 4)
        #expect(try found(word, &truth) == nil)

        var changed = events
        changed[0].subject = "b"
        var reader = verifier()
        for event in changed { _ = reader.take(event) }
        #expect(try found(word, &reader) == .altered(before: 3))
        // A checkpoint of an earlier event is checked as well.
        var late = verifier()
        for event in events { _ = late.take(event) }
        #expect(try found(placed(checkpoint(2, "00", by: hub), 4), &late) == .altered(before: 2))
    }

    @Test("a checkpoint vouches for the place it names, if that was read here, and for nothing else")
    mutating func vouched() throws {
        var reader = verifier()
        for event in [placed(make.raised("a"), 1), placed(make.raised("b"), 2)] { _ = reader.take(event) }
        #expect(reader.vouched == nil)
        let second = reader.chain.head
        #expect(try found(placed(checkpoint(2, second, by: hub), 3), &reader) == nil)
        #expect(reader.vouched?.sequence == 2)
        // Genuine, and of another log or a later time: the insider's way to have anything believed.
        #expect(try found(placed(checkpoint(9, second, by: hub), 4), &reader) == .altered(before: 4))
        #expect(reader.vouched?.sequence == 2)
        var late = LogVerifier(knownMembers: nil, from: Store.Cursor(logID: "log", sequence: 2, head: second))
        _ = late.take(placed(make.raised("c"), 3))
        #expect(late.vouched == nil)
    }

    @Test("a place of which the digest is known counts in the chain where it is the next, and can be vouched for")
    mutating func digests() throws {
        let events = [placed(make.raised("a"), 1), placed(make.raised("b"), 2)]
        var (whole, reader) = (verifier(), verifier())
        for event in events { _ = whole.take(event) }
        let digests = events.map { LogChain.digest(of: $0) }
        let early = reader.take(digest: digests[1], sequence: 2)
        #expect(!early && reader.chain.sequence == 0)
        let taken = [(0, 1), (0, 1), (1, 2)].map { reader.take(digest: digests[$0.0], sequence: $0.1) }
        #expect(taken == [true, false, true] && reader.chain.head == whole.chain.head)
        #expect(try found(placed(checkpoint(2, reader.chain.head, by: hub), 3), &reader) == nil)
        #expect(reader.vouched?.sequence == 2)
    }

    @Test("an administrator's word for a log vouches for the head that was found at its place, and for no other")
    mutating func trusted() throws {
        var reader = verifier()
        _ = reader.take(placed(make.raised("a"), 1))
        let first = reader.chain.head
        func word(_ sequence: Int64, _ head: String, at place: Int64) throws -> Event {
            let fact = LogTrusted(log: "t", logID: "log", sequence: sequence, head: head)
            var event = Event(
                id: "trusted/\(place)", source: "urn:impetus:system", type: .logTrusted, subject: "log",
                time: EventMaker.noon, data: .json(JSONWriter.bytes(fact.write)))
            try hub.sign(&event)
            return placed(event, place)
        }
        #expect(try found(word(1, "00", at: 2), &reader) == nil)
        #expect(reader.accepted == 0 && reader.vouched == nil)
        #expect(try found(word(1, first, at: 3), &reader) == nil)
        #expect(reader.accepted == 1 && reader.vouched?.sequence == 1)
        // An older word takes nothing back.
        #expect(try found(word(0, "00", at: 4), &reader) == nil)
        #expect(reader.accepted == 1 && reader.vouched?.sequence == 1)
    }

    @Test("a checkpoint or a shared copy is a hub's")
    mutating func hubs() throws {
        var reader = verifier()
        let word = placed(try checkpoint(0, reader.chain.head, by: person), 1)
        #expect(try found(word, &reader) == .notTheHubs(sequence: 1))
        var copy = make.raised("police//a")
        copy.extensions["agreement"] = "x"
        #expect(try found(placed(copy, 2), &reader) == .notTheHubs(sequence: 2))
        try hub.sign(&copy)
        #expect(try found(placed(copy, 3), &reader) == nil)
    }

    @Test("what was signed before a revocation stands, what comes after does not")
    mutating func revoked() throws {
        var reader = verifier()
        let (before, after) = (try signedAct(), try signedAct())
        #expect(try found(placed(before, 1), &reader) == nil)
        let fact = IdentityRevoked(keyID: person.keyID, reason: "lost")
        var word = Event(id: "r", source: "hub", type: .identityRevoked, data: .json(JSONWriter.bytes(fact.write)))
        let unsigned = placed(word, 2)
        #expect(try found(unsigned, &reader) == .notTheHubs(sequence: 2))
        #expect(try found(placed(try signedAct(), 3), &reader) == nil)
        try hub.sign(&word)
        #expect(try found(placed(word, 4), &reader) == nil)
        #expect(try found(placed(after, 5), &reader) == .forged(actor: "op1", sequence: 5))
    }
}
