import ControlRoom
import Standards
import Testing

/// Each rule of the standard that matters, broken once: what can be read of a warning is taken.
@Suite("CAP: rules")
struct CAPRulesTests {
    struct Fault: Sendable, CustomTestStringConvertible {
        let old: String
        let new: String
        let line: Int
        let reason: String

        init(_ old: String, _ new: String, _ line: Int, _ reason: String) {
            self.old = old
            self.new = new
            self.line = line
            self.reason = reason
        }

        var testDescription: String { new.isEmpty ? "without " + old : new }
    }

    private static let ring = "59.0,10.0 59.0,11.0 60.0,11.0 60.0,10.0 59.0,10.0"
    private static let sent = "2026-03-01T10:00:00+01:00"

    /// Something of the alert is missing.
    static let unreadFaults = [
        Fault("<status>Actual</status>", "", 2, "<alert> has no <status>"),
        Fault("<status>Actual</status>", "", 2, "without a readable <status> it was taken as Actual"),
        Fault(">Actual<", ">Reale<", 6, "\"Reale\" is no value of <status>"),
        Fault("<msgType>Alert</msgType>", "", 2, "<alert> has no <msgType>"),
        Fault(">Alert<", ">Allarme<", 7, "\"Allarme\" is no value of <msgType>"),
        Fault("<scope>Public</scope>", "", 2, "<alert> has no <scope>"),
        Fault("<category>Met</category>", "", 9, "<info> has no <category>"),
        Fault(">Met<", ">Meteo<", 11, "\"Meteo\" is no value of <category>"),
        Fault("<event>Storm</event>", "", 9, "<info> has no <event>"),
        Fault("<urgency>Immediate</urgency>", "", 9, "<info> has no <urgency>"),
        Fault(">Immediate<", ">Foobar<", 13, "\"Foobar\" is no value of <urgency>"),
        Fault("<severity>Severe</severity>", "", 9, "<info> has no <severity>"),
        Fault("<severity>Severe</severity>", "<severity></severity>", 14, "<severity> is empty"),
        Fault("<certainty>Likely</certainty>", "", 9, "<info> has no <certainty>"),
        Fault("<areaDesc>Inner fjord</areaDesc>", "", 18, "<area> has no <areaDesc>"),
        Fault("2026-03-01T22:00:00+01:00", "2026-02-30T22:00:00+01:00", 16, "<expires>"),
        Fault("<expires>", "<onset>tonight</onset><expires>", 16, "<onset> \"tonight\" is no dateTime"),
        Fault(ring, "", 20, "<polygon> is empty"), Fault(ring, " \n ", 20, "<polygon> is empty"),
        Fault("<polygon>\(ring)</polygon>", "<polygon/>", 20, "<polygon> is empty"),
        Fault(ring, "1,1 2,2 1,1", 20, "a polygon of 3 pairs; at least four"),
        Fault("60.0,11.0", "91.0,11.0", 20, "\"91.0,11.0\" lies outside the Earth"),
        Fault("60.0,11.0", "60.0;11.0", 20, "is not a pair"), Fault("60.0,11.0", "60,1e1", 20, "is not a pair"),
        Fault("</polygon>", "</polygon><circle/>", 20, "<circle> is empty"),
        Fault("</polygon>", "</polygon><circle>59,10</circle>", 20, "a circle is"),
        Fault("</polygon>", "</polygon><circle>59,10 -1</circle>", 20, "negative radius"),
        Fault("</polygon>", "</polygon><altitude>high</altitude>", 20, "is not a number"),
        Fault("</polygon>", "</polygon><geocode>here</geocode>", 20, "<geocode> has no <valueName>"),
        Fault("</polygon>", "</polygon><geocode/>", 20, "<geocode> has no <valueName>"),
        Fault("</polygon>", "</polygon><geocode><value>1</value></geocode>", 20, "<geocode> has no <valueName>"),
        Fault(">Alert<", ">Update<", 2, "msgType is Update, but no <references>"),
        Fault("<info>", "<references>a,b</references><info>", 9, "the reference \"a,b\""),
        Fault("<info>", "<info/><info>", 9, "<info> is empty"), Fault("<area>", "<area/><area>", 18, "<area> is empty"),
        Fault("<area>", "<resource/><area>", 18, "<resource> is empty"),
        Fault("</identifier>", "</identifier><identifier>B</identifier>", 3, "more than one <identifier>"),
        Fault(">Storm<", ">St<b>or</b>m<", 12, "<event> holds <b>; its text alone was taken"),
    ]

