import ControlRoom
import Standards
import Testing

/// Documents that are made to hurt their reader, or are simply broken.
@Suite("XML: hostile and broken documents")
struct HostileXMLTests {
    private static let feed = "<feed xmlns=\"http://www.w3.org/2005/Atom\">"

    @Test("billion laughs: a DOCTYPE is refused before any entity is read")
    func laughs() throws {
        let text = """
            <?xml version="1.0"?>
            <!DOCTYPE alert [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;&b;">]>
            <alert xmlns="urn:oasis:names:tc:emergency:cap:1.2"><identifier>&c;</identifier></alert>
            """
        let failure = try Imported(text: text).failure
        #expect(failure?.line == 2)
        #expect(failure?.reason.hasPrefix("a DOCTYPE is declared") == true)
    }

    @Test("a DOCTYPE is refused also where its entities are used, and behind what could be mended")
    func declared() throws {
        let head = "<!-- & -->\n<!DOCTYPE alert [<!ENTITY b \"&a;&a;\">]>\n"
        let imported = try Imported(text: head + AlertText.inner.replacing(">Storm<", with: ">&b;&b;<"))
        #expect(imported.events.isEmpty && imported.failure?.reason.hasPrefix("a DOCTYPE is declared") == true)
    }

    @Test("an entity that XML does not define is a text, and is told of")
    func entity() throws {
        let imported = try Imported(text: AlertText.with(">Storm<", ">St&nbsp;orm<"))
        #expect(imported.failure == nil && imported.events.count == 1)
        #expect(imported.events.first?.dataText.contains("St&nbsp;orm") == true)
        let note = try #require(imported.notes.first { $0.reason.hasPrefix("an entity that XML does not define") })
        #expect(note.line == 12 && note.reason.contains("&nbsp;"))
        let good = try Imported(text: AlertText.with(">Storm<", ">&lt;St&#x6F;rm&gt;<"))
        #expect(good.events.first?.dataText.contains("<Storm>") == true && good.notes.isEmpty)
    }

    struct Bomb: Sendable, CustomTestStringConvertible {
        let head: String
        let pattern: String
        let reason: String

        init(_ head: String, _ pattern: String, _ reason: String) {
            self.head = head
            self.pattern = pattern
            self.reason = reason
        }

        var testDescription: String { pattern }
    }

    private static let huge = "a tag, a comment or the like of more than 10 MB"

    static let bombs = [
        Bomb("<a>", "<a>", "an XML document <a>"), Bomb(feed, "<a>", "nested more than 64 levels deep"),
        Bomb(feed + "<entry><content>", "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx", "the text ends inside <content>"),
        Bomb(AlertText.inner.replacing("</alert>", with: ""), "<code/>", "the text ends inside <alert>"),
        Bomb(feed + "<a b=\"", "xxxxxxxxxxxxxxxx", huge), Bomb(feed + "<!--", "xxxxxxxxxxxxxxxy", huge),
        Bomb(feed + "<", "xxxxxxxxxxxxxxxz", huge), Bomb(feed + "<![CDATA[", "xxxxxxxxxxxxxxxu", ""),
        Bomb(" ", "\n", "the file is empty"),
    ]

    @Test("a gigabyte of nonsense ends with an error and in little memory", arguments: bombs)
    func bomb(_ bomb: Bomb) throws {
        // What libxml2 hands over in small pieces takes a debug build minutes for a gigabyte; 64 MiB show the same.
        let length = bomb.pattern == "<code/>" || bomb.pattern == "\n" ? 1 << 26 : 1 << 30
        let before = peakMemoryMiB()
        let failure = try Imported(EndlessSource(bomb.head, bomb.pattern, length: length)).failure
        #expect(failure?.reason.contains(bomb.reason) == true, "\(String(describing: failure))")
        #expect(peakMemoryMiB() - before < 150)
    }

    @Test("64 levels are read, 65 are not")
    func levels() throws {
        func nested(_ count: Int) -> String {
            Self.feed + String(repeating: "<a>", count: count - 1) + String(repeating: "</a>", count: count - 1)
                + "</feed>"
        }
        #expect(try Imported(text: nested(64)).failure == nil)
        #expect(try Imported(text: nested(65)).failure?.reason.contains("more than 64 levels") == true)
    }

