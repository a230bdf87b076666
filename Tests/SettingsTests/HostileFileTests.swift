import Foundation
import Settings
import Testing

@Suite("Hostile files")
struct HostileFileTests {
    private static func many(_ part: String, _ count: Int) -> String { String(repeating: part, count: count) }

    /// Each of these ends the process when the parser sees it, or is near to that; the last two hide behind texts that
    /// could be taken for other things.
    struct Nested: CustomTestStringConvertible {
        let text: String
        let line: Int
        var testDescription: String { "\(text.prefix(24))…" }
    }

    static let nested = [
        Nested(text: "a = 1\na" + many(".a", 60_000) + " = 1", line: 2),
        Nested(text: "[a" + many(".a", 60_000) + "]\nb = 1", line: 1),
        Nested(text: "[[a" + many(".a", 60_000) + "]]\nb = 1", line: 1),
        Nested(text: "a = " + many("[", 100_000) + many("]", 100_000), line: 1),
        Nested(text: "a = " + many("{ a = ", 20_000) + "1" + many("}", 20_000), line: 1),
        Nested(text: "a = [\n" + many("{ a.a.a.a.a.a.a.a.a = [", 9_000), line: 2),
        Nested(text: "a = '''\n\"'''\nb" + many(".\"a\"", 50_000) + " = 1", line: 3),
        Nested(text: "a = \"\\\"\"\nb" + many(" . 'a.a'", 20_000) + " = 1", line: 2),
    ]

    /// What is wrong with a text, as it is shown; nothing if it is taken.
    private func refusal(_ text: String, file: String = "x.toml", _ bounds: FileBounds = .small) -> String? {
        do {
            _ = try SettingsFile(text, file: file, bounds: bounds)
            return nil
        } catch {
            return error.description
        }
    }

    @Test("a text that nests too deep never reaches the parser", arguments: nested)
    func deep(nested: Nested) {
        let expected = "x.toml:\(nested.line): nested more than 40 deep"
        #expect(refusal(nested.text) == expected)
        #expect(refusal(nested.text, .pack) == expected)
        #expect(refusal(nested.text, FileBounds(bytes: 1 << 20, keys: 100_000, depth: 1000)) == expected)
    }

    @Test("the deepest text that does reach it is taken, and written as JSON, on a small stack")
    func deepest() async {
        let text = "a = " + Self.many("[", 38) + Self.many("]", 38)
        let json = await withCheckedContinuation { continuation in
            let thread = Thread {
                continuation.resume(returning: try? SettingsFile.json(text, file: "x.toml"))
            }
            thread.stackSize = 256 * 1024
            thread.start()
        }
        let expected = "{\"a\":" + Self.many("[", 38) + Self.many("]", 38) + "}"
        #expect(json.map { String(decoding: $0, as: UTF8.self) } == expected)
    }

    @Test(
        "a null ends nothing early",
        arguments: [
            "[styles]\n\0text = 3", "[styles]\r\ntext = '\0'", "[styles]\n\"text\\u0000\" = {}",
            "[styles]\ntext = \"\\U00000000\"",
        ])
    func null(text: String) {
        #expect(refusal(text) == "x.toml:2: a null character")
    }

    @Test(
        "a text as large as its bounds is read, a larger one is refused",
        arguments: [
            (FileBounds.small, "256 KiB"), (.pack, "4 MiB"), (FileBounds(bytes: 1536, keys: 1), "1 KiB"),
        ])
    func size(bounds: FileBounds, shown: String) {
        let text = "#" + Self.many("x", bounds.bytes - 1)
        #expect(refusal(text, bounds) == nil)
        #expect(refusal(text + "x", bounds) == "x.toml: larger than \(shown)")
    }

    @Test("a text with as many keys and items as its bounds is read, one with more is refused")
    func keys() {
        let bounds = FileBounds(bytes: 1 << 20, keys: 1000)
        let text = (1...496).map { "k\($0) = 1\n" }.joined() + "list = [1, 2,\n 3]\n"
        let rest = (1...500).map { "r\($0) = 1\n" }.joined()
        #expect(refusal(text + rest, bounds) == nil)
        #expect(refusal(text + rest + "one.more = 1", bounds) == "x.toml:999: more than 1000 keys and items")
    }

    @Test("a warning cannot steer the terminal")
    func escapes() throws {
        var reading = try Reading("[styles]\n\"\\u001b[2J\\u202e\" = {}", file: "\u{1b}x.toml")
        let found = reading.section("styles", in: reading.root)
        let section = try #require(found)
        reading.refuseOthers(than: ["text"], in: section)
        let warning = try #require(reading.warnings.first)
        #expect(!warning.description.unicodeScalars.contains { $0.value < 0x20 || $0.value == 0x202E })
        #expect(warning.description.hasPrefix("?x.toml:"))
    }

    @Test(
        "odd texts do no harm",
        arguments: [
            "", "\u{FEFF}[styles]", "a = nan\nb = inf", "a = 2020-01-01", "a = 2020-13-45", "a = +-.", "a = 1__2",
            "a = ._.", "\"\" = 1", "a = 9223372036854775807", "a = 9223372036854775808",
            "[styles]\r\ntext = {}\r\n", "a = [[], [[]], [{}]]",
        ])
    func odd(text: String) {
        #expect(refusal(text) != "")
    }
}