    /// It was read, though it is against the standard.
    static let readFaults = [
        Fault("Severe<", "severe<", 14, "\"severe\" is no value of <severity> in CAP 1.2; it was read as Severe"),
        Fault(">A1<", ">A 1<", 3, "holds a space"), Fault(">A1<", ">A,1<", 3, "a comma"),
        Fault(">A1<", ">A&lt;1<", 3, "< or &"), Fault(">A1<", ">A&amp;1<", 3, "< or &"),
        Fault(">met@example.org<", ">met office<", 4, "<sender>"),
        Fault(sent, "2026-03-01T10:00:00", 5, "is no dateTime with a zone; it was read as UTC"),
        Fault(sent, "2026-03-01 10:00:00", 5, "is no dateTime with a zone; it was read as UTC"),
        Fault(" 59.0,10.0</polygon>", "</polygon>", 20, "whose last pair is not its first; it was closed"),
        Fault(" xmlns=\"urn:oasis:names:tc:emergency:cap:1.2\"", "", 2, "without a namespace"),
    ]

    @Test("what cannot be read of an alert is said beside it, and the alert is taken", arguments: unreadFaults)
    func unread(_ fault: Fault) throws {
        let imported = try Imported(text: AlertText.with(fault.old, fault.new))
        #expect(imported.failure == nil && imported.rejections.isEmpty, "\(imported.rejections)")
        #expect(try imported.raised().headline == "Storm over the fjord")
        let isSaid = imported.notes.contains { $0.line == fault.line && $0.reason.contains(fault.reason) }
        #expect(isSaid, "\(imported.notes)")
        #expect(try imported.unread().contains { $0.contains(fault.reason) })
    }

    @Test("what is against the standard and can be read is taken whole, with a note", arguments: readFaults)
    func read(_ fault: Fault) throws {
        let imported = try Imported(text: AlertText.with(fault.old, fault.new))
        let fact = try imported.raised()
        #expect(fact.severity == .high && fact.area?.pointCount == 5 && fact.kind == "Storm")
        #expect(imported.notes.map(\.line) == [fault.line])
        #expect(imported.notes.first?.reason.contains(fault.reason) == true, "\(imported.notes)")
        #expect(try imported.unread().isEmpty)
    }

    @Test(
        "an alert that cannot be known as one is refused, with its line",
        arguments: [
            Fault("<identifier>A1</identifier>", "", 2, "<alert> has no <identifier> that can be read"),
            Fault("<identifier>A1</identifier>", "<identifier/>", 2, "<alert> has no <identifier>"),
            Fault("<sender>met@example.org</sender>", "", 2, "<alert> has no <sender> that can be read"),
            Fault("<sent>\(sent)</sent>", "", 2, "<alert> has no <sent> that can be read"),
            Fault(sent, "yesterday", 2, "<alert> has no <sent> that can be read"),
            Fault("cap:1.2", "cap:1.3", 2, "the namespace urn:oasis:names:tc:emergency:cap:1.3 is not that of CAP"),
        ])
    func refused(_ fault: Fault) throws {
        let imported = try Imported(text: AlertText.with(fault.old, fault.new))
        #expect(imported.failure == nil && imported.events.isEmpty)
        #expect(imported.rejections.map(\.line) == [fault.line])
        #expect(imported.rejections.first?.reason.contains(fault.reason) == true, "\(imported.rejections)")
    }

    @Test("where the time of sending cannot be read, since when it holds stands in its place")
    func sentUnreadable() throws {
        let text = AlertText.with(CAPRulesTests.sent, "yesterday")
            .replacing("<expires>", with: "<effective>2026-03-01T11:00:00+01:00</effective><expires>")
        let imported = try Imported(text: text)
        #expect(imported.events.first?.time == Timestamp(rfc3339: "2026-03-01T10:00:00Z"))
        #expect(try imported.unread() == ["<sent> \"yesterday\" is no dateTime with a zone"])
    }

