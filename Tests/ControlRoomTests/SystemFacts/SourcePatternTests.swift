import ControlRoom
import TestSupport
import Testing

@Suite("Patterns of sources")
struct SourcePatternTests {
    @Test(
        "a star stands for any characters or none, all others for themselves",
        arguments: [
            ("urn:camera:12", "urn:camera:12", true), ("urn:camera:12", "urn:camera:123", false),
            ("urn:camera:12*", "urn:camera:12", true), ("urn:camera:12*", "urn:camera:123", true),
            ("urn:camera:12*", "urn:camera:1", false), ("*", "", true), ("*", "urn:x", true),
            ("*:weapon", "a:weapon", true), ("*:weapon", "a:weapon:b", false), ("*:weapon", ":weapon:weapon", true),
            ("a*b*c", "abc", true), ("a*b*c", "axxbxxbxxc", true), ("a*b*c", "acb", false), ("a**b", "ab", true),
            ("urn:camera:?", "urn:camera:1", false), ("a.c", "abc", false), ("[ab]", "a", false),
            ("urn:caf\u{E9}", "urn:cafe\u{301}", false),
        ])
    func matches(_ pattern: String, _ source: String, _ does: Bool) throws {
        #expect(try #require(SourcePattern(pattern)).matches(source) == does)
    }

    @Test("a pattern has 1 to 200 bytes without spaces and control characters")
    func bounds() {
        let longest = String(repeating: "x", count: SourcePattern.longest)
        #expect(SourcePattern(longest) != nil && SourcePattern(longest + "x") == nil)
        for text in ["", " ", "a b", "a\tb", "a\nb", "a\u{7F}"] { #expect(SourcePattern(text) == nil) }
    }

    @Test("any pattern finds what it was made from, whatever is put in place of its stars")
    func filled() throws {
        var chance = SeededChance(seed: 12)
        let letters = Array("ab*")
        for _ in 0..<2_000 {
            let pattern = String(
                (0..<Int.random(in: 1...8, using: &chance)).map { _ in letters.randomElement() ?? "a" })
            let source = pattern.map { letter in
                letter == "*" ? String(repeating: "ab", count: Int.random(in: 0...2, using: &chance)) : String(letter)
            }.joined()
            #expect(try #require(SourcePattern(pattern)).matches(source), "\(pattern) \(source)")
        }
    }

    private func offer(_ sources: String, role: String = "sensor") throws -> Fact {
        let data =
            #"{"code_hash":"h","actor":"a","role":"\#(role)","tenant":"t","until":"2027-01-01T00:00:00Z","sources":\#(sources)}"#
        return try Fact(of: Event(id: "o", source: "s", type: .enrolmentOffered, data: .json(Array(data.utf8))))
    }

    @Test("an offer keeps its patterns as they were written, and one that cannot be read offers nothing")
    func offers() throws {
        guard case .enrolmentOffered(let read) = try offer(#"["urn:a*","urn:b"]"#) else {
            Issue.record("no offer")
            return
        }
        #expect(read.sources.map(\.text) == ["urn:a*", "urn:b"])
        let written = Event(
            id: "o", source: "s", type: .enrolmentOffered, data: .json(JSONWriter.bytes(read.write)))
        #expect(try Fact(of: written) == .enrolmentOffered(read))
        let many = "[" + (0...SourcePattern.most).map { "\"urn:\($0)\"" }.joined(separator: ",") + "]"
        for wrong in [#"["a b"]"#, #"[""]"#, many] {
            #expect(throws: JSONError.self) { try offer(wrong) }
        }
        #expect(throws: JSONError.self) { try offer(#"["urn:a"]"#, role: "operator") }
    }
}
