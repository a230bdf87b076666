import ControlRoom
import Standards
import Store
import TestSupport
import Testing

/// A CAP message that came whole and cut off: the store in the end shows the whole one, and nothing was quieter for it.
@Suite("CAP messages that are cut off, in the store")
struct CutOffTests {
    private static func text(_ id: String, _ type: String, _ severity: String, _ more: String = "") -> String {
        """
        <alert xmlns="urn:oasis:names:tc:emergency:cap:1.2"><identifier>\(id)</identifier><sender>met</sender>
        <sent>2026-11-23T11:0\(id.count):00-00:00</sent><status>Actual</status><msgType>\(type)</msgType>
        <scope>Public</scope>\(more)<info><category>Met</category><event>Storm</event><urgency>Immediate</urgency>
        <severity>\(severity)</severity><certainty>Likely</certainty><headline>Whole</headline>
        </info></alert>
        """
    }

    /// - Parameter word: where the text is cut off; nil for none of it.
    private static func event(_ text: String, before word: String? = nil) throws -> Event {
        let end = try word.map { try #require(text.firstRange(of: $0)).lowerBound } ?? text.endIndex
        let importer = Importer(name: "file", format: nil, languages: ["en"], receivedAt: EventMaker.noon)
        var source = MemorySource(String(text[..<end]))
        var events: [Event] = []
        do {
            try importer.run(&source) { if case .event(let event, _) = $0 { events.append(event) } }
        } catch is ImportFailure where word != nil {
            // It is cut off.
        }
        return try #require(events.first)
    }

    private static func alert(_ event: Event, in disk: TemporaryStore) throws -> Alert? {
        try disk.store.alert(subject: event.subject ?? "", realm: .actual)?.alert
    }

    @Test(
        "the whole one counts, whichever comes first", arguments: ["<severity>", "<certainty>"], [false, true])
    func orders(_ word: String, _ wholeFirst: Bool) throws {
        let disk = try TemporaryStore()
        let message = Self.text("a", "Alert", "Extreme")
        let (whole, cut) = (try Self.event(message), try Self.event(message, before: word))
        for event in wholeFirst ? [whole, cut] : [cut, whole] {
            guard case .accepted = try disk.ingest(event) else {
                Issue.record("\(event.id) was not taken")
                continue
            }
        }
        let alert = try #require(try Self.alert(whole, in: disk))
        #expect(alert.severity == .critical && alert.headline == "Whole")
        #expect(alert.state(at: EventMaker.noon) == .unacknowledged)
    }

    @Test("an alarm that was acknowledged whole is no quieter for a beginning of it that comes late")
    func lateBeginning() throws {
        let disk = try TemporaryStore()
        let message = Self.text("a", "Alert", "Severe")
        let whole = try Self.event(message)
        try disk.ingest(whole)
        var make = EventMaker()
        try disk.ingest(make.acknowledged(whole.subject ?? "", .high))
        try disk.ingest(try Self.event(message, before: "<headline>"))
        let same = try #require(try Self.alert(whole, in: disk))
        #expect(same.acknowledged && same.severity == .high && same.headline == "Whole")
        // It may be worse than what was acknowledged.
        try disk.ingest(try Self.event(message, before: "<severity>"))
        let worse = try #require(try Self.alert(whole, in: disk))
        #expect(!worse.acknowledged && worse.severity == .critical)
    }

    @Test("an update ends what it names when it is whole, and not before", arguments: [false, true])
    func update(wholeFirst: Bool) throws {
        let disk = try TemporaryStore()
        var make = EventMaker()
        let old = try Self.event(Self.text("a", "Alert", "Extreme"))
        try disk.ingest(old)
        try disk.ingest(make.acknowledged(old.subject ?? ""))
        let named = "<references>met,a,2026-11-23T11:01:00-00:00</references>"
        let message = Self.text("bb", "Update", "Minor", named)
        let (whole, cut) = (try Self.event(message), try Self.event(message, before: "<severity>"))
        if wholeFirst { try disk.ingest(whole) }
        try disk.ingest(cut)
        let before = try #require(try Self.alert(old, in: disk))
        #expect(before.active == !wholeFirst)
        #expect(try Self.alert(cut, in: disk)?.severity == .critical)
        if !wholeFirst { try disk.ingest(whole) }
        let after = try #require(try Self.alert(old, in: disk))
        #expect(!after.active && after.replacedBy == whole.subject)
        #expect(try Self.alert(whole, in: disk)?.active == true)
    }

    @Test("a cancel takes back what it names when it is whole, and not before", arguments: [false, true])
    func cancel(wholeFirst: Bool) throws {
        let disk = try TemporaryStore()
        let old = try Self.event(Self.text("a", "Alert", "Extreme"))
        let named = "<references>met,a,2026-11-23T11:01:00-00:00</references>"
        let message = Self.text("bb", "Cancel", "Minor", named)
        let (whole, cut) = (try Self.event(message), try Self.event(message, before: "<severity>"))
        try disk.ingest(old)
        if wholeFirst { try disk.ingest(whole) }
        try disk.ingest(cut)
        #expect(try Self.alert(old, in: disk)?.active == !wholeFirst)
        if !wholeFirst { try disk.ingest(whole) }
        #expect(try Self.alert(old, in: disk)?.active == false)
        #expect(try Self.alert(whole, in: disk)?.active == false)
    }
}
