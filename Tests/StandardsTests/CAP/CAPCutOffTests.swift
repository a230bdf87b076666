import ControlRoom
import Standards
import Testing

/// A message of which only the beginning came: what it is called, how bad it is, and what it must not do to others.
@Suite("CAP: messages that are cut off")
struct CAPCutOffTests {
    private static func before(_ word: String, in text: String = AlertText.plain) throws -> Imported {
        let place = try #require(text.firstRange(of: word))
        return try Imported(text: String(text[..<place.lowerBound]))
    }

    private static let reference = "<references>met@example.org,A0,2026-03-01T09:00:00-00:00</references><info>"

    private static func naming(_ type: String) -> String {
        AlertText.with("<info>", reference).replacing(">Alert<", with: ">\(type)<")
    }

    @Test("it has a name of its own beside the whole one, about the same alert, and is the older news of the two")
    func name() throws {
        let whole = try #require(try Imported(text: AlertText.plain).events.first)
        let cut = try #require(try Self.before("<severity>").events.first)
        #expect(cut.id.hasPrefix(whole.id + ",cut,") && cut.source == whole.source)
        #expect(cut.subject == whole.subject && cut.type == .alertRaised)
        let (early, late) = (try #require(cut.time), try #require(whole.time))
        #expect(early < late && late.seconds(since: early) < 0.01)
    }

    @Test("another cut is another event; the same cut again is the same, whoever reads it")
    func again() throws {
        let first = try #require(try Self.before("<severity>").events.first)
        let other = try #require(try Self.before("<certainty>").events.first)
        #expect(first.id != other.id)
        #expect(try Self.before("<severity>").events.first == first)
        let place = try #require(AlertText.plain.firstRange(of: "<severity>"))
        let text = String(AlertText.plain[..<place.lowerBound])
        #expect(try Imported(text: text, languages: ["it", "en"]).events.first?.id == first.id)
    }

    @Test(
        "before its severity was read it is as bad as any may be, and says so",
        arguments: ["<status>", "<info>", "<language>", "<event>", "<severity>", "vere</severity>", "</severity>"])
    func unknownSeverity(_ word: String) throws {
        let cut = try Self.before(word)
        #expect(try cut.raised().severity == .critical)
        #expect(try cut.unread().first?.hasSuffix("without a severity it counts as the worst") == true)
    }

    @Test(
        "behind its severity it is as bad as that says", arguments: ["<certainty>", "<polygon>", "</info>", "</alert>"])
    func knownSeverity(_ word: String) throws {
        let cut = try Self.before(word)
        #expect(try cut.raised().severity == .high)
        #expect(try cut.unread().contains { $0.contains("counts as the worst") } == false)
    }

    @Test("the infos before do not say how bad the one is that was cut")
    func secondInfo() throws {
        let second = "</info><info><language>it-IT</language><event>Tempesta</event><severity>Minor</severity>"
        let text = AlertText.with("</info>\n</alert>", second)
        #expect(try Self.before("<severity>Minor", in: text).raised().severity == .critical)
        #expect(try Imported(text: text).raised().severity == .high)
    }

    @Test("an update that is cut off takes no place of others; what it names is kept beside it")
    func update() throws {
        #expect(try Imported(text: Self.naming("Update")).raised().replaces.count == 1)
        let cut = try Self.before("<expires>", in: Self.naming("Update"))
        #expect(try cut.raised().replaces.isEmpty)
        #expect(try cut.unread().first?.hasSuffix("the messages that it names stay as they are") == true)
        #expect(cut.events.first?.dataText.contains(#""references":[{"sender":"met@example.org""#) == true)
    }

    @Test("a cancel that is cut off takes nothing back, and raises nothing")
    func cancel() throws {
        #expect(try Imported(text: Self.naming("Cancel")).events.first?.type == .alertCancelled)
        let cut = try #require(try Self.before("<expires>", in: Self.naming("Cancel")).events.first)
        #expect(cut.type.rawValue == "eu.impetus.cap.received.v1")
        #expect(!cut.dataText.contains(#""cancels""#))
    }

    @Test("inside an entry, as escaped text, it is the same")
    func escaped() throws {
        let place = try #require(AlertText.inner.firstRange(of: "<severity>"))
        let inner = AlertText.inner[..<place.lowerBound].replacing("<", with: "&lt;")
        let feed = "<feed xmlns=\"http://www.w3.org/2005/Atom\"><entry><content>\(inner)</content></entry></feed>"
        let imported = try Imported(text: feed)
        #expect(try imported.raised().severity == .critical)
        #expect(imported.events.first?.id.contains(",cut,") == true)
    }
}
