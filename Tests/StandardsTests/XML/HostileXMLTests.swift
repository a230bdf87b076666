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

    @Test("an entity that XML does not define is an error")
    func entity() throws {
        let failure = try Imported(text: AlertText.with(">Storm<", ">St&nbsp;orm<")).failure
        #expect(failure?.line == 12)
        #expect(failure?.reason.hasPrefix("an entity that XML does not define") == true)
        #expect(try Imported(text: AlertText.with(">Storm<", ">&lt;St&#x6F;rm&gt;<")).events.count == 1)
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
        #expect(imported.events.isEmpty)
        // A tag that is cut off is not read, and so the parser may still stand on the line before it.
        let line = text.count { $0 == "\n" } + 1
        #expect(imported.failure.map { (line - 1...line).contains($0.line) } == true)
        let wanted = length == 40 ? "before any XML element" : "the text ends inside <"
        #expect(imported.failure?.reason.contains(wanted) == true, "\(String(describing: imported.failure))")
    }

    @Test("alerts before the fault stand")
    func before() throws {
        let entry = "<entry><content>\(AlertText.inner)</content></entry>"
        let imported = try Imported(text: Self.feed + entry + entry + "<entry></oops>")
        #expect(imported.events.count == 2)
        #expect(imported.failure?.reason.hasPrefix("not well-formed XML: Opening and ending tag mismatch") == true)
        #expect(imported.failure?.reason.contains("\n") == false)
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

    @Test("Latin-1 that is declared is read; undeclared it is an error with its line")
    func latin() throws {
        let text = AlertText.plain.replacing("UTF-8", with: "ISO-8859-1").replacing("Inner fjord", with: "Indre fj@rd")
        let bytes = text.utf8.map { $0 == UInt8(ascii: "@") ? 0xF8 : $0 }
        // The sender's @ turned into ø as well, which is no fault.
        let imported = try Imported(bytes: bytes)
        #expect(imported.events.first?.dataText.contains("Indre fjørd") == true)
        let wrong = String(decoding: bytes.map { $0 == 0xF8 ? UInt8(ascii: "@") : $0 }, as: UTF8.self)
            .replacing("ISO-8859-1", with: "UTF-8").replacing("met@", with: "met-")
        let failure = try Imported(bytes: wrong.utf8.map { $0 == UInt8(ascii: "@") ? 0xF8 : $0 }).failure
        #expect(failure?.line == 19)
        #expect(failure?.reason.hasPrefix("the bytes are not text in the declared encoding") == true)
    }

    @Test("NUL and control characters, an unknown encoding, an unbound prefix")
    func characters() throws {
        let nul = AlertText.plain.utf8.map { $0 == UInt8(ascii: "@") ? 0 : $0 }
        #expect(try Imported(bytes: nul).failure?.line == 4)
        let bell = try Imported(text: AlertText.with(">Storm<", ">St\u{7}rm<"))
        #expect(bell.failure?.line == 12)
        let encoding = try Imported(text: AlertText.with("UTF-8", "UTF-77")).failure
        #expect(encoding?.reason.hasPrefix("the encoding is not known") == true, "\(String(describing: encoding))")
        let prefix = try Imported(text: AlertText.with("<info>", "<x:info>"))
        #expect(prefix.failure?.line == 9, "\(prefix)")
    }

    @Test("a mark and white space before the declaration are passed over, and lines still count")
    func space() throws {
        let imported = try Imported(text: "\u{FEFF}\n\n" + AlertText.plain)
        #expect(imported.lines == [4])
    }
}
