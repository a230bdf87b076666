import ControlRoom
import TestSupport
import Testing

@testable import Store

@Suite("What a flood is made of")
struct FloodReportTests {
    @Test("by district and tool, as a walk over all alarms counts it, from the file and from memory", arguments: 1...6)
    func parts(seed: UInt64) throws {
        let disk = try TemporaryStore()
        var (make, chance) = (EventMaker(), SeededChance(seed: seed))
        for number in 0..<20 { try disk.ingest(make.raised("before-\(number)", .low), at: EventMaker.noon) }
        let start = EventMaker.noon.adding(seconds: 3_600)
        for number in 0..<90 {
            let now = start.adding(seconds: Double(number) * 10)
            make.time = now.adding(seconds: -chance.unit() * 600)
            let subject = "s\(chance.next() % 70)"
            let district = chance.next() % 3 == 0 ? "" : "\"district\":\"d\(chance.next() % 3)\""
            let tool = [Tool.fd, .uad, .wms, Tool(code: "NOISE")][Int(chance.next() % 4)]
            var event = make.raised(subject, .allCases[Int(chance.next() % 5)], tool: tool, district)
            if chance.next() % 9 == 0 { event.exercise = "x" }
            try disk.ingest(event, at: now)
            if chance.next() % 4 == 0 { try disk.ingest(make.acknowledged("s\(chance.next() % 70)"), at: now) }
            if chance.next() % 4 == 0 { try disk.ingest(make.cleared("s\(chance.next() % 70)"), at: now) }
        }
        let now = start.adding(seconds: 900)
        let fromFile = try #require(try disk.store.floodReport(.actual, now: now))
        #expect(fromFile.flood.start == start && fromFile.first.count == FloodReport.firstCount)
        let all = try disk.store.allAlerts(afterRow: 0, limit: 1_000).filter { $0.realm == .actual }.map(\.line)
        let those = all.filter { $0.alert.alarmed.map { $0 >= start } ?? false }
        for (key, group) in Dictionary(grouping: those, by: \.alert.district) {
            let part = fromFile.districts.first { $0.key == key }
            #expect(
                part?.count == group.count && part?.waiting == group.count { $0.key.value < Alert.firstAttendedNeed })
        }
        for (key, group) in Dictionary(grouping: those, by: \.alert.tool) {
            #expect(fromFile.tools.first { $0.key == key }?.count == group.count)
        }
        #expect(fromFile.districts.reduce(0) { $0 + $1.count } == those.count && those.count > 30)
        while try disk.store.readColumns(for: nil) {}
        #expect(try disk.store.floodReport(.actual, now: now) == fromFile)
        // Memory follows what comes.
        try disk.ingest(make.raised("new", .high), at: now)
        let later = try #require(try disk.store.floodReport(.actual, now: now))
        #expect(later.tools.reduce(0) { $0 + $1.count } == those.count + 1)
    }

    @Test("of every alarm, however many there are and however far the clocks of their sources are behind")
    func whole() throws {
        let disk = try TemporaryStore()
        var make = EventMaker()
        make.time = EventMaker.noon.adding(seconds: -7_200)
        let behind = (0..<100).map { make.raised("behind-\($0)", .low, tool: .uad) }
        make.time = EventMaker.noon
        let others = (0..<10_100).map { make.raised("s\($0)", .low, tool: .fd) }
        try disk.ingest(behind + others, at: EventMaker.noon)
        let report = try #require(try disk.store.floodReport(.actual, now: EventMaker.noon.adding(seconds: 60)))
        #expect(report.flood.total == 10_200)
        #expect(report.tools.map(\.key) == [.fd, .uad] && report.tools.map(\.count) == [10_100, 100])
        #expect(report.districts.map(\.count) == [10_200] && report.districts.map(\.waiting) == [10_200])
    }
}
