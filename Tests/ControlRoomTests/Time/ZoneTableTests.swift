import ControlRoom
import Testing

@Suite("Local time in Europe/Rome")
struct ZoneTableTests {
    /// 2025-10-26, 2026-03-29 and 2026-10-25, at 01:00 UTC each.
    private let rome = ZoneTable(periods: [
        .init(start: 1_792_890_000, offset: 3_600, abbreviation: "CET"),
        .init(start: 1_761_440_400, offset: 3_600, abbreviation: "CET"),
        .init(start: 1_774_746_000, offset: 7_200, abbreviation: "CEST"),
    ])

    private func time(_ text: String) throws -> Timestamp { try #require(Timestamp(rfc3339: text)) }

    static let clocks = [
        ("2026-03-29T00:59:59Z", "2026-03-29 01:59:59 CET"), ("2026-03-29T01:00:00Z", "2026-03-29 03:00:00 CEST"),
        ("2026-10-25T00:59:59Z", "2026-10-25 02:59:59 CEST"), ("2026-10-25T01:00:00Z", "2026-10-25 02:00:00 CET"),
        ("2026-11-23T23:30:00.999Z", "2026-11-24 00:30:00 CET"), ("2020-01-01T00:00:00Z", "2020-01-01 01:00:00 CET"),
        ("2026-12-31T23:00:00Z", "2027-01-01 00:00:00 CET"),
    ]

    @Test("the wall clock around the changes", arguments: clocks)
    func wallClock(_ utc: String, _ expected: String) throws {
        let local = rome.local(try time(utc))
        #expect("\(local.date) \(local.clock) \(local.abbreviation)" == expected)
    }

    static let midnights = [
        // A day of 23 hours.
        ("2026-03-28T23:00:00Z", "2026-03-28T23:00:00Z"), ("2026-03-29T00:30:00Z", "2026-03-28T23:00:00Z"),
        ("2026-03-29T01:00:00Z", "2026-03-28T23:00:00Z"), ("2026-03-29T21:59:59.999Z", "2026-03-28T23:00:00Z"),
        ("2026-03-29T22:00:00Z", "2026-03-29T22:00:00Z"),
        // A day of 25 hours.
        ("2026-10-24T22:00:00Z", "2026-10-24T22:00:00Z"), ("2026-10-25T00:30:00.5Z", "2026-10-24T22:00:00Z"),
        ("2026-10-25T01:30:00Z", "2026-10-24T22:00:00Z"), ("2026-10-25T22:59:59Z", "2026-10-24T22:00:00Z"),
        ("2026-10-25T23:00:00Z", "2026-10-25T23:00:00Z"), ("2026-11-23T12:00:00Z", "2026-11-22T23:00:00Z"),
    ]

    @Test("midnight, on days of 23 and 25 hours too", arguments: midnights)
    func midnight(_ utc: String, _ expected: String) throws {
        #expect(rome.midnight(before: try time(utc)).rfc3339 == expected)
    }

    @Test("every minute of a year belongs to the day that began at its midnight")
    func everyMinute() throws {
        let start = try time("2026-01-01T00:00:00Z").milliseconds
        for minute in 0..<(365 * 24 * 60) {
            let now = Timestamp(milliseconds: start + Int64(minute) * 60_000)
            let midnight = rome.midnight(before: now)
            let local = rome.local(midnight)
            guard midnight <= now, local.secondOfDay == 0, local.date == rome.local(now).date else {
                Issue.record("\(now.rfc3339) is said to belong to the day from \(midnight.rfc3339)")
                return
            }
        }
    }

    @Test("without a table, UTC")
    func utc() throws {
        let local = ZoneTable.utc.local(try time("1969-12-31T23:59:59.5Z"))
        #expect("\(local.date) \(local.clock) \(local.abbreviation)" == "1969-12-31 23:59:59 UTC")
    }
}
