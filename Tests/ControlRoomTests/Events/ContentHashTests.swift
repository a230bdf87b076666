import ControlRoom
import Testing

@Suite("How what an event says is kept")
struct ContentHashTests {
    static let all = [
        ContentHash(sha256: (0..<32).map { UInt8($0) }), ContentHash(sha256: repeatElement(0xFF, count: 32)),
        .ofDataAlone([]), .ofDataAlone(Array("{}".utf8)), .formerly(-1), .formerly(.min), .formerly(7),
    ]

    @Test("is read from its bytes and from its text as it was written", arguments: all)
    func kept(_ hash: ContentHash) {
        #expect(ContentHash(hash.bytes) == hash && ContentHash(hash.text) == hash)
        #expect(hash.bytes.count == (hash.algorithm == .sha256 ? 17 : 9))
    }

    @Test("an older version's number is the hash of the data alone")
    func former() {
        // FNV-1a of "foobar" (Fowler, Noll, Vo), as a signed number.
        let number = Int64(bitPattern: 0x8594_4171_F739_67E8)
        #expect(ContentHash.ofDataAlone(Array("foobar".utf8)) == .formerly(number))
        #expect(ContentHash(String(number)) == .formerly(number))
    }

    @Test(
        "anything else is none",
        arguments: [
            "", ":", "1:", "1:00", "2:000102030405060708090a0b0c0d0e0f", "1:000102030405060708090a0b0c0d0e0g",
            "1:000102030405060708090a0b0c0d0e0f0f", "x:000102030405060708090a0b0c0d0e0f", "99999999999999999999",
        ])
    func none(_ text: String) {
        #expect(ContentHash(text) == nil)
        #expect(ContentHash(Array(text.utf8)) == nil)
    }

    @Test(
        "a log compares with what an older version has kept by the data alone, and by the name where nothing else is left"
    )
    func answers() {
        func entry(_ content: UInt8, _ data: String) -> NewEntry {
            NewEntry(
                source: "s", id: "a", body: [], content: ContentHash(sha256: repeatElement(content, count: 32)),
                data: Array(data.utf8))
        }
        let known = entry(1, "{}")
        #expect(known.answer(knowing: known.content) == .duplicate)
        #expect(entry(2, "{}").answer(knowing: known.content) == .conflicting)
        #expect(entry(2, "{}").answer(knowing: .ofDataAlone(known.data)) == .duplicate)
        #expect(entry(1, "[]").answer(knowing: .ofDataAlone(known.data)) == .conflicting)
        #expect(entry(2, "[]").answer(knowing: nil) == .duplicate)
    }
}
