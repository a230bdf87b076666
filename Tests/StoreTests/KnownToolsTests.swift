import ControlRoom
import GRDB
import TestSupport
import Testing

@testable import Store

/// Tools that are not shipped: seen by their code, found by it, counted within bounds.
@Suite("Tools that a site has of its own")
struct KnownToolsTests {
    private static let noise = Tool(code: "NOISE")
    private static let now = EventMaker.noon.adding(seconds: 60)

    private static func registered(_ tool: Tool, _ name: String, _ seconds: Int, _ make: inout EventMaker) -> Event {
        make.event(
            .toolRegistered, tool.code, "{\"name\":\"\(name)\",\"silent_after_s\":\(seconds)}", by: "sup1")
    }

    private func found(_ text: String, in store: Store) throws -> [String] {
        let vocabulary = FilterVocabulary(tools: try store.toolRegister(), now: KnownToolsTests.now, zone: .utc)
        var filter = AlertFilter(show: .all)
        try filter.read(text, vocabulary)
        let query = AlertQuery(realm: .actual, filter: filter).at(KnownToolsTests.now)
        return try store.alerts(query, at: .start, limit: 10_000).lines.map(\.alert.subject).sorted()
    }

    private func totals(_ store: Store) throws -> AlertTotals {
        try store.totals(.actual, now: KnownToolsTests.now, midnight: EventMaker.noon)
    }

    @Test(
        "an alert of a tool that nobody has registered shows its code and is found by it, from the file and from memory"
    )
    func unregistered() throws {
        let disk = try TemporaryStore()
        var make = EventMaker()
        try disk.ingest([
            make.raised("a", tool: KnownToolsTests.noise), make.raised("b", tool: .fd),
            make.raised("c", tool: Tool(code: "air quality")),
        ])
        #expect(try disk.store.alert(subject: "c", realm: .actual)?.alert.tool.code == "AIR-QUALITY")
        for _ in 0..<2 {
            #expect(try found("tool = noise", in: disk.store) == ["a"])
            #expect(try found("tool = AIR-QUALITY", in: disk.store) == ["c"])
            #expect(try found("tool = other", in: disk.store) == ["a", "c"])
            #expect(try found("tool != other", in: disk.store) == ["b"])
            #expect(try found("not tool in (FD, NOISE)", in: disk.store) == ["c"])
            while try disk.store.readColumns(for: nil) {}
        }
        #expect(try disk.store.toolRegister().seen.map(\.code) == ["AIR-QUALITY", "NOISE"])
        #expect(try totals(disk.store).part(of: KnownToolsTests.noise).open == 1)
    }

    @Test("what is registered has its name and its time; removed, its alerts keep their code")
    func register() throws {
        let disk = try TemporaryStore()
        var make = EventMaker()
        try disk.ingest([
            make.raised("a", tool: KnownToolsTests.noise),
            KnownToolsTests.registered(KnownToolsTests.noise, "noise meters", 600, &make),
            KnownToolsTests.registered(.fd, "cameras", 60, &make),
        ])
        let register = try disk.store.toolRegister()
        #expect(register[KnownToolsTests.noise]?.name == "noise meters" && register.seen.isEmpty)
        #expect(register.silentAfterSeconds(KnownToolsTests.noise) == 600 && register[.fd]?.name == "cameras")
        #expect(try found("tool = other", in: disk.store) == [])
        try disk.ingest([
            make.event(.toolRemoved, "NOISE", by: "sup1"), make.event(.toolRemoved, "FD", by: "sup1"),
        ])
        let after = try disk.store.toolRegister()
        #expect(after[KnownToolsTests.noise] == nil && after.seen == [KnownToolsTests.noise])
        #expect(after.entries == ToolRegister.shipped.entries)
        #expect(try found("tool = NOISE", in: disk.store) == ["a"] && found("tool = other", in: disk.store) == ["a"])
    }

