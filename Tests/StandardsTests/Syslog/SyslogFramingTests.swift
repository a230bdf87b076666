import Standards
import Testing

@Suite("Framing of syslog")
struct SyslogFramingTests {
    private func read(_ text: String, countsOnly: Bool, pieces: Int) throws -> [String] {
        var (framing, messages) = (SyslogFraming(countsOnly: countsOnly), [String]())
        let bytes = Array(text.utf8)
        for start in stride(from: 0, to: bytes.count, by: pieces) {
            try framing.read(bytes[start..<min(bytes.count, start + pieces)]) {
                messages.append(String(decoding: $0, as: UTF8.self))
            }
        }
        return messages
    }

    @Test("counted messages are cut out whatever the pieces, and may hold line ends", arguments: [1, 2, 3, 7, 100])
    func counted(pieces: Int) throws {
        for countsOnly in [false, true] {
            #expect(try read("5 <1>ab7 <2>a\nbc", countsOnly: countsOnly, pieces: pieces) == ["<1>ab", "<2>a\nbc"])
        }
    }

    @Test("without a count a line is a message over plain TCP, and ends the stream over TLS", arguments: [1, 4, 100])
    func lines(pieces: Int) throws {
        #expect(try read("<1>ab\n<2>cd\n", countsOnly: false, pieces: pieces) == ["<1>ab", "<2>cd"])
        #expect(throws: SyslogFraming.NotCounted.self) {
            try read("5 <1>ab<2>cd\n", countsOnly: true, pieces: pieces)
        }
    }

    @Test("a count that no message may have ends the stream")
    func tooLong() {
        for text in ["65537 x", "9999999 x", "5x"] {
            #expect(throws: SyslogFraming.TooLong.self) { try read(text, countsOnly: true, pieces: 100) }
        }
    }
}
