import ControlRoom
import Foundation
import TestSupport
import Testing

@testable import Store

@Suite("stress")
struct ZzStress {
    @Test func many() throws {
        var chance = SeededChance(seed: UInt64(Date().timeIntervalSince1970))
        for _ in 0..<6 {
            let damaged = try DamagedStore(events: 120)
            for _ in 0..<60 {
                let length = Int(chance.next() % UInt64(damaged.bytes.count)) + 1
                try damaged.damage(length: length)
                let (store, report) = try Recovery.open(path: damaged.path, now: EventMaker.noon) { "new" }
                store.close()
                if let report, !FileManager.default.fileExists(atPath: report.setAside) {
                    Issue.record("length \(length) of \(damaged.bytes.count): \(report) \(damaged.folder.names)")
                }
            }
        }
    }
}