    @Test("where a document is cut off", arguments: [40, 200, 400, 600])
    func truncated(_ length: Int) throws {
        let text = String(AlertText.plain.prefix(length))
        let imported = try Imported(text: text)
        // What names the alert stands in the first 200 bytes.
        #expect(imported.events.count == (length < 200 ? 0 : 1))
        // A tag that is cut off is not read, and so the parser may still stand on the line before it.
        let line = text.count { $0 == "\n" } + 1
        #expect(imported.failure.map { (line - 1...line).contains($0.line) } == true)
        let wanted = length == 40 ? "before any XML element" : "the text ends inside <"
        #expect(imported.failure?.reason.contains(wanted) == true, "\(String(describing: imported.failure))")
    }

    @Test("alerts before the fault stand")
    func before() throws {
        let entry = "<entry><content>\(AlertText.inner)</content></entry>"
        let imported = try Imported(text: Self.feed + entry + entry + "<entry><content <")
        #expect(imported.events.count == 2)
        #expect(imported.failure?.reason.contains("\n") == false)
    }

    @Test("an entry whose tags do not fit loses no entry behind it")
    func mismatch() throws {
        let entry = "<entry><content>\(AlertText.inner)</content></entry>"
        for old in ["</headline>", "</info>", "</alert>"] {
            let bad = entry.replacing(old, with: "")
            let imported = try Imported(text: Self.feed + entry + bad + entry + entry + "</feed>")
            #expect(imported.events.count == 4, "\(old): \(imported.rejections)")
            #expect(imported.notes.contains { $0.reason.contains("Opening and ending tag mismatch") }, "\(old)")
        }
    }

    /// What warnings hold that no XML may, each in the headline of an alert whose area comes behind it.
    static let belowXML: [(text: [UInt8], read: String, told: String)] = [
        (Array("AT&T, rain & wind".utf8), "AT&T, rain & wind", "a bare &"),
        (Array("a&nbsp;b".utf8), "a&nbsp;b", "an entity that XML does not define: &nbsp;"),
        (Array("a".utf8) + [0xE6] + Array("b".utf8), "a\u{FFFD}b", "the bytes are not text"),
        (Array("a".utf8) + [0xC3] + Array("b".utf8), "a\u{FFFD}b", "the bytes are not text"),
        (Array("a\u{B}b".utf8), "a\u{FFFD}b", "forbidden control character"),
        (Array("a&#11;b".utf8), "a&#11;b", "stands for no character"),
        (Array("<![CDATA[a & b\u{B}]]> & c".utf8), "a & b\u{FFFD} & c", "a bare &"),
    ]

    @Test("a fault below the elements costs a warning no more than itself, and is said beside it", arguments: belowXML)
    func below(_ text: [UInt8], _ read: String, _ told: String) throws {
        let halves = AlertText.plain.split(separator: "Storm over the fjord")
        let bytes = Array(halves[0].utf8) + text + Array(halves[1].utf8)
        let imported = try Imported(bytes: bytes)
        #expect(imported.failure == nil && imported.rejections.isEmpty)
        let fact = try imported.raised()
        #expect(fact.headline == read && fact.area?.polygons.count == 1)
        #expect(imported.notes.contains { $0.line == 17 && $0.reason.contains(told) }, "\(imported.notes)")
        let dripped = try Imported(DrippingSource(bytes))
        #expect(dripped.events == imported.events && dripped.notes == imported.notes)
    }

    @Test("a warning that is cut off inside its last polygon is what stands before it, and nothing else")
    func lastPolygon() throws {
        let whole = AlertText.plain
        let end = try #require(whole.firstRange(of: "60.0,11.0 6"))
        let imported = try Imported(text: String(whole[..<end.upperBound]))
        #expect(imported.failure?.reason == "the text ends inside <polygon>")
        let fact = try imported.raised()
        #expect(fact.headline == "Storm over the fjord" && fact.severity == .high && fact.area == nil)
        #expect(try imported.unread().contains { $0.contains("the text ends inside <polygon>") })
        // Of a text that is open so much is kept as came.
        let word = try #require(whole.firstRange(of: "over the f"))
        let cut = try Imported(text: String(whole[..<word.upperBound])).raised()
        #expect(cut.headline.hasPrefix("Storm over") && cut.headline.hasSuffix("…"))
    }

    @Test("a document of faults alone ends")
    func faults() throws {
        let failure = try Imported(EndlessSource(Self.feed, "& ", length: 1 << 24)).failure
        #expect(failure?.reason.hasPrefix("more than 1000 faults") == true)
    }

    @Test("UTF-16 in both orders", arguments: [false, true])
    func wide(_ bigEndian: Bool) throws {
        let text = "\u{FEFF}" + AlertText.plain.replacing("UTF-8", with: "UTF-16").replacing("fjord", with: "fjørd")
        let bytes = text.utf16.flatMap { unit -> [UInt8] in
            let pair = [UInt8(truncatingIfNeeded: unit), UInt8(truncatingIfNeeded: unit >> 8)]
            return bigEndian ? pair.reversed() : pair
        }
        let imported = try Imported(bytes: bytes)
        #expect(imported.events.count == 1, "\(String(describing: imported.failure))")
        #expect(imported.events.first?.dataText.contains("fjørd") == true)
    }

