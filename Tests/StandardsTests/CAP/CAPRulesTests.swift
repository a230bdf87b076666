import ControlRoom
import Standards
import Testing

/// Each rule of the standard that matters, broken once.
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

    static let faults = [
        Fault("<identifier>A1</identifier>", "", 2, "<alert> has no <identifier>"),
        Fault("<sender>met@example.org</sender>", "", 2, "<alert> has no <sender>"),
        Fault("<sent>2026-03-01T10:00:00+01:00</sent>", "", 2, "<alert> has no <sent>"),
        Fault("<status>Actual</status>", "", 2, "<alert> has no <status>"),
        Fault("<msgType>Alert</msgType>", "", 2, "<alert> has no <msgType>"),
        Fault("<scope>Public</scope>", "", 2, "<alert> has no <scope>"),
        Fault("<category>Met</category>", "", 9, "<info> has no <category>"),
        Fault("<event>Storm</event>", "", 9, "<info> has no <event>"),
        Fault("<urgency>Immediate</urgency>", "", 9, "<info> has no <urgency>"),
        Fault("<severity>Severe</severity>", "", 9, "<info> has no <severity>"),
        Fault("<certainty>Likely</certainty>", "", 9, "<info> has no <certainty>"),
        Fault("<areaDesc>Inner fjord</areaDesc>", "", 18, "<area> has no <areaDesc>"),
        Fault("<severity>Severe</severity>", "<severity></severity>", 14, "<severity> is empty"),
        Fault("Severe<", "severe<", 14, "\"severe\" is no value of <severity> in CAP 1.2"),
        Fault(">A1<", ">A 1<", 3, "holds a space"), Fault(">A1<", ">A,1<", 3, "a comma"),
        Fault(">A1<", ">A&lt;1<", 3, "< or &"), Fault(">A1<", ">A&amp;1<", 3, "< or &"),
        Fault(">met@example.org<", ">met office<", 4, "<sender>"),
        Fault("2026-03-01T10:00:00+01:00", "2026-03-01 10:00", 5, "is no dateTime with a zone"),
        Fault("2026-03-01T10:00:00+01:00", "2026-03-01T10:00:00", 5, "is no dateTime with a zone"),
        Fault("2026-03-01T22:00:00+01:00", "2026-02-30T22:00:00+01:00", 16, "<expires>"),
        Fault(" 59.0,10.0</polygon>", "</polygon>", 20, "last pair is not its first"),
        Fault("59.0,10.0 59.0,11.0 60.0,11.0 60.0,10.0 59.0,10.0", "1,1 2,2 1,1", 20, "at least four"),
        Fault("60.0,11.0", "91.0,11.0", 20, "\"91.0,11.0\" lies outside the Earth"),
        Fault("60.0,11.0", "60.0;11.0", 20, "is not a pair"), Fault("60.0,11.0", "60,1e1", 20, "is not a pair"),
        Fault("</polygon>", "</polygon><circle>59,10</circle>", 20, "a circle is"),
        Fault("</polygon>", "</polygon><circle>59,10 -1</circle>", 20, "negative radius"),
        Fault("</polygon>", "</polygon><altitude>high</altitude>", 20, "is not a number"),
        Fault(">Alert<", ">Update<", 2, "msgType is Update, but no <references>"),
        Fault(">Alert<", ">Cancel<", 2, "msgType is Cancel"), Fault(">Alert<", ">Ack<", 2, "msgType is Ack"),
        Fault(">Alert<", ">Error<", 2, "msgType is Error"),
        Fault("<info>", "<references>a,b</references><info>", 9, "the reference \"a,b\""),
        Fault("</identifier>", "</identifier><identifier>B</identifier>", 3, "more than one <identifier>"),
        Fault(">Storm<", ">St<b>or</b>m<", 12, "it takes text alone"),
        Fault("cap:1.2", "cap:1.3", 2, "the namespace urn:oasis:names:tc:emergency:cap:1.3 is not that of CAP"),
        Fault(" xmlns=\"urn:oasis:names:tc:emergency:cap:1.2\"", "", 2, "without a namespace"),
        Fault("cap:1.2\"", "cap:1.1\"", -1, ""),
    ]

    @Test("a broken rule rejects the alert, with its line", arguments: faults)
    func fault(_ fault: Fault) throws {
        let imported = try Imported(text: AlertText.with(fault.old, fault.new))
        #expect(imported.failure == nil)
        guard fault.line > 0 else {
            #expect(imported.events.count == 1)
            return
        }
        #expect(imported.events.isEmpty)
        #expect(imported.rejections.map(\.line) == [fault.line])
        #expect(imported.rejections.first?.reason.contains(fault.reason) == true, "\(imported.rejections)")
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
        let reason = try Imported(text: older).rejections.first?.reason
        #expect(reason == "\"Avoid\" is no value of <responseType> in CAP 1.1")
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

    @Test("an alert of more than 100,000 elements is rejected")
    func tooMany() throws {
        let codes = String(repeating: "<code/>", count: 100_000)
        let imported = try Imported(text: AlertText.with("<info>", codes + "<info>"))
        #expect(imported.rejections.map(\.reason) == ["an alert of more than 100000 elements"])
        #expect(try Imported(text: AlertText.with("<info>", "<code/><code/><info>")).events.count == 1)
    }

    @Test("texts of more than 1 MiB, and alerts of more than 4 MiB, are rejected; the next alert is taken")
    func tooLong() throws {
        let long = String(repeating: "x", count: 1 << 20) + "y"
        let one = "<entry><content>" + AlertText.inner.replacing("Storm over", with: long) + "</content></entry>"
        let deref = String(repeating: "A", count: 5 << 20)
        let resource = "<resource><resourceDesc>d</resourceDesc><derefUri>\(deref)</derefUri></resource><area>"
        let two = "<entry><content>" + AlertText.inner.replacing("<area>", with: resource) + "</content></entry>"
        let three = "<entry><content>" + AlertText.inner + "</content></entry>"
        let feed = "<feed xmlns=\"http://www.w3.org/2005/Atom\">\n" + one + two + three + "</feed>"
        let imported = try Imported(text: feed)
        #expect(
            imported.rejections.map(\.reason) == [
                "<headline> holds more than 1 MiB of text", "an alert of more than 4 MiB of text",
            ])
        #expect(imported.events.count == 1)
    }
}
