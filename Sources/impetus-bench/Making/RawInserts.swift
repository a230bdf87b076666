import ControlRoom
import Foundation
import SQLite
import Standards

/// The peer of a fold: the same events as bytes, inserted into a table of SQLite that knows nothing of them, with the settings of a store and as
/// many in a transaction.
struct RawInserts {
    /// Events a second; that they are made first does not count.
    let rate: Double

    init(_ count: Int, in workshop: Workshop, seed: UInt64 = 7) throws {
        let connection = try SQLite.Connection.writing(
            workshop.path + "/raw-\(UUID().uuidString).sqlite", cacheKiB: 64_000, pageBytes: 4_096,
            checkpoints: (some: 1_000, many: 4_000))
        defer { connection.close() }
        try connection.migrate([
            (name: "1 events", sql: "CREATE TABLE events (sequence INTEGER PRIMARY KEY, body BLOB NOT NULL) STRICT;")
        ])
        var maker = AlertMaker(seed: seed)
        var (left, seconds) = (count, 0.0)
        while left > 0 {
            let batch = (0..<min(left, StoreFiller.batch)).map { _ in CloudEventWriter.json(maker.next()) }
            left -= batch.count
            let start = Clock.seconds()
            try connection.write { statements in
                let insert = try statements("INSERT INTO events (body) VALUES (?)")
                for body in batch {
                    insert.bind(1, body)
                    try insert.run()
                }
            }
            seconds += Clock.seconds() - start
        }
        rate = Double(count) / seconds
    }

    /// - Parameter own: events a second of what is measured beside it.
    func report(_ what: String, _ own: Double) {
        Report.line("raw inserts of the same bytes", "", "\(Int(rate)) events/s")
        Report.line(
            "\(what), share of raw inserts", "", String(format: "%.2f", own / rate), goal: "0.25 or more",
            met: own >= rate / 4)
    }
}
