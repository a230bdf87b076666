import Foundation
import TestSupport
import Testing

/// Cities in trouble; after healing all agree. `IMPETUS_SEED` replays one, `IMPETUS_SEEDS` runs so many: three thousand in CI.
@Suite("A city in trouble")
struct SimulationTests {
    private static let environment = ProcessInfo.processInfo.environment
    private static let count = environment["IMPETUS_SEEDS"].flatMap { UInt64($0) } ?? 1_000
    private static let chunks: [UInt64] = (0..<50).map { $0 }

    @Test("agrees after healing, nothing lost and nothing twice", arguments: chunks)
    func seeds(chunk: UInt64) throws {
        if let seed = SimulationTests.environment["IMPETUS_SEED"].flatMap({ UInt64($0) }) {
            return chunk == 0 ? try Simulation(seed: seed).run() : ()
        }
        for seed in stride(from: chunk, to: SimulationTests.count, by: UInt64.Stride(SimulationTests.chunks.count)) {
            try Simulation(seed: seed).run()
        }
    }

    @Test("has consoles that come late, begin with a snapshot and get the older events behind it")
    func late() throws {
        let older = try (UInt64(0)..<60).map { seed in
            let simulation = try Simulation(seed: seed)
            try simulation.run()
            return simulation.olderEvents
        }
        #expect(older.count { $0 > 0 } >= 5, "\(older)")
    }

    @Test("has entries in its log that are no events, and agrees all the same")
    func junk() throws {
        let junk = try (UInt64(0)..<40).map { seed in
            let simulation = try Simulation(seed: seed)
            try simulation.run()
            return simulation.junkEntries
        }
        #expect(junk.count { $0 > 0 } >= 20, "\(junk)")
    }

    @Test("shows each planted mistake", arguments: Plant.allCases)
    func planted(_ plant: Plant) throws {
        let found = (UInt64(0)..<200).contains { seed in
            do {
                try Simulation(seed: seed, plant: plant).run()
                return false
            } catch {
                return error is Simulation.Failure
            }
        }
        #expect(found, "\(plant.rawValue) went unseen")
    }
}