    @Test("Latin-1 that is declared is read; undeclared it is told of with its line")
    func latin() throws {
        let text = AlertText.plain.replacing("UTF-8", with: "ISO-8859-1").replacing("Inner fjord", with: "Indre fj@rd")
        let bytes = text.utf8.map { $0 == UInt8(ascii: "@") ? 0xF8 : $0 }
        // The sender's @ turned into ø as well, which is no fault.
        let imported = try Imported(bytes: bytes)
        #expect(imported.events.first?.dataText.contains("Indre fjørd") == true)
        let wrong = String(decoding: bytes.map { $0 == 0xF8 ? UInt8(ascii: "@") : $0 }, as: UTF8.self)
            .replacing("ISO-8859-1", with: "UTF-8").replacing("met@", with: "met-")
        let read = try Imported(bytes: wrong.utf8.map { $0 == UInt8(ascii: "@") ? 0xF8 : $0 })
        #expect(read.events.first?.dataText.contains("Indre fj\u{FFFD}rd") == true && read.failure == nil)
        let note = read.notes.first { $0.reason.hasPrefix("the bytes are not text in the declared encoding") }
        #expect(note?.line == 19)
    }

    @Test(
        "a bare & is mended in each encoding of one byte a character that is declared, and other bytes are read by it",
        arguments: [
            ("ISO-8859-1", 0xF8, "ø"), ("iso-8859-15", 0xA4, "€"), ("windows-1252", 0x80, "€"),
            ("Windows-1251", 0xC6, "Ж"),
        ] as [(String, UInt8, String)])
    func oneByte(_ encoding: String, _ byte: UInt8, _ read: String) throws {
        let halves = AlertText.plain.replacing("UTF-8", with: encoding).split(separator: "Storm over the fjord")
        let bytes = Array(halves[0].utf8) + Array("A&".utf8) + [byte] + Array(halves[1].utf8)
        let imported = try Imported(bytes: bytes)
        #expect(try imported.failure == nil && imported.raised().headline == "A&" + read, "\(imported)")
        #expect(imported.notes.contains { $0.reason.contains("a bare &") })
    }

    @Test("NUL and control characters, an unknown encoding, an unbound prefix")
    func characters() throws {
        let nul = AlertText.plain.utf8.map { $0 == UInt8(ascii: "@") ? 0 : $0 }
        let zero = try Imported(bytes: nul)
        #expect(zero.events.count == 1 && zero.notes.contains { $0.line == 4 })
        let bell = try Imported(text: AlertText.with(">Storm<", ">St\u{7}rm<"))
        #expect(bell.events.count == 1 && bell.notes.contains { $0.line == 12 })
        let encoding = try Imported(text: AlertText.with("UTF-8", "UTF-77")).failure
        #expect(encoding?.reason.hasPrefix("the encoding is not known") == true, "\(String(describing: encoding))")
        let prefix = try Imported(text: AlertText.with("<info>", "<x:info>"))
        #expect(prefix.events.count == 1 && prefix.notes.contains { $0.line == 9 }, "\(prefix)")
    }

    @Test("what has a prefix that stands for nothing takes no place of what has none, in an alert without a namespace")
    func unboundPrefix() throws {
        let bare = AlertText.inner.replacing(" xmlns=\"urn:oasis:names:tc:emergency:cap:1.2\"", with: "")
        let strange = "<x:severity>Minor</x:severity><severity>"
        let imported = try Imported(text: bare.replacing("<severity>", with: strange))
        #expect(try imported.raised().severity == .high)
        #expect(try imported.unread().contains { $0.contains("more than one") } == false)
        // One that was taken out of a document which declares its prefix is read by that prefix.
        let prefixed = bare.replacing("</", with: "\u{1}").replacing("<", with: "<cap:").replacing(
            "\u{1}", with: "</cap:")
        let mixed = prefixed.replacing("<cap:severity>", with: "<severity>Minor</severity><cap:severity>")
        for text in [prefixed, mixed] {
            let fact = try Imported(text: text).raised()
            #expect(fact.severity == .high && fact.headline == "Storm over the fjord")
        }
    }

    @Test("a mark and white space before the declaration are passed over, and lines still count")
    func space() throws {
        let imported = try Imported(text: "\u{FEFF}\n\n" + AlertText.plain)
        #expect(imported.lines == [4])
    }
}
