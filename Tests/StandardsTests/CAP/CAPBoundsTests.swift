import ControlRoom
import Standards
import Testing

/// No alert is refused for its length: what is too long is cut, and says so.
@Suite("CAP: bounds")
struct CAPBoundsTests {
    /// What a feed takes of one event, in bytes.
    private static let largestEvent = 1 << 20

    @Test("what stands behind 100,000 elements is passed over, and that is said")
    func tooMany() throws {
        let codes = String(repeating: "<code/>", count: 100_000)
        let imported = try Imported(text: AlertText.with("<info>", codes + "<info>"))
        #expect(try imported.raised().externalID == "A1")
        #expect(try imported.unread().contains("what stands behind 100000 elements was passed over"))
        #expect(try Imported(text: AlertText.with("<info>", "<code/><code/><info>")).notes.isEmpty)
    }

    @Test("a headline of more than 8,000 bytes is cut at a whole character, with a mark")
    func headline() throws {
        let imported = try Imported(
            text: AlertText.with("Storm over the fjord", "x" + String(repeating: "é", count: 1 << 20)))
        let headline = try imported.raised().headline
        #expect(headline == "x" + String(repeating: "é", count: 3_997) + "…")
        #expect(try imported.unread().first?.hasPrefix("<headline> is longer than 8000 bytes") == true)
        let just = "x" + String(repeating: "é", count: 3_999)
        let whole = try Imported(text: AlertText.with("Storm over the fjord", just))
        #expect(try whole.raised().headline == just && whole.notes.isEmpty)
    }

    @Test("a polygon that is too long is left out whole: a part of it would be another")
    func polygon() throws {
        let pairs = String(repeating: "59.0,10.0 59.0,11.0 60.0,11.0 ", count: 40_000)
        let imported = try Imported(text: AlertText.with("<polygon>", "<polygon>\(pairs) 59.0,10.0</polygon><polygon>"))
        #expect(try imported.raised().area?.pointCount == 5)
        #expect(try imported.unread().first?.hasPrefix("<polygon> is longer than") == true)
    }

    @Test("a file that goes with an alert is counted, however long")
    func embedded() throws {
        let deref = String(repeating: "A", count: 5 << 20)
        let resource = "<resource><resourceDesc>d</resourceDesc><derefUri>\(deref)</derefUri></resource><area>"
        let imported = try Imported(text: AlertText.with("<area>", resource))
        #expect(imported.events.count == 1 && imported.notes.isEmpty)
        #expect(imported.events.first?.dataText.contains(String(5 << 20)) == true)
    }

    @Test("an alert that fits into no event keeps its summary, and says what is missing")
    func summary() throws {
        let one =
            "<parameter><valueName>n</valueName><value>\(String(repeating: "v", count: 60_000))</value></parameter>"
        let imported = try Imported(text: AlertText.with("<area>", String(repeating: one, count: 80) + "<area>"))
        let event = try #require(imported.events.first)
        #expect(event.data.bytes.count <= Self.largestEvent)
        let fact = try imported.raised()
        #expect(fact.headline == "Storm over the fjord" && fact.severity == .high && fact.stale != nil)
        #expect(try imported.unread().contains { $0.contains("too long for an event") })
    }

    @Test("however much stands before them, severity and end are read")
    func words() throws {
        let one =
            "<parameter><valueName>n</valueName><value>\(String(repeating: "v", count: 60_000))</value></parameter>"
        let text = AlertText.with("<urgency>", String(repeating: one, count: 80) + "<urgency>")
        let fact = try Imported(text: text).raised()
        #expect(fact.severity == .high && fact.stale == Timestamp(rfc3339: "2026-03-01T21:00:00Z"))
        #expect(fact.headline == "Storm")
    }

    @Test("the worst that every element can hold fits into an event")
    func worst() throws {
        // A backslash takes two bytes in JSON, and DEL six.
        let text = { (count: Int) in String(repeating: "\u{7F}", count: count) }
        var alert = AlertText.with("Storm over the fjord", text(5_000)).replacing(">Storm<", with: ">\(text(5_000))<")
        alert = alert.replacing("<area>", with: "<description>\(text(100_000))</description><area>")
            .replacing(">A1<", with: ">\(text(8_000))<")
            .replacing("<info>", with: "<note>\(text(100_000))</note><info>")
        let event = try #require(try Imported(text: alert).events.first)
        #expect(event.data.bytes.count <= Self.largestEvent)
        _ = try Fact(of: event)
    }

    @Test("remarks are counted once there are twenty")
    func remarks() throws {
        let codes = String(repeating: "<category>Meteo</category>", count: 50)
        let imported = try Imported(text: AlertText.with("<event>", codes + "<event>"))
        #expect(imported.notes.count == 21 && imported.notes.last?.reason == "and 30 remarks more")
        #expect(try imported.raised().headline == "Storm over the fjord")
    }

    @Test("the next alert of a feed is taken behind one that was cut")
    func next() throws {
        let long = AlertText.inner.replacing("Storm over", with: String(repeating: "x", count: 1 << 20))
        let entries = [long, AlertText.inner].map { "<entry><content>\($0)</content></entry>" }
        let feed = "<feed xmlns=\"http://www.w3.org/2005/Atom\">\n" + entries.joined() + "</feed>"
        let imported = try Imported(text: feed)
        #expect(imported.events.count == 2 && imported.rejections.isEmpty)
    }
}
