import ControlRoom
import Testing

@Suite("What a filter can go on with")
struct FilterCompletionTests {
    private func offered(_ text: String) -> FilterCompletion? {
        FilterCompletion.at(text, cursor: text.count, .sample)
    }

    @Test(
        "is offered where it fits",
        arguments: [
            ("sev", 0..<3, ["severity"]), ("smoke a", 6..<7, ["age", "area", "asset", "active", "acknowledged"]),
            ("severity ", 9..<9, ["=", "!=", "<", "<=", ">", ">=", "in ("]), ("age ", 4..<4, ["<", "<=", ">", ">="]),
            ("severity >= c", 12..<13, ["critical"]), ("tool = c", 7..<8, ["CTI", "CTDR", "CAP"]),
            ("state = o", 8..<9, ["open", "out-of-service"]), ("verdict = ", 10..<10, ["confirmed", "rejected"]),
            ("in district ", 12..<12, ["\"Centro Storico\"", "Arcella", "Forcellini"]),
            ("in district cen", 12..<15, ["\"Centro Storico\""]),
            ("in district centro st", 12..<21, ["\"Centro Storico\""]),
            ("district = \"arc", 11..<15, ["Arcella"]), ("within ", 7..<7, ["100m", "300m", "1km"]),
            ("within 300m ", 12..<12, ["of"]), ("within 300m of h", 15..<16, ["here"]),
            ("within 300m of pra", 15..<18, ["\"Prato della Valle\"", "Prato"]),
            ("age > ", 6..<6, ["10m", "1h", "1d"]),
            ("in d", 3..<4, ["district"]), ("tool in (FD, c", 13..<14, ["CTI", "CTDR", "CAP"]),
        ])
    func fitting(_ text: String, _ range: Range<Int>, _ candidates: [String]) throws {
        let completion = try #require(offered(text))
        #expect(completion.range == range)
        #expect(Array(completion.candidates.prefix(candidates.count)) == candidates)
        #expect(completion.candidates.count == candidates.count || text.hasPrefix("smoke"))
    }

    @Test(
        "is nothing where anything may follow",
        arguments: [
            "headline ~ ", "occurrence > 3", "zebra", "id = x", "within 300m of zz", "xyz > ", "(tool = FD)",
            "\"a phrase\"",
        ])
    func open(_ text: String) { #expect(offered(text) == nil) }

    @Test("leads to a filter that can be read, whatever is taken", arguments: 1...20)
    func taken(seed: UInt64) throws {
        var chance = SeededChance(seed: seed)
        var text = ""
        for _ in 0..<12 {
            guard let completion = offered(text) else { break }
            let candidate = completion.candidates[Int(chance.next() % UInt64(completion.candidates.count))]
            text = String(text.prefix(completion.range.lowerBound)) + candidate + " "
            do throws(FilterError) {
                _ = try FilterParser.parse(text, .sample)
            } catch {
                // What is offered is right: at most something is still missing at its end.
                #expect(error.length == 0 && error.column >= text.count - 1, "\(text): \(error)")
                if error.length > 0 { break }
            }
        }
        #expect(!text.isEmpty)
    }
}
