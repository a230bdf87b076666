import ControlRoom
import Store
import TestSupport
import Testing

@Suite("Searching")
struct SearchTests {
    private func found(_ disk: TemporaryStore, _ text: String) throws -> [String] {
        let query = AlertQuery(realm: .actual, order: .oldest, filter: try .reading(text))
        return try disk.store.alerts(query, at: .start, limit: 50).lines.map(\.alert.subject)
    }

    private func filled() throws -> TemporaryStore {
        let disk = try TemporaryStore()
        var make = EventMaker()
        try disk.ingest([
            make.raised("a", headline: "Folla in Piazza dei Signori", "\"description\":\"più di 500 persone\""),
            make.raised("b", headline: "Røyk ved Rådhusplassen", "\"site\":\"cam-12\",\"district\":\"Sentrum\""),
            make.raised("c", headline: "Alarm OR NOT near(x)"),
        ])
        try disk.settle()
        return disk
    }

    static let queries: [(String, [String])] = [
        ("piazza", ["a"]), ("PIAZ signo", ["a"]), ("più", ["a"]), ("piu", ["a"]), ("500", ["a"]), ("radhus", ["b"]),
        ("rådhus", ["b"]), ("cam-12", ["b"]), ("sentrum", ["b"]), ("crowd", ["a", "b", "c"]), ("UAD", ["a", "b", "c"]),
        ("piazza røyk", []), ("iazza", []), ("alarm \"or\"", ["c"]), ("\"NOT\"", ["c"]), ("near(x)", ["c"]),
        ("pie\u{300}", []), ("piu\u{300}", ["a"]),
    ]

    @Test("every word must begin a word of the alert", arguments: queries)
    func words(_ text: String, _ subjects: [String]) throws { #expect(try found(filled(), text) == subjects) }

    static let hostile = [
        "\"", "\"\"", "*", "a*", "-a", "(", "a AND", "^a", "headline:a", "{a b}:c", "NEAR(a b)", "\u{0}",
        "'; DROP TABLE alerts",
        "ⓐ", "क्षि", "👩‍👩‍👧", "e\u{301}\u{301}", "\u{301}", "½", "א", "\u{1E900}", "字字", "a\u{FE0F}b", "x\u{20E3}", "ﷺ",
        String(repeating: "a", count: 10_000), String(repeating: "a ", count: 5_000),
        String(repeating: "e\u{301}", count: 200),
    ]

    @Test("whatever a person types is an answer, or an error of the language", arguments: hostile)
    func hostileText(_ text: String) throws {
        let disk = try filled()
        do {
            #expect(try found(disk, text).count <= 3)
        } catch is FilterError {}
        // Quoted, everything is text.
        for test in [Filter.Test.words([text]), .phrase(text), .contains(.headline, text), .equals(.site, text)] {
            let filter = AlertFilter(show: .all, .test(test), FilterVocabulary(now: EventMaker.noon, zone: .utc))
            #expect(try disk.store.count(AlertQuery(realm: .actual, filter: filter), limit: 10) <= 3)
        }
    }

    @Test("what a person wrote, and personal data, never enters")
    func personal() throws {
        let disk = try TemporaryStore()
        var make = EventMaker()
        try disk.ingest([
            make.raised(
                "a", .high,
                "\"personal\":{\"name\":\"secretname\"},\"evidence\":[\"urn:secretpicture\"],\"extra\":\"secretextra\""),
            make.event(
                .alertAcknowledged, "a", "{\"occurrence\":1,\"severity\":\"high\",\"note\":\"secretnote\"}", by: "op1"),
            make.event(.alertNoted, "a", "{\"note\":\"secretnote\"}", by: "op1"),
            make.event(
                .alertShelved, "a", "{\"until\":\"2026-11-24T00:00:00Z\",\"reason\":\"secretreason\"}", by: "op1"),
        ])
        try disk.settle()
        #expect(try found(disk, "secret").isEmpty && found(disk, "crowd") == ["a"])
    }

    @Test("the text is that of the last annunciation, its place included")
    func renewed() throws {
        let disk = try TemporaryStore()
        var make = EventMaker()
        try disk.ingest(make.raised("a", headline: "first", "\"site\":\"harbour\""))
        try disk.settle()
        try disk.ingest(make.raised("a", headline: "first", "\"site\":\"station\""))
        #expect(try disk.store.textLag() == 1)
        try disk.settle()
        #expect(try found(disk, "station") == ["a"] && found(disk, "harbour").isEmpty)
        try disk.ingest([make.raised("a", headline: "second"), make.raised("a", headline: "third")])
        try disk.settle()
        #expect(try found(disk, "third") == ["a"] && found(disk, "first").isEmpty && found(disk, "second").isEmpty)
    }

    @Test("however small the portions, all is indexed once")
    func portions() throws {
        let disk = try TemporaryStore()
        var make = EventMaker()
        try disk.ingest((0..<40).flatMap { [make.raised("s\($0)"), make.event(.observationRecorded, "o")] })
        #expect(try disk.store.textLag() == 80)
        while try disk.store.backgroundStep(limit: 3) {}
        #expect(try disk.store.textLag() == 0 && found(disk, "crowd").count == 40)
        #expect(try !disk.store.backgroundStep())
    }
}
