import ControlRoom
import Foundation
import Store
import TestSupport
import Testing

@Suite("A process that is killed in the middle")
struct KilledTests {
    private static let size = 20

    private static func batch(_ number: Int) throws -> [AdmittedEvent] {
        var make = EventMaker(source: "urn:batch/\(number)")
        return try (0..<size).map { try AdmittedEvent(make.raised("b\(number)/\($0)")) }
    }

    /// Ingests until it dies; each batch that was accepted is noted outside the store.
    private static func ingestUntilKilled(_ path: String, afterMicroseconds delay: Int) throws {
        let store = try Store(path: path) { "log" }
        let note = open(path + ".accepted", O_WRONLY | O_CREAT | O_APPEND, 0o600)
        for number in 0..<100_000 {
            _ = try store.ingest(try batch(number), now: EventMaker.noon)
            write(note, "x", 1)
            if number == 2 {
                Thread {
                    usleep(UInt32(delay))
                    kill(getpid(), SIGKILL)
                }.start()
            }
        }
    }

    @Test("leaves a store in which everything is that was accepted", arguments: [0, 700, 3_000, 11_000, 40_000])
    func killed(afterMicroseconds delay: Int) async throws {
        let folder = try TemporaryFolder()
        let path = folder.file("s")
        await #expect(processExitsWith: .signal(SIGKILL)) { [path = path as String, delay = delay as Int] in
            try KilledTests.ingestUntilKilled(path, afterMicroseconds: delay)
        }
        let accepted = try Data(contentsOf: URL(fileURLWithPath: path + ".accepted")).count
        #expect(accepted >= 3)
        let (store, report) = try Recovery.open(path: path, now: EventMaker.noon) { "new" }
        #expect(report == nil)
        let count = Int(try store.lastSequence())
        // The one batch of which nobody was told is there as a whole, or not at all.
        #expect(count == accepted * KilledTests.size || count == (accepted + 1) * KilledTests.size)
        #expect(try store.integrityProblems().isEmpty)
        #expect(try store.totals(.actual, now: EventMaker.noon, midnight: EventMaker.noon).total == count)
        for number in 0..<accepted {
            #expect(
                try store.ingest(try KilledTests.batch(number), now: EventMaker.noon).allSatisfy { $0 == .duplicate })
        }
    }
}