    @Test("a code that is none, a tool that is not there, and one too many are refused with the reason")
    func refused() throws {
        let disk = try TemporaryStore()
        var make = EventMaker()
        for code in ["noise", "OTHER", "A_B"] {
            let event = make.event(.toolRegistered, code, #"{"name":"n"}"#, by: "sup1")
            guard case .accepted(_, .refused(.unknownSubject))? = try disk.ingest(event) else {
                Issue.record("\(code) was registered")
                continue
            }
        }
        for number in 0..<ToolRegister.mostRegistered {
            try disk.ingest(KnownToolsTests.registered(Tool(code: "T\(number)"), "n", 60, &make))
        }
        let more = try disk.ingest(KnownToolsTests.registered(Tool(code: "MORE"), "n", 60, &make))
        guard case .accepted(_, .refused(.tooManyTools(ToolRegister.mostRegistered)))? = more else {
            Issue.record("one too many: \(String(describing: more))")
            return
        }
        // A shipped one takes no place.
        try disk.ingest(KnownToolsTests.registered(.fd, "cameras", 60, &make))
        #expect(try disk.store.toolRegister()[.fd]?.name == "cameras")
        let gone = try disk.ingest(make.event(.toolRemoved, "NEVER", by: "sup1"))
        guard case .accepted(_, .unchanged(.unknownSubject))? = gone else {
            Issue.record("what was not there was removed")
            return
        }
    }

    @Test("whoever registers and removes tools without alerts leaves nothing behind")
    func noTrace() throws {
        let disk = try TemporaryStore()
        var make = EventMaker()
        for number in 0..<200 {
            let tool = Tool(code: "T\(number)")
            try disk.ingest([
                KnownToolsTests.registered(tool, "n", 60, &make), make.event(.toolRemoved, tool.code, by: "sup1"),
            ])
        }
        let register = try disk.store.toolRegister()
        #expect(register.entries == ToolRegister.shipped.entries && register.seen.isEmpty && !register.hasMore)
    }

    @Test("a new code in every alarm makes no more rows of counts and figures than the bound, and each alarm is found")
    func hostile() throws {
        let disk = try TemporaryStore()
        var make = EventMaker()
        let count = 1_000
        for start in stride(from: 0, to: count, by: 100) {
            try disk.ingest((start..<start + 100).map { make.raised("s\($0)", tool: Tool(code: "X\($0)")) })
        }
        let (groups, periods, known) = try disk.store.writer.read { db in
            (
                try Int.fetchOne(db, sql: "SELECT count(*) FROM alert_counts") ?? 0,
                try Int.fetchOne(db, sql: "SELECT count(*) FROM alarm_periods") ?? 0,
                try Int.fetchOne(db, sql: "SELECT count(*) FROM known_tools") ?? 0
            )
        }
        #expect(groups <= ToolRegister.mostSeen + 1 && periods <= ToolRegister.mostSeen + 1)
        // And one that says that there are more.
        #expect(known == ToolRegister.mostSeen + 1)
        let register = try disk.store.toolRegister()
        #expect(register.hasMore && register.seen.contains(Tool(code: "X0")))
        for _ in 0..<2 {
            for number in [0, 63, 64, 999] {
                #expect(try found("tool = X\(number)", in: disk.store) == ["s\(number)"])
            }
            #expect(try found("tool = other", in: disk.store).count == count)
            while try disk.store.readColumns(for: nil) {}
        }
        let totals = try totals(disk.store)
        #expect(totals.open == count && totals.part(of: .other).open == count - ToolRegister.mostSeen)
        let report = try #require(try disk.store.floodReport(.actual, now: KnownToolsTests.now))
        #expect(report.tools.count == ToolRegister.mostSeen + 1 && report.tools.first?.key == .other)
    }

    @Test("one that is registered when too many had come is counted by itself from then on, what came before included")
    func late() throws {
        let disk = try TemporaryStore()
        var make = EventMaker()
        try disk.ingest((0..<100).map { make.raised("s\($0)", tool: Tool(code: "X\($0)")) })
        let late = Tool(code: "X99")
        // In one batch: what is counted before it is registered, and what after.
        try disk.ingest([
            make.raised("more", .critical, tool: late), KnownToolsTests.registered(late, "late", 60, &make),
            make.raised("after", .low, tool: late), make.acknowledged("more"),
        ])
        let totals = try totals(disk.store)
        let part = totals.part(of: late)
        #expect(part.open == 3 && part.worstUnacknowledged == .high)
        #expect(totals.open == 102 && totals.part(of: .other).open == 100 - ToolRegister.mostSeen - 1)
        try disk.ingest([make.cleared("after"), make.acknowledged("after")])
        #expect(try self.totals(disk.store).part(of: late).open == 2)
    }

    @Test("one log makes one table of tools, however it was cut into batches", arguments: 1...4)
    func sameFold(seed: UInt64) throws {
        var (make, chance) = (EventMaker(), SeededChance(seed: seed))
        let events = (0..<400).map { number -> Event in
            let tool = Tool(code: "T\(chance.next() % 120)")
            switch chance.next() % 12 {
            case 0: return KnownToolsTests.registered(tool, "n\(number)", 60, &make)
            case 1: return make.event(.toolRemoved, tool.code, by: "sup1")
            default: return make.raised("s\(chance.next() % 90)", tool: tool)
            }
        }
        let (whole, cut) = (try TemporaryStore(), try TemporaryStore())
        try whole.ingest(events)
        var rest = events[...]
        while !rest.isEmpty {
            let count = min(rest.count, 1 + Int(chance.next() % 30))
            try cut.ingest(Array(rest.prefix(count)))
            rest = rest.dropFirst(count)
        }
        for table in ["known_tools", "alert_counts WHERE total > 0", "alarm_periods", "tools"] {
            let rows = try [whole, cut].map { disk in
                try disk.store.writer.read { db in
                    try Row.fetchAll(db, sql: "SELECT * FROM \(table)").map { "\($0)" }.sorted()
                }
            }
            #expect(rows[0] == rows[1] && !rows[0].isEmpty, "\(table)")
        }
        // As a walk over all alerts counts them.
        let known = Set(try whole.store.toolRegister().known)
        let alerts = try whole.store.allAlerts(afterRow: 0, limit: 1_000).map(\.line.alert)
        let walked = Dictionary(grouping: alerts) { known.contains($0.tool) ? $0.tool : .other }.mapValues(\.count)
        let totals = try totals(whole.store)
        let counted = Dictionary(grouping: totals.groups, by: \.tool).mapValues { $0.reduce(0) { $0 + $1.total } }
        #expect(counted == walked)
    }

    @Test("only of tools that can be named it is kept what they last said")
    func reports() throws {
        let disk = try TemporaryStore()
        var make = EventMaker()
        try disk.ingest((0..<200).map { make.event(.toolReported, "Y\($0)", #"{"state":"ok"}"#) })
        #expect(try disk.store.toolReports(.actual).isEmpty)
        try disk.ingest([
            KnownToolsTests.registered(KnownToolsTests.noise, "noise", 600, &make),
            make.event(.toolReported, "NOISE", #"{"state":"degraded","message":"wind"}"#),
        ])
        let report = try #require(try disk.store.toolReports(.actual).first)
        #expect(report.tool == KnownToolsTests.noise && report.state == .degraded && report.message == "wind")
    }

    @Test("sorted by tool, those of the site stand among the others by their code, from the file and from memory")
    func order() throws {
        let disk = try TemporaryStore()
        var make = EventMaker()
        try disk.ingest(["UAD", "NOISE", "FD", "AIR"].map { make.raised("of-\($0)", tool: Tool(code: $0)) })
        let order = try AlertOrder(reading: "tool")
        let query = AlertQuery(realm: .actual, order: order, filter: AlertFilter(show: .all)).at(KnownToolsTests.now)
        for _ in 0..<2 {
            let found = try disk.store.alerts(query, at: .start, limit: 10).lines.map(\.alert.tool.code)
            #expect(found == ["AIR", "FD", "NOISE", "UAD"])
            while try disk.store.readColumns(for: nil) {}
        }
    }
}
