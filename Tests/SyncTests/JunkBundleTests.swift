import ControlRoom
import Feed
import Standards
import Store
import Sync
import TestSupport
import Testing
import Trust

@Suite("A bundle over places that hold no event")
struct JunkBundleTests {
    private let folder: TemporaryFolder
    private let authority: Authority
    private let hub = SigningKey()
    private let person = SigningKey()
    private let certificate: MemberCertificate
    private let maker: LogBundle.Maker
    private static let junk = JunkEntry(
        LogEntry(sequence: 2, recorded: EventMaker.noon, body: [0x00, 0xFF]))

    init() throws {
        folder = try TemporaryFolder()
        authority = try Authority.make(name: "a", now: EventMaker.noon)
        certificate = try authority.issueHub(key: hub.publicKey, name: "hub", hosts: ["h"], now: EventMaker.noon)
        let identity = Identity(actor: "op7", role: .operator, tenant: "police")
        let request = try CertificateRequest(pem: CertificateRequest.make(key: person))
        maker = LogBundle.Maker(
            key: person,
            certificate: try authority.issue(request, to: identity, now: EventMaker.noon),
            now: EventMaker.noon)
    }

    private func store(_ name: String) throws -> Store {
        try Store(
            path: folder.file(name), mirror: Store.Mirror(decode: { try CloudEventReader.kept($0) })
        ) { "" }
    }

    private func signed(_ event: Event, at sequence: Int64) throws -> Event {
        var event = event
        event.tenant = "police"
        try hub.sign(&event)
        event.sequence = sequence
        event.recorded = EventMaker.noon
        return event
    }

    /// The hub's certificate, junk, an alarm, and a checkpoint that names the place of the alarm.
    private func places() throws -> [AdmittedEvent] {
        let enrolled = IdentityEnrolled(
            identity: certificate.identity, keyID: certificate.keyID, certificate: try certificate.pem(), codeHash: nil)
        let first = try signed(
            Event(
                id: "hub", source: "urn:impetus:hub", type: .identityEnrolled, subject: "identity",
                time: EventMaker.noon, data: .json(JSONWriter.bytes(enrolled.write))), at: 1)
        var make = EventMaker()
        var alarm = make.raised("a")
        alarm.sequence = 3
        alarm.recorded = EventMaker.noon
        var read = [
            LogVerifier.read(first), LogVerifier.read(JunkBundleTests.junk), LogVerifier.read(alarm),
        ]
        var chain = LogChain(logID: "log")
        for one in read { chain.add(one) }
        let fact = LogCheckpointed(sequence: 3, head: chain.head)
        let checkpoint = try signed(
            Event(
                id: "checkpoint", source: "urn:impetus:hub:hub", type: .logCheckpointed, subject: "log",
                time: EventMaker.noon, data: .json(JSONWriter.bytes(fact.write))), at: 4)
        read.append(LogVerifier.read(checkpoint))
        return read
    }

    /// - Returns: a store that has the places.
    private func filled(_ name: String, _ places: [AdmittedEvent]) throws -> Store {
        let store = try store(name)
        var chain = LogChain(logID: "log")
        for place in places { chain.add(place) }
        _ = try store.ingest(
            mirrored: places, to: Store.Cursor(logID: "log", sequence: chain.sequence, head: chain.head))
        return store
    }

    private func carried(_ from: Store, into to: Store) throws -> LogBundle.Imported {
        let file = folder.file("bundle")
        let exported = try LogBundle.export(from, after: 0, to: file, by: maker) { _, _ in }
        #expect(exported.last == 4 && exported.leftOut == 0 && exported.events == 3)
        let opened = try LogBundle.Opened(
            file, tenant: "police", authority: authority.certificate, now: EventMaker.noon)
        return try LogBundle.take(opened, into: to, now: EventMaker.noon)
    }

    @Test("carries them, and who takes it has the same places and the same head")
    func carries() throws {
        let (one, other) = (try filled("one", places()), try store("other"))
        let imported = try carried(one, into: other)
        #expect(imported.last == 3 && imported.events == 2 && imported.findings.isEmpty)
        #expect(try other.junk(after: 0, limit: 10) == [JunkBundleTests.junk])
        #expect(try other.alert(subject: "a", realm: .actual) != nil)
        #expect(try other.places(after: 0, limit: 3) == one.places(after: 0, limit: 3))
    }

    @Test("in which an alarm is passed off as junk is not taken beyond what a hub vouches for")
    func passedOff() throws {
        var places = try places()
        // With the very digest that the alarm has in the chain: only by that the head stays as it was.
        let hash = Hex.text(places[2].digest ?? [])
        places[2] = AdmittedEvent(
            junk: JunkEntry(sequence: 3, digest: hash, bytes: 40), digest: places[2].digest ?? [])
        let other = try store("other")
        let from = try filled("one", places)
        let file = folder.file("bundle")
        _ = try LogBundle.export(from, after: 0, to: file, by: maker) { _, _ in }
        let opened = try LogBundle.Opened(
            file, tenant: "police", authority: authority.certificate, now: EventMaker.noon)
        #expect(throws: BundleFailure.self) { try LogBundle.take(opened, into: other, now: EventMaker.noon) }
        #expect(try other.cursor() == nil && other.junk(after: 0, limit: 10).isEmpty)
    }
}
