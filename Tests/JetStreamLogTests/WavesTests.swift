import ControlRoom
import TestSupport
import Testing

@testable import JetStreamLog

struct WavesTests {
    @Test("each entry goes once, each line in its order, in as many waves as the longest line is long")
    func waves() {
        var random = SeededChance(seed: 7)
        for _ in 0..<300 {
            let entries = (0..<Int.random(in: 0...40, using: &random)).map { number in
                EventLogContract.entry(
                    "e\(number)", line: Bool.random(using: &random) ? "\(Int.random(in: 0...3, using: &random))" : nil)
            }
            let waves = Waves.of(entries)
            #expect(waves.flatMap { $0 }.sorted() == Array(entries.indices))
            var longest = entries.isEmpty ? 0 : 1
            for line in Set(entries.compactMap(\.line)) {
                let sent = waves.map { wave in wave.filter { entries[$0].line == line } }
                #expect(sent.allSatisfy { $0.count <= 1 })
                #expect(sent.flatMap { $0 } == entries.indices.filter { entries[$0].line == line })
                longest = max(longest, entries.filter { $0.line == line }.count)
            }
            #expect(waves.count == longest)
        }
    }
}
