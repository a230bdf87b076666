import ControlRoom
import Testing

@Suite("Hashes")
struct HashTests {
    /// Key 00 01 ... 0f, of the first numbers so many: Aumasson and Bernstein 2012, appendix A (15), and what OpenSSL's SipHash says of
    /// the lengths around a word.
    static let vectors: [(Int, UInt64)] = [
        (15, 0xA129_CA61_49BE_45E5), (0, 0x726F_DB47_DD0E_0E31), (1, 0x74F8_39C5_93DC_67FD), (7, 0xAB02_00F5_8B01_D137),
        (8, 0x93F5_F579_9A93_2462), (9, 0x9E00_82DF_0BA9_E4B0), (63, 0x958A_324C_EB06_4572),
    ]

    @Test("SipHash-2-4 gives what its authors say", arguments: vectors)
    func sipHash(_ length: Int, _ expected: UInt64) {
        let key = SipHash.Key(0x0706_0504_0302_0100, 0x0F0E_0D0C_0B0A_0908)
        #expect(SipHash.of((0..<UInt8(length)), under: key) == expected)
    }

    @Test(
        "FNV-1a gives what its authors say",
        arguments: [("", 0xCBF2_9CE4_8422_2325), ("a", 0xAF63_DC4C_8601_EC8C), ("foobar", 0x8594_4171_F739_67E8)]
            as [(String, UInt64)])
    func fnv(_ text: String, _ expected: UInt64) { #expect(FNV1a.of(text.utf8) == expected) }

    @Test("a name is another one under another key, and where its parts are divided otherwise")
    func names() {
        let names = ["log-1", "log-2"].map { NameHash(key: SipHash.Key(secret: $0), plainThrough: 0) }
        #expect(names[0] != names[1] && names[0].of("a", "b") != names[1].of("a", "b"))
        #expect(names[0].of("a", "b") == names[0].of("a", "b"))
        #expect(
            Set([names[0].of("a", "b"), names[0].of("ab", ""), names[0].of("ab"), names[0].of("", "ab")]).count == 4)
        // Two names that FNV-1a cannot tell apart are told apart.
        #expect(FNV1a.of("a\u{1F}b") == FNV1a.of("a", "b") && names[0].of("a\u{1F}b") != names[0].of("a", "b"))
    }

    @Test("the key of a file's names is read as it was written, and nothing else is one")
    func kept() {
        let names = NameHash(key: SipHash.Key(.max, 7), plainThrough: 42)
        #expect(NameHash(names.text) == names && names.plainThrough == 42)
        for text in ["", "1 2", "x 2 3", "1 2 3 4", "1 2 z"] { #expect(NameHash(text) == nil, "\(text)") }
    }

    private struct Rows: RowsByHash {
        var rows: [Int64: [Int64]] = [:]

        func first<Value>(_ hash: Int64, _ match: (Int64) throws -> Value?) throws -> Value? {
            for row in rows[hash] ?? [] {
                if let value = try match(row) { return value }
            }
            return nil
        }
    }

    @Test("rows of an older version are found by FNV-1a, and no newer row is taken for one of them")
    func older() throws {
        let names = NameHash(key: SipHash.Key(1, 2), plainThrough: 10)
        var rows = Rows()
        rows.rows[FNV1a.of("old")] = [3, 12]
        rows.rows[names.of("new")] = [4, 11]
        func find(_ name: String) throws -> Int64? {
            try names.first(in: rows, names.of(name), plain: FNV1a.of(name)) { $0 }
        }
        #expect(try find("old") == 3 && find("new") == 11 && find("none") == nil)
        let young = NameHash(key: SipHash.Key(1, 2), plainThrough: 0)
        #expect(try young.first(in: rows, young.of("old"), plain: FNV1a.of("old")) { $0 } == nil)
    }
}
