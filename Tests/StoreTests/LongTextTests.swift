import ControlRoom
import TestSupport
import Testing

@testable import Store

@Suite("Long texts in the store")
struct LongTextTests {
    @Test("An alert with texts of a mebibyte is folded; its row has what a list shows, and the log all that came")
    func mebibyte() throws {
        let disk = try TemporaryStore()
        var make = EventMaker()
        let long = String(repeating: "w", count: 200_000)
        let event = make.raised(
            "s", .critical, headline: long,
            "\"description\":\"\(long)\",\"site\":\"\(long)\",\"area_name\":\"\(long)\",\"kind\":\"\(long)\","
                + "\"cap\":{\"contact\":\"\(long)\",\"\(long)\":\"x\"}")
        #expect(try disk.ingest(event) == .accepted(sequence: 1, outcome: .applied))
        try disk.settle()
        let line = try #require(try disk.store.alert(subject: "s", realm: .actual))
        #expect(line.alert.headline.utf8.count == TextBound.line && line.alert.headline.hasSuffix(TextBound.mark))
        #expect(line.alert.kind.utf8.count == TextBound.attribute)
        #expect(line.alert.latchedSeverity == .critical)
        let detail = try #require(try disk.store.detail(row: line.row))
        #expect(detail.description?.utf8.count == TextBound.prose)
        #expect(detail.extras.count == 2)
        #expect(detail.extras.allSatisfy { $0.name.utf8.count + $0.value.utf8.count <= 2 * TextBound.line })
        #expect(try disk.store.read(after: 0, limit: 1).first?.data == event.data)
    }

    @Test("An alert is found by the long identifier of its source, as that wrote it")
    func identifier() throws {
        let disk = try TemporaryStore()
        var make = EventMaker()
        let long = String(repeating: "i", count: 3_000)
        try disk.ingest(make.raised("s", .high, "\"external_id\":\"\(long)\""))
        #expect(try disk.store.alerts(named: long).map(\.line.alert.subject) == ["s"])
        #expect(try disk.store.alerts(named: long + "i").isEmpty)
    }
}
