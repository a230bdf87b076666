import ControlRoom
import Store
import TestSupport
import Testing

@testable import Feed

@Suite("A rule by design looks at all that is open a portion at a time")
struct NewRuleTests {
    private let disk: TemporaryStore
    private var make = EventMaker()
    private var now = EventMaker.noon

    init() throws { disk = try TemporaryStore() }

    private mutating func start(_ filter: String = "tool = FD") throws {
        let rule = SuppressionStarted(filter: filter, reason: SuppressionReason(.maintenance))
        try disk.ingest(
            make.event(
                .suppressionStarted, Suppression.subjectPrefix + "r",
                String(decoding: JSONWriter.bytes(rule.write), as: UTF8.self), by: "sup1"))
    }

    /// One look, a second after the last; what it says is put into the log.
    private mutating func look(_ suppression: DesignedSuppression) throws -> [String] {
        now = now.adding(seconds: 1)
        let events = try suppression.due(in: disk.store, now: now)
        try disk.ingest(events, at: now)
        return events.compactMap(\.subject)
    }

    private func isSuppressed(_ subject: String) throws -> Bool {
        try disk.store.alert(subject: subject, realm: .actual)?.alert.isSuppressedByDesign ?? false
    }

    @Test("a new one says no more at once than its portion, and comes to all that it is about")
    mutating func portions() throws {
        try disk.ingest((0..<10).map { make.raised("a\($0)", tool: .fd) } + [make.raised("b", tool: .uad)])
        try start()
        let suppression = DesignedSuppression(portion: 4)
        var said: [String] = []
        for _ in 0..<12 {
            let subjects = try look(suppression)
            #expect(subjects.count <= 4)
            said += subjects
        }
        #expect(said.sorted() == (0..<10).map { "a\($0)" })
        for subject in said { #expect(try isSuppressed(subject)) }
        #expect(try !isSuppressed("b"))
    }

    @Test("what comes while it goes on is suppressed at the next look, wherever it stands in the order")
    mutating func meanwhile() throws {
        try disk.ingest((0..<10).map { make.raised("a\($0)", .low, tool: .fd) })
        try start()
        let suppression = DesignedSuppression(portion: 2)
        #expect(try look(suppression).count == 2)
        try disk.ingest([make.raised("worse", .critical, tool: .fd), make.raised("quieter", .info, tool: .fd)])
        let next = try look(suppression)
        #expect(next.contains("worse") && next.contains("quieter") && Set(next).count == next.count)
    }

    @Test("where it finds more than it may say at once, it goes on where it was")
    mutating func most() throws {
        try disk.ingest((0..<7).map { make.raised("a\($0)", tool: .fd) })
        try start()
        let suppression = DesignedSuppression(portion: 100, most: 2)
        var counts: [Int] = []
        for _ in 0..<6 { counts.append(try look(suppression).count) }
        #expect(counts == [2, 2, 2, 1, 0, 0])
    }

    @Test("in portions of any size it ends with all that it is about, and nothing else", arguments: 1...20)
    mutating func same(seed: UInt64) throws {
        var chance = SeededChance(seed: seed)
        let suppression = DesignedSuppression(portion: 1 + Int(seed % 5), most: 2 + Int(seed % 3))
        try disk.ingest((0..<12).map { make.raised("s\($0)", tool: $0 % 2 == 0 ? .fd : .uad) })
        try start()
        for _ in 0..<15 {
            let number = Int(chance.next() % 20)
            let severity = Severity.allCases[Int(chance.next() % UInt64(Severity.allCases.count))]
            try disk.ingest(make.raised("s\(number)", severity, tool: number % 2 == 0 ? .fd : .uad), at: now)
            _ = try look(suppression)
        }
        for _ in 0..<60 { _ = try look(suppression) }
        for number in 0..<20 {
            guard let alert = try disk.store.alert(subject: "s\(number)", realm: .actual)?.alert else { continue }
            // One that became worse since has broken through.
            #expect(alert.suppressors.map(\.rule) == (number % 2 == 0 ? ["r"] : []), "s\(number)")
        }
    }
}
