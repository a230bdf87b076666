import Foundation
import TestSupport
import Testing

/// Cities in trouble; after healing all agree, and the laws hold. `IMPETUS_SEED` replays one, `IMPETUS_SEEDS` runs so many: three
/// thousand in CI, ten thousand by `sh .ci/soak`.
@Suite("A city in trouble")
struct SimulationTests {
    private static let environment = ProcessInfo.processInfo.environment
    private static let count = environment["IMPETUS_SEEDS"].flatMap { UInt64($0) } ?? 1_000
    private static let chunks: [UInt64] = (0..<50).map { $0 }

    @Test("agrees after healing, the laws hold, nothing is lost and nothing there twice", arguments: chunks)
    func seeds(chunk: UInt64) throws {
        if let seed = SimulationTests.environment["IMPETUS_SEED"].flatMap({ UInt64($0) }) {
            return chunk == 0 ? try Simulation(seed: seed).run() : ()
        }
        for seed in stride(from: chunk, to: SimulationTests.count, by: UInt64.Stride(SimulationTests.chunks.count)) {
            try Simulation(seed: seed).run()
        }
    }

    @Test("has all in it that can happen to one")
    func happens() throws {
        var happened = Happenings()
        for seed in UInt64(0)..<150 {
            let simulation = try Simulation(seed: seed)
            try simulation.run()
            happened.add(simulation.happened)
        }
        let missing = happened.missing
        #expect(missing.isEmpty, "of 150 cities in none: \(missing)")
        // Not once by chance.
        #expect(happened[.olderEventsFilled] >= 10 && happened[.junk] >= 40, "\(happened)")
    }

    @Test("shows each planted mistake", arguments: Plant.allCases)
    func planted(_ plant: Plant) throws {
        let found = (UInt64(0)..<200).contains { seed in
            do {
                try Simulation(seed: seed, plant: plant).run()
                return false
            } catch let failure as Simulation.Failure {
                // What all do alike is found by the law that it breaks.
                return plant.law.map { failure.reason.hasPrefix($0) } ?? true
            } catch {
                return false
            }
        }
        #expect(found, "\(plant.rawValue) went unseen")
    }
}
