import ControlRoom
import Standards
import Testing

/// JSON of any size, cut well or badly.
@Suite("Import: JSON texts")
struct JSONTextTests {
    private static func event(_ id: String) -> String {
        #"{"specversion":"1.0","id":"\#(id)","source":"/s","type":"t","data":{"features":[1,2],"x":"]}\"{["}}"#
    }

    private static let batch = "[\n" + event("a") + ",\n\n" + event("b") + "\n]\n"
    private static let lines = event("a") + "\n" + event("b") + "\n" + event("c") + "\n"

    @Test("a batch, lines, and events one after the other")
    func many() throws {
        let batch = try Imported(text: Self.batch)
        #expect(batch.events.map(\.id) == ["a", "b"] && batch.lines == [2, 4])
        let lines = try Imported(text: Self.lines)
        #expect(lines.events.map(\.id) == ["a", "b", "c"] && lines.lines == [1, 2, 3])
        #expect(try Imported(text: Self.event("a")).events.count == 1)
    }

    @Test("one bad line is rejected; the others are taken")
    func badLine() throws {
        let text = Self.event("a") + "\n{\"specversion\":\"1.0\"}\n{\"a\":tru}\n" + Self.event("b")
        let imported = try Imported(text: text)
        #expect(imported.events.map(\.id) == ["a", "b"])
        #expect(imported.rejections.map(\.line) == [2, 3])
    }

    @Test("an event of ours with bad data is rejected with the reason; an unknown type is taken")
    func facts() throws {
        let bad =
            #"{"specversion":"1.0","id":"1","source":"s","type":"eu.impetus.alert.raised.v1","#
            + #""data":{"tool":"FD"}}"#
        #expect(
            try Imported(text: bad).rejections.first?.reason
                == "the data of eu.impetus.alert.raised.v1: an alert without tool or severity")
        #expect(try Imported(text: bad.replacing("alert.raised", with: "never.heard")).events.count == 1)
    }

    @Test("byte by byte, the same comes out", arguments: [batch, lines, "[]", " [ ] ", event("x") + " "])
    func dripping(_ text: String) throws {
        let whole = try Imported(text: text)
        let dripped = try Imported(DrippingSource(Array(text.utf8)))
        #expect(dripped.events == whole.events && dripped.lines == whole.lines && dripped.failure == whole.failure)
        #expect(whole.failure == nil)
    }

    static let broken: [(String, Int, String)] = [
        ("", 1, "the file is empty"), (" \n ", 2, "the file is empty"),
        (batch + "x", 6, "'x' stands where a JSON value or the end was expected"),
        (batch + "[]", 6, "'[' stands where"), (lines + "]", 4, "']' stands where"),
        (String(batch.dropLast(3)), 4, "the text ends inside a list"),
        (String(batch.dropLast(5)), 4, "the text ends inside a value"),
        (#"{"specversion":"1.0","#, 1, "the text ends inside a value"),
        (#"{"spec"#, 1, "the text ends inside a string"),
        ("[1,2]", 1, "the format is not known (JSON)"), ("{\n}", 1, "the format is not known (JSON)"),
        ("{\n\"a\":tru}", 2, "not valid JSON"), ("[\n,1]", 2, "',' stands where an element"),
        ("[" + event("a") + event("b") + "]", 1, "'{' stands where ',' or ']' was expected"),
        ("hello", 1, "neither XML nor JSON"), ("\u{1F}\u{8B}\u{8}", 1, "neither XML nor JSON"),
        ("PK\u{3}\u{4}", 1, "a ZIP file"), ("{\u{0}", 1, "JSON in UTF-16"),
        ("{\"type\":\"bundle\",\"objects\":[]}", 1, "the format is not known"),
        ("{\"features\":[],\"features\":[]}", 1, ""),
    ]

    @Test("what cannot be read says why and where", arguments: broken)
    func unreadable(_ text: String, _ line: Int, _ reason: String) throws {
        let imported = try Imported(text: text)
        guard !reason.isEmpty else { return }
        #expect(imported.failure?.line == line, "\(String(describing: imported.failure))")
        #expect(imported.failure?.reason.contains(reason) == true, "\(String(describing: imported.failure))")
    }

    @Test("elements before the fault stand")
    func before() throws {
        #expect(try Imported(text: Self.batch + "x").events.count == 2)
        #expect(try Imported(text: String(Self.batch.dropLast(3))).events.count == 2)
    }

    @Test("UTF-16 and invalid UTF-8")
    func encodings() throws {
        let wide = Self.event("a").utf16.flatMap { [UInt8(truncatingIfNeeded: $0), UInt8($0 >> 8)] }
        #expect(try Imported(bytes: wide).failure?.reason.contains("JSON in UTF-16 or UTF-32") == true)
        #expect(try Imported(bytes: [0xFF, 0xFE] + wide).failure?.reason.contains("JSON in UTF-16") == true)
        let latin = Self.lines.utf8.map { $0 == UInt8(ascii: "x") ? 0xE9 : $0 }
        let imported = try Imported(bytes: latin)
        #expect(imported.rejections.isEmpty == false || imported.failure != nil)
        #expect(imported.events.isEmpty)
        #expect(try Imported(text: "\u{FEFF}" + Self.batch).events.count == 2)
    }

    static let bombs: [(String, String, String)] = [
        ("[", "[", "nested more than 64 levels deep"), ("{\"a\":", "[", "nested more than 64 levels deep"),
        ("{\"features\":[", "{\"a\":", "nested more than 64 levels deep"), ("[\"", "x", "more than 16 MiB"),
        ("{\"features\":[{\"a\":\"", "\\u0020", "more than 16 MiB"), ("{", "\"a\":1,", "more than 16 MiB"),
    ]

    @Test("a gigabyte of nonsense ends early and in little memory", arguments: bombs)
    func bomb(_ head: String, _ pattern: String, _ reason: String) throws {
        let before = peakMemoryMiB()
        let failure = try Imported(EndlessSource(head, pattern)).failure
        #expect(failure?.reason.contains(reason) == true, "\(String(describing: failure))")
        #expect(peakMemoryMiB() - before < 150)
    }

    @Test("a file that is not there")
    func missing() {
        #expect(throws: FileFault.self) { try FileSource(path: "/nowhere/at/all") }
    }
}
