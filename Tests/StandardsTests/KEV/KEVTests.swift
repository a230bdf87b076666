import ControlRoom
import Standards
import Testing

@Suite("KEV: CISA's catalogue")
struct KEVTests {
    private let entry = #"""
        {"cveID":"CVE-2025-48384","vendorProject":"Git","product":"Git", 
         "dateAdded":"2025-08-25","dueDate":"2025-09-15"}
        """#

    private func catalogue(_ entries: String) -> String {
        "{\"title\":\"t\",\"count\":1,\n\"vulnerabilities\":[\n\(entries)\n]}"
    }

    @Test("the whole catalogue", .enabled(if: RealData.isThere, "the folder ../shared/data is missing"))
    func whole() throws {
        let imported = try RealData.imported("kev/known_exploited_vulnerabilities.json")
        #expect(imported.events.count == 1404)
        #expect(imported.rejections.isEmpty && imported.failure == nil)
        #expect(Set(imported.events.map(\.id)).count == 1404)
        #expect(imported.events.first?.subject == "vulnerability/CVE-2025-48384")
        for event in imported.events { _ = try Fact(of: event) }
    }

    @Test("an entry is kept to the byte; a changed one is another event of the same subject")
    func identity() throws {
        let first = try #require(try Imported(text: catalogue(entry)).events.first)
        #expect(first.data.bytes == Array(entry.utf8))
        #expect(first.time == Timestamp(rfc3339: "2025-08-25T00:00:00Z"))
        let same = try #require(try Imported(text: catalogue("\n" + entry)).events.first)
        #expect(same == first)
        let changed = try #require(try Imported(text: catalogue(entry.replacing("09-15", with: "09-16"))).events.first)
        #expect(changed.id != first.id && changed.subject == first.subject)
    }

    @Test("bad entries are rejected with their line, the others are taken")
    func rejected() throws {
        let entries = [
            entry, entry.replacing("cveID", with: "id"), entry.replacing("CVE-2025-48384", with: "x\\n"),
            entry.replacing("2025-08-25", with: "yesterday"), entry,
        ]
        let imported = try Imported(text: catalogue(entries.joined(separator: ",\n")))
        #expect(imported.events.count == 2)
        #expect(imported.rejections.map(\.line) == [5, 7, 9])
    }
}