    @Test("a message that must name another and does not takes effect on none", arguments: ["Cancel", "Ack", "Error"])
    func withoutReferences(_ kind: String) throws {
        let imported = try Imported(text: AlertText.with(">Alert<", ">\(kind)<"))
        #expect(imported.events.first?.type.rawValue == "eu.impetus.cap.received.v1")
        #expect(try imported.unread().first?.contains("msgType is \(kind), but no <references>") == true)
    }

    @Test("of several references those that can be read count")
    func someReferences() throws {
        let references = "<references>a,b met@example.org,A0,2026-03-01T09:00:00-00:00</references><info>"
        let text = AlertText.with("<info>", references).replacing(">Alert<", with: ">Update<")
        #expect(try Imported(text: text).raised().replaces == ["cap/met@example.org,A0,2026-03-01T09:00:00Z"])
    }

    @Test("names that differ make alerts that differ, whatever they hold and however long they are")
    func names() throws {
        let long = String(repeating: "x", count: 3_000)
        func event(_ sender: String, _ identifier: String) throws -> Event {
            let text = AlertText.with(">A1<", ">\(identifier)<").replacing(">met@example.org<", with: ">\(sender)<")
            return try #require(try Imported(text: text).events.first)
        }
        let events = [
            try event("a", "b,c"), try event("a,b", "c"), try event("a", "b c"), try event("a", long + "1"),
            try event("a", long + "2"), try event(long, "b"), try event(long + " ", "b"),
        ]
        #expect(Set(events.map(\.id)).count == 6 && Set(events.map(\.subject)).count == 6)
        for event in events {
            let lengths = [event.id, event.source, event.subject ?? ""].map(\.utf8.count)
            #expect(lengths.allSatisfy { $0 <= 500 })
        }
    }

    @Test("the plain alert is taken without a word")
    func plain() throws {
        let imported = try Imported(text: AlertText.plain)
        #expect(imported.events.count == 1)
        #expect(imported.lines == [2])
        #expect(imported.rejections.isEmpty && imported.notes.isEmpty && imported.failure == nil)
    }

    @Test("words of a later version are none of an earlier one")
    func versions() throws {
        let avoid = AlertText.with("<urgency>", "<responseType>Avoid</responseType><urgency>")
        #expect(try Imported(text: avoid).events.count == 1)
        let older = String(avoid).replacing("cap:1.2", with: "cap:1.1")
        let imported = try Imported(text: older)
        #expect(imported.events.count == 1)
        let remark = "\"Avoid\" is no value of <responseType> in CAP 1.1; it was read as Avoid"
        #expect(imported.notes.map(\.reason) == [remark])
    }

    @Test("CAP 1.0: no scope, no category, codes as name=value, references as identifier/sender, a password")
    func old() throws {
        let items = try CAPReader.items(in: Array(AlertText.old.utf8))
        guard case .message(let message, _)? = items.first else { throw ImportFailure(line: 0, reason: "\(items)") }
        #expect(message.version == .v10)
        #expect(message.scope == nil)
        #expect(message.references == [CAPReference(sender: "met@example.org", identifier: "O0", sent: nil)])
        #expect(message.infos.first?.eventCodes == [CAPNamedValue(name: "SAME", value: "SVR")])
        #expect(message.infos.first?.areas.first?.geocodes == [CAPNamedValue(name: "FIPS6", value: "006109")])
        let event = message.event()
        #expect(!String(decoding: event.data.bytes, as: UTF8.self).contains("hunter2"))
        _ = try Fact(of: event)
    }

    @Test("an unknown element is passed over with a note; Z as zone is read with one")
    func notes() throws {
        let unknown = try Imported(text: AlertText.with("</polygon>", "</polygon><Point><x>1</x></Point>"))
        #expect(unknown.events.count == 1)
        #expect(unknown.notes.map(\.line) == [20])
        let zulu = try Imported(text: AlertText.with("2026-03-01T10:00:00+01:00", "2026-03-01T09:00:00Z"))
        #expect(zulu.events.first?.subject == "cap/met@example.org,A1,2026-03-01T09:00:00Z")
        #expect(zulu.notes.map(\.line) == [5])
        let future = try Imported(text: AlertText.with("2026-03-01T10:00:00+01:00", "2036-03-01T10:00:00+01:00"))
        #expect(future.notes.first?.reason.contains("in the future") == true)
    }
}
