import ControlRoom
import Feed
import Foundation
import HubCore
import SQLiteLog
import Standards
import Store
import TestSupport
import Testing
import Trust

/// Somebody has taken a hub's folder, and `log.key` with it: another counts behind the entries that were there.
@Suite("Another key of the hubs")
struct LogKeyTests {
    private let bench: CentralBench
    private let fresh: LogSecret
    private let camera: Submitter
    private var make = EventMaker()

    init() throws {
        bench = try CentralBench(tenants: ["police", "fire"])
        fresh = LogSecret(after: bench.secret)
        camera = try bench.enrol("cam", .sensor, of: "police").submitter
        _ = bench.submit([make.raised("before")], from: camera)
        try bench.rest()
    }

    private var police: TenantFeed { get throws { try #require(bench.central.feed(of: "police")) } }

    /// As `impetus-hub rotate-log-key` says it.
    private func rotate(to fresh: LogSecret, from old: LogSecret, signedBy key: SigningKey) throws {
        let places = [
            ("police", try police.log.lastSequence()), (LogTrusted.systemLog, try bench.system.lastSequence()),
        ]
        try bench.say(
            places.map { log, sequence in
                let word = LogRekeyed(log: log, sequence: sequence, before: old.check, after: fresh.check)
                return try SystemEvents.entry(
                    "rekeyed/\(fresh.check)/\(log)", .logRekeyed, JSONWriter.bytes(word.write), CentralBench.wire,
                    signedBy: key, now: bench.clock.now)
            })
    }

    /// As somebody does who can write to the log, and has a key.
    private func put(_ event: Event, _ secret: LogSecret) throws {
        let body = secret.word(of: "police-log").said(of: CloudEventWriter.json(event))
        _ = try police.log.append(
            [NewEntry(source: "", id: event.id, body: body, content: EventLogContract.content(0))],
            now: bench.clock.now)
    }

    /// A hub that starts with a key, and has folded nothing yet.
    private func start(with secret: LogSecret) throws -> TenantFeed {
        let view = try police.view.path
        try police.view.close()
        for ending in ["", "-wal", "-shm"] { try? FileManager.default.removeItem(atPath: view + ending) }
        let central = try bench.another(secret)
        let feed = try #require(central.feed(of: "police"))
        while try feed.step(register: central.register, now: bench.clock.now) {}
        return feed
    }

    private func alerts(_ feed: TenantFeed) throws -> [String] {
        try ["before", "forged", "behind"].filter { try feed.view.alert(subject: $0, realm: .actual) != nil }
    }

    @Test(
        "counts behind the place that is named, and the old one before it; what bears the old word behind it is passed over, and told"
    )
    mutating func rotated() throws {
        try rotate(to: fresh, from: bench.secret, signedBy: bench.authorityKey)
        try put(make.raised("forged", .critical), bench.secret)
        try put(make.raised("behind"), fresh)
        let feed = try start(with: fresh)
        #expect(try alerts(feed) == ["before", "behind"])
        let told = feed.takeJunk()
        #expect(told.unproved == 1)
        #expect("\(try #require(told.first.first))".contains("bears no hub's word"))
    }

    @Test("stops a hub that has the old one, also one that runs, and one that lacks it for reading")
    func stops() throws {
        #expect(!bench.central.hasOtherSecret)
        try rotate(to: fresh, from: bench.secret, signedBy: bench.authorityKey)
        #expect(bench.central.hasOtherSecret)
        #expect(try bench.another(bench.secret).hasOtherSecret)
        #expect(try !bench.another(fresh).hasOtherSecret)
        // The key alone, without those before it.
        let bare = try #require(fresh.text.split(separator: "\n").first.flatMap { LogSecret(String($0)) })
        #expect(bare.check == fresh.check)
        #expect(try bench.another(bare).hasOtherSecret)
    }

    @Test("is the authority's word alone, and only in the place of the one that counts")
    func authority() throws {
        try rotate(to: fresh, from: bench.secret, signedBy: bench.key)
        try rotate(to: LogSecret(after: bench.secret), from: LogSecret(), signedBy: bench.authorityKey)
        #expect(!bench.central.hasOtherSecret)
    }

    @Test("can be followed by another, and each counts where it was the key")
    mutating func twice() throws {
        try rotate(to: fresh, from: bench.secret, signedBy: bench.authorityKey)
        try put(make.raised("behind"), fresh)
        let last = LogSecret(after: fresh)
        try rotate(to: last, from: fresh, signedBy: bench.authorityKey)
        for secret in [bench.secret, fresh] { try put(make.raised("forged", .critical), secret) }
        let feed = try start(with: last)
        #expect(try alerts(feed) == ["before", "behind"])
        #expect(feed.takeJunk().unproved == 2)
    }
}
