import Standards
import Testing

/// Alerts inside other documents.
@Suite("CAP: inside Atom, RSS and EDXL-DE")
struct CAPContainersTests {
    private func escaped(_ text: String) -> String {
        text.replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing(">", with: "&gt;")
    }

    @Test("several entries: the bad one is rejected, the others are taken")
    func feed() throws {
        let good = "<entry><content type=\"text/xml\">\(AlertText.inner)</content></entry>\n"
        let bad = good.replacing("<identifier>A1</identifier>", with: "")
        let feed = "<feed xmlns=\"http://www.w3.org/2005/Atom\">\n" + good + bad + good + "</feed>"
        let imported = try Imported(text: feed)
        #expect(imported.events.count == 2)
        #expect(imported.lines == [2, 46])
        #expect(imported.rejections.map(\.line) == [24])
    }

    @Test("an alert as an embedded element and as escaped text in RSS")
    func rss() throws {
        let second = "<item><description>\(escaped(AlertText.plain))</description></item>"
        let items = "<item>\(AlertText.inner)</item>\n" + second
        let imported = try Imported(text: "<rss version=\"2.0\"><channel>\n\(items)\n</channel></rss>")
        #expect(imported.events.count == 2)
        #expect(imported.lines == [2, 25])
        let broken = items.replacing("&lt;/alert&gt;", with: "")
        let cut = try Imported(text: "<rss version=\"2.0\"><channel>\n\(broken)\n</channel></rss>")
        #expect(cut.events.count == 2 && cut.rejections.isEmpty)
        #expect(cut.notes.contains { $0.reason.hasPrefix("the text ends inside <alert>") })
        let nameless = broken.replacing("&lt;identifier&gt;A1&lt;/identifier&gt;", with: "")
        let rejected = try Imported(text: "<rss version=\"2.0\"><channel>\n\(nameless)\n</channel></rss>").rejections
        let reason = "the text looks like an alert, but cannot be read: the text ends inside <alert>"
        #expect(rejected.first?.reason == reason)
    }

    @Test("escaped text and CDATA in an Atom entry")
    func escapedContent() throws {
        let first = "<entry><content type=\"text\">\(escaped(AlertText.plain))</content></entry>"
        let second = "<entry><content><![CDATA[\(AlertText.plain)]]></content></entry>"
        let feed = "<feed xmlns=\"http://www.w3.org/2005/Atom\">\(first)\(second)</feed>"
        #expect(try Imported(text: feed).events.count == 2)
    }

    @Test("alerts outside the parts that are for them")
    func outside() throws {
        let edxl = "<d:EDXLDistribution xmlns:d=\"urn:oasis:names:tc:emergency:EDXL:DE:1.0\">"
        let loose = try Imported(text: edxl + AlertText.inner + "</d:EDXLDistribution>")
        #expect(loose.rejections.first?.reason.contains("outside any contentObject") == true)
        let empty = try Imported(text: edxl + "<d:contentObject/></d:EDXLDistribution>")
        #expect(empty.rejections.isEmpty && empty.notes.count == 1)
        let rss = try Imported(text: "<rss version=\"2.0\"><channel>\(AlertText.inner)</channel></rss>")
        #expect(rss.rejections.first?.reason.contains("outside any item") == true)
    }

    @Test("a named format must be the one that is there")
    func expected() throws {
        let imported = try Imported(text: AlertText.plain, format: .atom)
        #expect(imported.failure?.reason == "Atom was expected, but this is CAP 1.0, 1.1 or 1.2")
        #expect(try Imported(text: AlertText.plain, format: .cap).events.count == 1)
        #expect(try Imported(text: AlertText.plain, format: .kev).failure?.reason.hasSuffix("this is XML") == true)
        #expect(ImportFormat.named("EDXL-DE") == .edxl)
        let other = try Imported(text: "<html/>")
        #expect(other.failure?.reason.contains("an XML document <html>); understood are CAP") == true)
    }
}
