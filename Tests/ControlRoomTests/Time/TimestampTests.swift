import ControlRoom
import Testing

@Suite("RFC 3339")
struct TimestampTests {
    static let valid: [(String, Int64)] = [
        ("1970-01-01T00:00:00Z", 0), ("1969-12-31T23:59:59Z", -1_000), ("1970-01-01T00:00:00.001Z", 1),
        ("2024-02-29T00:00:00Z", 1_709_164_800_000), ("2000-02-29T00:00:00Z", 951_782_400_000),
        ("2016-12-31T23:59:60Z", 1_483_228_800_000), ("2016-12-31T23:59:60.5Z", 1_483_228_800_500),
        ("2026-11-23T14:03:12Z", 1_795_442_592_000), ("2026-11-23T15:03:12+01:00", 1_795_442_592_000),
        ("2026-11-23T08:33:12-05:30", 1_795_442_592_000), ("2026-11-23t14:03:12z", 1_795_442_592_000),
        ("2026-11-23 14:03:12Z", 1_795_442_592_000), ("2026-11-23T14:03:12-00:00", 1_795_442_592_000),
        ("2026-11-23T14:03:12.5Z", 1_795_442_592_500), ("2026-11-23T14:03:12,25Z", 1_795_442_592_250),
        ("2026-11-23T14:03:12.123456789Z", 1_795_442_592_123), ("2026-11-24T14:02:12+23:59", 1_795_442_592_000),
        ("0000-01-01T00:00:00Z", -62_167_219_200_000), ("9999-12-31T23:59:59Z", 253_402_300_799_000),
    ]

    @Test("times that are some", arguments: valid)
    func parses(_ text: String, _ milliseconds: Int64) {
        #expect(Timestamp(rfc3339: text)?.milliseconds == milliseconds)
    }

    static let invalid = [
        "", "2026", "2026-11-23", "2026-11-23T14:03Z", "2026-11-23T14:03:12", "2026-11-23T14:03:12+01",
        "2026-11-23T14:03:12Zx",
        "2026-11-23T14:03:12+0100", "2026-11-23T14:03:12+24:00", "2026-11-23T14:03:12+01:60", "2026-11-23T24:00:00Z",
        "2026-11-23T14:60:12Z", "2026-11-23T14:03:61Z", "2026-13-01T00:00:00Z", "2026-00-01T00:00:00Z",
        "2026-01-00T00:00:00Z", "2026-04-31T00:00:00Z", "2023-02-29T00:00:00Z", "1900-02-29T00:00:00Z",
        "2026-11-23T14:03:12.Z", "2026-11-23T14:03:12..5Z", "26-11-23T14:03:12Z", "+026-11-23T14:03:12Z",
        "２０26-11-23T14:03:12Z", " 2026-11-23T14:03:12Z", "2026-11-23T14:03:12Z ", "2026-11-23X14:03:12Z",
    ]

    @Test("times that are none", arguments: invalid)
    func refuses(_ text: String) { #expect(Timestamp(rfc3339: text) == nil) }

    @Test("what is written is read again, every day for a thousand years")
    func roundTrip() {
        let start = Timestamp(rfc3339: "1600-01-01T23:59:59.999Z")?.milliseconds ?? 0
        for day in 0..<365_243 {
            let time = Timestamp(milliseconds: start + Int64(day) * 86_400_000)
            guard Timestamp(rfc3339: time.rfc3339) == time else {
                Issue.record("\(time.milliseconds) is written as \(time.rfc3339)")
                return
            }
        }
        #expect(Timestamp(milliseconds: start + 365_242 * 86_400_000).rfc3339 == "2599-12-31T23:59:59.999Z")
    }

    @Test("the minute of a time before 1970 is the one it lies in")
    func minute() {
        #expect(
            [-60_001, -60_000, -1, 0, 59_999, 60_000].map { Timestamp(milliseconds: $0).minute } == [
                -2, -1, -1, 0, 0, 1,
            ])
    }

    @Test("seconds from a file, however absurd, do not trap", arguments: [1e300, -1e300, .infinity, .nan, 0.001])
    func adding(_ seconds: Double) {
        let later = Timestamp(milliseconds: 0).adding(seconds: seconds)
        #expect(seconds.isNaN || (later.milliseconds > 0) == (seconds > 0))
    }
}
