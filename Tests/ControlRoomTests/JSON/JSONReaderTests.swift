import ControlRoom
import Testing

@Suite("Reading JSON")
struct JSONReaderTests {
    private func read<Value>(_ bytes: [UInt8], _ body: (inout JSONReader) throws -> Value) throws -> Value {
        try JSONReader.read(bytes) { reader in
            let value = try body(&reader)
            try reader.end()
            return value
        }
    }

    private func string(_ json: String) throws -> String { try read(Array(json.utf8)) { try $0.string() } }

    @Test("the bytes of a value are those that came, white space inside it included")
    func exactBytes() throws {
        let value = "{ \"b\" :\t[1.50, \"\\u00e9\\/\", null ],\"a\":-0e+1 }"
        let all = Array(" { \"x\" : 1 , \"data\" : \(value) , \"y\":2} ".utf8)
        var raw: [UInt8] = []
        try read(all) { reader in
            try reader.object { key, reader in
                if key == "data" { raw = try reader.raw() } else { try reader.skip() }
            }
        }
        #expect(raw == Array(value.utf8))
    }

    static let escapes: [(String, String)] = [
        (#""a\"b\\c\/d\n\t\r\b\f""#, "a\"b\\c/d\n\t\r\u{8}\u{C}"), (#""\u00e9\u20AC\u0000""#, "é€\u{0}"),
        (#""\ud83d\ude00""#, "😀"), (#""\uD83D""#, "\u{FFFD}"), (#""\ude00""#, "\u{FFFD}"),
        (#""\ud83dx""#, "\u{FFFD}x"), (#""\ud83d\u0041""#, "\u{FFFD}A"), (#""\ud83d\ud83d\ude00""#, "\u{FFFD}😀"),
        (#""e\u0301""#, "e\u{301}"), ("\"\u{7F}\u{2028}😀\"", "\u{7F}\u{2028}😀"),
    ]

    @Test("escapes and surrogates; half a pair loses nothing but itself", arguments: escapes)
    func escape(_ json: String, _ text: String) throws {
        #expect(try Array(string(json).unicodeScalars) == Array(text.unicodeScalars))
    }

    static let refused = [
        "", " ", "\"", "\"abc", "\"ab\\", "\"ab\\\"", "\"\\u12\"", "\"\\u12g4\"", "\"\\u+123\"", "\"\\x41\"",
        "\"a\nb\"",
        "\"a\u{1}\"", "{", "[", "{\"a\"", "{\"a\":", "{\"a\":1", "{\"a\":1,", "{\"a\":1,}", "[1,]", "[1 2]",
        "{\"a\" 1}",
        "{a:1}", "{'a':1}", "[,1]", "tru", "nul", "truex", "01", "-", "+1", ".5", "1.", "1e", "1e+", "0x10", "--1",
        "NaN",
        "1 2", "{} {}", "\u{FEFF}{}", "]", "}", "[}", "{]", "\"\\\u{1}\"",
    ]

    @Test("what is no JSON is refused wherever it stands", arguments: refused)
    func refuses(_ json: String) {
        #expect(throws: JSONError.self) { try read(Array(json.utf8)) { try $0.skip() } }
        #expect(throws: JSONError.self) { try read(Array("{\"a\":\(json)".utf8)) { try $0.skip() } }
    }

    @Test("a text that is cut off anywhere is refused, and says where")
    func truncated() {
        let whole = Array(#"{"a":[1.5e-3,{"b":"c\n\u00e9"}],"d":true,"e":null}"#.utf8)
        for length in 0..<whole.count {
            let part = Array(whole.prefix(length))
            do {
                try read(part) { _ = try $0.skip() }
                Issue.record("\(length) bytes were taken for a whole text")
            } catch let error as JSONError {
                #expect((0...length).contains(error.offset))
            } catch { Issue.record("\(error)") }
        }
    }

    @Test(
        "bytes that are not UTF-8 are refused", arguments: [[0x80], [0xC3], [0xC0, 0x80], [0xED, 0xA0, 0x80], [0xFF]])
    func invalidUTF8(_ bytes: [UInt8]) {
        #expect(throws: JSONError.self) { try read([0x22] + bytes + [0x22]) { try $0.string() } }
        let escaped = Array("\"\\n".utf8) + bytes + [0x22]
        #expect(throws: JSONError.self) { try read(escaped) { try $0.string() } }
    }

    static let numbers: [(String, Double)] = [
        ("0", 0), ("-0", 0), ("1.5", 1.5), ("-2.5e3", -2500), ("1E-2", 0.01),
        ("9007199254740993", 9_007_199_254_740_992),
        ("1e308", 1e308), ("5e-324", .leastNonzeroMagnitude),
    ]

    @Test("numbers", arguments: numbers)
    func number(_ json: String, _ value: Double) throws {
        #expect(try read(Array(json.utf8)) { try $0.double() } == value)
    }

    @Test("a number that cannot be held is refused", arguments: ["1e309", "-1e999"])
    func tooLarge(_ json: String) {
        #expect(throws: JSONError.self) { try read(Array(json.utf8)) { try $0.double() } }
    }

    static let integers: [(String, Int?)] = [
        ("0", 0), ("-7", -7), ("1e3", 1000), ("12.0", 12), ("9007199254740993", 9_007_199_254_740_993),
        ("9223372036854775807", .max), ("-9223372036854775808", .min), ("9223372036854775808", nil), ("1.5", nil),
        ("1e400", nil), ("\"1\"", nil),
    ]

    @Test("whole numbers are exact, or refused", arguments: integers)
    func integer(_ json: String, _ value: Int?) {
        #expect((try? read(Array(json.utf8)) { try $0.integer() }) == value)
    }

    @Test("nesting is bounded", arguments: ["[", "{\"a\":"])
    func nesting(_ open: String) {
        let deep = Array(String(repeating: open, count: 100_000).utf8)
        #expect(throws: JSONError(offset: open.utf8.count * 64, reason: "nested more than 64 levels deep")) {
            try read(deep) { try $0.skip() }
        }
    }

    @Test("nesting up to the bound is read, and a sibling does not count as deeper")
    func nestingAllowed() throws {
        let one = String(repeating: "[", count: 63) + String(repeating: "]", count: 63)
        try read(Array("[\(one),\(one)]".utf8)) { _ = try $0.skip() }
    }

    @Test("the line of an error is counted from 1")
    func line() {
        let bytes = Array("{\n\n  \"a\": x\n}".utf8)
        let error = #expect(throws: JSONError.self) { try read(bytes) { try $0.skip() } }
        #expect(bytes.withUnsafeBufferPointer { error?.line(in: $0) } == 3)
    }

    @Test("random bytes never crash the reader")
    func randomBytes() {
        var chance = SeededChance(seed: 1)
        let alphabet = Array("{}[]\",:\\u0019aftnrule-+.eE \n\u{1}é".utf8)
        for _ in 0..<20_000 {
            let bytes = (0..<Int.random(in: 0...24, using: &chance)).map { _ in
                alphabet[Int.random(in: 0..<alphabet.count, using: &chance)]
            }
            let range = try? read(bytes) { try $0.skip() }
            if let range { #expect(range.upperBound <= bytes.count) }
        }
    }
}
