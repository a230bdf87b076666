import ControlRoom
import Testing

@Suite("Texts that steer no terminal")
struct PlainTextTests {
    /// ECMA-48's controls and Unicode's format characters, some of each kind.
    static let controls: [Unicode.Scalar] = [
        "\u{0}", "\u{7}", "\u{8}", "\r", "\u{B}", "\u{1B}", "\u{1F}", "\u{7F}", "\u{80}", "\u{85}", "\u{90}", "\u{9B}",
        "\u{9C}",
        "\u{9D}", "\u{9F}", "\u{AD}", "\u{61C}", "\u{180E}", "\u{200B}", "\u{200D}", "\u{200E}", "\u{200F}", "\u{2028}",
        "\u{2029}", "\u{202A}", "\u{202E}", "\u{2060}", "\u{2066}", "\u{2069}", "\u{206F}", "\u{FEFF}", "\u{FFF9}",
        "\u{E0001}",
        "\u{E007F}",
    ]

    @Test("a character that steers is replaced, and escaped where it stands in JSON", arguments: controls)
    func steering(_ scalar: Unicode.Scalar) throws {
        let text = "a\(scalar)b"
        #expect(!PlainText.isPlain(scalar))
        #expect(PlainText.shown(text) == "a\u{FFFD}b" && PlainText.shown(text, lines: true) == "a\u{FFFD}b")
        var writer = JSONWriter()
        writer.array { $0.string(text) }
        let escaped = PlainText.escaped(json: writer.text)
        #expect(escaped.unicodeScalars.allSatisfy(PlainText.isPlain))
        let read = try JSONReader.read(Array(escaped.utf8)) { try $0.strings() }
        #expect(read == [text])
    }

    @Test("of all characters, only controls, format characters and separators of lines are not plain")
    func all() {
        let all = (UInt32(0)...0x10FFFF).compactMap(Unicode.Scalar.init)
        let others = all.filter { !PlainText.isPlain($0) }.map(\.value)
        for range in [0...0x1F, 0x7F...0x9F, 0x2028...0x202E, 0xE0020...0xE007F] as [ClosedRange<UInt32>] {
            #expect(range.allSatisfy(others.contains))
        }
        #expect((200..<400).contains(others.count))
    }

    @Test("line feeds and tabs stay where lines are written, and nowhere else")
    func lines() {
        #expect(PlainText.shown("a\n\tb", lines: true) == "a\n\tb")
        #expect(PlainText.shown("a\n\tb") == "a\u{FFFD}\u{FFFD}b")
    }

    @Test(
        "letters, accents, symbols of all planes stay",
        arguments: ["Usulután", "e\u{301}", "火災", "🔥", "…", "\u{FFFD}", ""])
    func plain(_ text: String) {
        #expect(PlainText.shown(text) == text)
        #expect(PlainText.escaped(json: "[\"\(text)\"]") == "[\"\(text)\"]")
    }

    @Test("a text is cut behind so many scalars, however few letters they make")
    func cut() {
        #expect(PlainText.cut("abc", to: 3) == "abc" && PlainText.cut("abcd", to: 3) == "ab…")
        let accents = "e" + String(repeating: "\u{301}", count: 50_000)
        #expect(PlainText.cut(accents).unicodeScalars.count == 2_000)
        #expect(PlainText.cut(String(repeating: "火", count: 2_000)).unicodeScalars.last == "火")
    }
}
