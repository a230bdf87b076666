import Foundation
import Testing

@testable import Settings

@Suite("Lines of keys")
struct OutlineTests {
    @Test("comments, strings, nesting and items of arrays are followed as the parser does")
    func lines() throws {
        let text = """
            # a = "[b]"
            one = "a # no comment" # [x]
            "two.three" = '''
            [not.a.table]
            ''''' # ends with two quotes
            four = [ 1, [2,
              3], { five = "]", six = "\\"}" },
            ]
            [seven . 'eight']
            nine = -1_000.5
            [[list]]
            [list.inner]
            ten = \"\"
            [[list]]
            ten.eleven = 1.5
            [[list.more]]
            [[list.more]]
            twelve = true
            """
        let outline = try SourceOutline(text, file: "x.toml")
        let expected: [([String], Int)] = [
            (["one"], 2), (["two.three"], 3), (["four"], 6), (["four", "1"], 6), (["four", "1", "1"], 7),
            (["four", "2", "six"], 7), (["seven", "eight"], 9), (["seven", "eight", "nine"], 10),
            (["list", "0"], 11), (["list", "0", "inner", "ten"], 13), (["list", "1", "ten", "eleven"], 15),
            (["list", "1", "more", "0"], 16), (["list", "1", "more", "1", "twelve"], 18),
            (["list", "1", "nowhere", "at", "all"], 14), (["unknown"], 1),
        ]
        for (path, line) in expected { #expect(outline.line(of: path) == line, "\(path)") }
        #expect(throws: Never.self) { try Reading(text, file: "x.toml") }
    }

    /// What the parser must not see, with the line and the reason.
    static let refused: [(text: String, line: Int, reason: String)] = [
        ("[=a]", 1, "expected a key, saw \"=\""),
        ("[]", 1, "expected a key, saw \"]\""),
        ("[a.]", 1, "expected a key, saw \"]\""),
        ("a = [ }", 1, "expected a value, saw \"}\""),
        ("a = [ 1 2 ]", 1, "expected , or ] in a list, saw \"2\""),
        ("a = [\n1,\n", 3, "expected a value, saw the end of the file"),
        ("a = { b = 1, }", 1, "expected a key, saw \"}\""),
        ("a = { b = 1\n}", 1, "expected }, saw the end of the line"),
        ("a = 1\n\nb = ink", 3, "\"ink\" is no value; a text stands in quotes"),
        ("a = 1e5", 1, "\"1e5\" is no value; a text stands in quotes"),
        ("a = 2026-11-23", 1, "\"2026-11-23\" is no number; a date stands in quotes, as a text"),
        ("a = 2026-11-23T02:55:00Z", 1, "\"2026-11-23T02\" is no value; a text stands in quotes"),
        ("a = [\n  07:32:00]", 2, "expected , or ] in a list, saw \":\""),
        ("a = 0x10", 1, "\"0x10\" is no value; a text stands in quotes"),
        ("a = 1 b = 2", 1, "expected the end of the line, saw \"b\""),
        ("a =\nb = 2", 1, "expected a value, saw the end of the line"),
        ("è = 1", 1, "expected a key, saw \"è\""),
        ("a = \"x\nb = 2", 1, "a text has no closing quote"),
        ("a = \"x\\\nb = 2", 1, "a text has no closing quote"),
        ("a = \"\"\"x\n\nb = 2", 1, "a text has no closing quotes"),
        ("\"\"\"a\"\"\" = 2", 1, "a key cannot be a text of several lines"),
    ]

    @Test("what is not TOML is refused before the parser sees it", arguments: refused)
    func refusal(text: String, line: Int, reason: String) {
        #expect(throws: Warning(file: "x.toml", line: line, reason: reason)) {
            try SourceOutline(text, file: "x.toml")
        }
    }

    /// The parser fails an assertion, and so ends the tests, on any of these that the scan should let through wrongly.
    @Test("no cut and no changed byte of a text ends the process")
    func broken() throws {
        let start = """
            name = "x"
            [styles]
            text = { fg = "ink", bg = -2.5 } # no
            low.attributes = [ "bold", 'dim' ]
            [[root.children]]
            title =
            """
        let all = Array((start + " \"\"\"a\\\"\nb\"\"\"\n").utf8)
        for end in all.indices { try parse(all[..<end]) }
        for place in all.indices {
            for byte in Array("[]{}\"'=,.#\\\n\r\t +-_:0e\u{7F}\u{1}".utf8) {
                try parse(all[..<place] + [byte] + all[(place + 1)...])
                try parse(all[..<place] + [byte] + all[place...])
            }
            try parse(all[..<place] + all[(place + 1)...])
        }
    }

    /// What is let through comes out as JSON, and its warnings have words.
    private func parse(_ bytes: ArraySlice<UInt8>) throws {
        let text = String(decoding: bytes, as: UTF8.self)
        do {
            let json = try SettingsFile.json(text, file: "x.toml")
            #expect(throws: Never.self) { try JSONSerialization.jsonObject(with: Data(json)) }
        } catch {
            #expect(!error.reason.isEmpty)
        }
    }
}
