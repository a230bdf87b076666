import Foundation
import Settings
import Testing

@Suite("TOML as JSON")
struct SettingsFileTests {
    private func json(_ text: String) throws -> String {
        String(decoding: try SettingsFile.json(text, file: "x.toml"), as: UTF8.self)
    }

    /// A value in TOML and in JSON.
    static let values: [(toml: String, json: String)] = [
        ("45.4079", "45.4079"), ("-0.1", "-0.1"), ("0.30000000000000004", "0.30000000000000004"), ("3.0", "3.0"),
        ("123456789012345678.5", "1.2345678901234568e+17"), ("0.000000000123", "1.23e-10"), ("-0.0", "-0.0"),
        ("1_000", "1000"), ("+5", "5"), ("-0", "0"), ("9223372036854775807", "9223372036854775807"),
        ("-9223372036854775808", "-9223372036854775808"), ("true", "true"), ("false", "false"),
        ("\"è \\u00e8 \\U0001F600\"", "\"è è 😀\""), ("'l\\i \"t\"'", #""l\\i \"t\"""#), ("\"\"", "\"\""),
        (#""q\" b\\ n\n t\t e\u001b d\u007f""#, #""q\" b\\ n\n t\t e\u001B d\u007F""#),
        ("'''\ntwo  1.50\nlines'''", #""two  1.50\nlines""#), (#""1.10 \\""#, #""1.10 \\""#),
        ("[ [1, 2.50], [], [ 'x  y' ] ]", #"[[1,2.5],[],["x  y"]]"#), ("[{ b = 1 }, {}]", #"[{"b":1},{}]"#),
    ]

    @Test("every kind of value comes out as valid JSON", arguments: values)
    func value(toml: String, json expected: String) throws {
        let json = try json("a = \(toml)")
        #expect(json == "{\"a\":\(expected)}")
        #expect(throws: Never.self) { try JSONSerialization.jsonObject(with: Data(json.utf8)) }
    }

    @Test("tables, arrays of tables within each other and dotted keys come out as objects and lists")
    func tables() throws {
        let text = """
            "key with \\" \\u00e9" = 1
            [[t]]
            [[t]]
            a.b = 1
            [[t.u]]
            [[t.u]]
            v = 1
            [t.w]
            [q]
            """
        let expected = #"{"key with \" é":1,"q":{},"t":[{},{"a":{"b":1},"u":[{},{"v":1}],"w":{}}]}"#
        #expect(try json(text) == expected)
        #expect(try json("") == "{}")
    }

    @Test(
        "what JSON has no word for is refused with its line",
        arguments: [
            "2026-11-23", "02:55:00", "2026-11-23T02:55:00Z", "2026-11-23 02:55:00", "inf", "-inf", "nan",
        ])
    func refused(value: String) {
        #expect {
            try SettingsFile.json("a = 1\nb = [\n \(value)]", file: "x.toml")
        } throws: { error in
            (error as? Warning)?.line == 3
        }
    }

    @Test(
        "a number that the parser cannot hold is refused with its line",
        arguments: [
            "9223372036854775808", "1.", ".5", "01", "1__0", "+-1",
        ])
    func numbers(value: String) {
        #expect {
            try SettingsFile.json("a = 1\n\nb = \(value)\n", file: "x.toml")
        } throws: { error in
            (error as? Warning)?.line == 3
        }
    }

    @Test("a reader of the JSON can ask for the lines of the TOML")
    func lines() throws {
        let file = try SettingsFile("a = 1\n[[t]]\n\n[[t]]\nb = { c = 2 }\n", file: "x.toml")
        #expect(file.line(of: ["t", "1"]) == 4)
        #expect(file.line(of: ["t", "1", "b", "c"]) == 5)
        #expect(file.line(of: ["t", "1", "nowhere"]) == 4)
        #expect(file.line(of: []) == 1)
    }
}
