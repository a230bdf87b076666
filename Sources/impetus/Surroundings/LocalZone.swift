import ControlRoom
import Foundation

/// The clock changes of a place, asked from the C library, which reads the system's time-zone data.
enum LocalZone {
    /// - Parameter name: an IANA name. The user's own TZ goes before it.
    static func table(_ name: String, around now: Timestamp) -> ZoneTable {
        if ProcessInfo.processInfo.environment["TZ"] == nil, exists(name) { setenv("TZ", name, 1) }
        tzset()
        let day: Int64 = 86_400
        let start = now.milliseconds / 1000 - 40 * 365 * day
        let end = now.milliseconds / 1000 + 10 * 365 * day
        var periods = [period(at: start)]
        var last = start
        // Every twelfth day is looked at; between two that differ, the change is found by halving.
        for second in stride(from: start, through: end, by: Int(12 * day)) {
            let here = period(at: second)
            if here.offset != periods[periods.count - 1].offset {
                periods.append(period(at: change(between: last, and: second)))
            }
            last = second
        }
        return ZoneTable(periods: periods)
    }

    private static func exists(_ name: String) -> Bool {
        !name.contains("..") && FileManager.default.fileExists(atPath: "/usr/share/zoneinfo/" + name)
    }

    private static func change(between low: Int64, and high: Int64) -> Int64 {
        var low = low
        var high = high
        let before = period(at: low).offset
        while high - low > 1 {
            let middle = (low + high) / 2
            if period(at: middle).offset == before { low = middle } else { high = middle }
        }
        return high
    }

    private static func period(at second: Int64) -> ZoneTable.Period {
        var time = time_t(second)
        var local = tm()
        localtime_r(&time, &local)
        let abbreviation = local.tm_zone.map { String(cString: $0) } ?? ""
        return ZoneTable.Period(start: second, offset: local.tm_gmtoff, abbreviation: abbreviation)
    }
}
