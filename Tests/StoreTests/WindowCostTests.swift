import ControlRoom
import GRDB
import GRDBSQLite
import TestSupport
import Testing

@testable import Store

/// What a window costs is counted in steps of SQLite's machine.
@Suite("The cost of a window")
struct WindowCostTests {
    private final class Steps {
        var count = 0
    }

    /// Tens of steps that the reading connection takes while a body runs.
    private func steps(_ store: Store, _ body: () throws -> Void) throws -> Int {
        let steps = Steps()
        store.reader.unsafeReentrantRead { db in
            let context = Unmanaged.passUnretained(steps).toOpaque()
            let count: @convention(c) (UnsafeMutableRawPointer?) -> Int32 = { context in
                if let context { Unmanaged<Steps>.fromOpaque(context).takeUnretainedValue().count += 1 }
                return 0
            }
            sqlite3_progress_handler(db.sqliteConnection, 10, count, context)
        }
        try body()
        store.reader.unsafeReentrantRead { sqlite3_progress_handler($0.sqliteConnection, 0, nil, nil) }
        return steps.count
    }

    private func filled(_ count: Int) throws -> TemporaryStore {
        let disk = try TemporaryStore()
        var make = EventMaker()
        for start in stride(from: 0, to: count, by: 1_000) {
            var events: [Event] = []
            for number in start..<start + 1_000 {
                make.time = EventMaker.noon.adding(seconds: Double(number) / 10)
                events.append(make.raised("s\(number)", .allCases[number % 5]))
                if number % 4 == 1 { events.append(make.acknowledged("s\(number)")) }
                if number % 4 == 2 {
                    events.append(make.shelved("s\(number)", until: EventMaker.noon.adding(seconds: 3_000)))
                }
                if number % 4 == 3 { events += [make.acknowledged("s\(number)"), make.cleared("s\(number)")] }
            }
            try disk.ingest(events, at: make.time)
        }
        try disk.settle()
        return disk
    }

    @Test("is the same at its start, in the middle and at its end, forwards and backwards, however long the list is")
    func constant() throws {
        let disk = try filled(4_000)
        for order in [AlertOrder.need, .severity] {
            for show in AlertFilter.Show.allCases {
                let query = AlertQuery(realm: .actual, order: order, filter: AlertFilter(show: show))
                let all = try disk.store.alerts(query, at: .start, limit: 5_000).lines
                let first = try steps(disk.store) { _ = try disk.store.alerts(query, at: .start, limit: 20) }
                try #require(all.count >= 900 && first > 0, "\(show) \(all.count)")
                for share in [0.05, 0.5, 0.95] {
                    let key = all[Int(Double(all.count) * share)].key
                    for anchor in [AlertAnchor.from(key), .after(key), .before(key)] {
                        let cost = try steps(disk.store) { _ = try disk.store.alerts(query, at: anchor, limit: 20) }
                        #expect(cost < 2 * first + 100, "\(order) \(show) \(share) \(anchor)")
                    }
                }
            }
        }
    }
}
