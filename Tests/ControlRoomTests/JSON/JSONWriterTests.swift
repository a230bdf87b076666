import ControlRoom
import Testing

@Suite("Writing JSON")
struct JSONWriterTests {
    static let hostile = [
        "", "plain", "\"", "\\", "\\\"", "\n\r\t\u{0}\u{1}\u{1F}\u{7F}", "</script>", "é😀\u{2028}\u{FEFF}\u{FFFD}",
        "e\u{301}", "\u{202E}abc", "\\u0041", "{\"a\":1}", String(repeating: "\"\n", count: 5_000),
    ]

    @Test("what is written is read again", arguments: hostile)
    func roundTrip(_ text: String) throws {
        let bytes = JSONWriter.bytes { writer in
            writer.object { writer in
                writer.member(text, text)
                writer.member("list", [text, text])
            }
        }
        var read: [String] = []
        try JSONReader.read(bytes) { reader in
            try reader.object { key, reader in
                if try reader.peek() == .array {
                    read += try reader.strings()
                } else {
                    read += [key, try reader.string()]
                }
            }
            try reader.end()
        }
        #expect(read.map { Array($0.utf8) } == Array(repeating: Array(text.utf8), count: 4))
        #expect(!bytes.contains { $0 < 0x20 || $0 == 0x7F })
    }

    @Test("members without a value are left out; commas stand between the others")
    func members() {
        let bytes = JSONWriter.bytes { writer in
            writer.object { writer in
                writer.member("a", nil as String?)
                writer.member("b", 1)
                writer.member("c", Double.nan)
                writer.member("d", -0.5)
                writer.member("e", true)
                writer.member("f", [])
                writer.member("g", raw: Array("[1, 2]".utf8))
                writer.member("h", object: { $0.member("i", 2e20) })
                writer.key("j")
                writer.array { writer in
                    writer.string("k")
                    writer.number("3")
                }
            }
        }
        let text = String(decoding: bytes, as: UTF8.self)
        #expect(text == #"{"b":1,"d":-0.5,"e":true,"g":[1, 2],"h":{"i":2e+20},"j":["k",3]}"#)
    }

    static let numbers = [
        0, -0.0, 1, -1, 0.1, 1e15, 1e16, -1e300, .leastNonzeroMagnitude, 45.406_434_9, .greatestFiniteMagnitude,
    ]

    @Test("numbers come back exactly", arguments: numbers)
    func exactNumbers(_ value: Double) throws {
        let bytes = JSONWriter.bytes { writer in writer.object { $0.member("v", value) } }
        let read = try JSONReader.read(bytes) { reader in
            var read: Double?
            try reader.object { read = try $1.double() }
            return read
        }
        #expect(read == value)
    }
}
