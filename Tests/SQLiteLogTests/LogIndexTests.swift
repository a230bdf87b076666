import ControlRoom
import SQLite
import TestSupport
import Testing

@testable import SQLiteLog

@Suite("Which names a log holds")
struct LogIndexTests {
    private let folder: TemporaryFolder
    private let log: SQLiteLog

    init() throws {
        folder = try TemporaryFolder()
        log = try SQLiteLog(path: folder.file("log")) { "log" }
    }

    private func append(_ names: [String]) throws -> [Appended] {
        try log.append(names.map { EventLogContract.entry($0) }, now: EventMaker.noon)
    }

    /// As a disk that fails in the middle of a transaction.
    private func refuse(_ isRefused: Bool) throws {
        try log.writer.write { statements in
            try statements(
                isRefused
                    ? """
                    CREATE TRIGGER refuse BEFORE INSERT ON entries WHEN NEW.name LIKE '%broken'
                    BEGIN SELECT RAISE(ABORT, 'refused'); END
                    """ : "DROP TRIGGER refuse"
            ).run()
        }
    }

    private var filtersMade: Int { get throws { try log.write { $0.index.filtersMade } } }

    @Test("are known after an append that failed without reading the whole table again")
    func failed() throws {
        for start in stride(from: 0, to: 120_000, by: 20_000) {
            _ = try append((start..<start + 20_000).map { "e\($0)" })
        }
        #expect(try append(["e7", "n1"]) == [.duplicate, .accepted(sequence: 120_001)])
        let made = try filtersMade
        #expect(made > 0)
        try refuse(true)
        for round in 0..<3 {
            #expect(throws: StoreError.self) { try append(["lost\(round)", "broken"]) }
            #expect(try append(["e\(round)", "e119999"]) == [.duplicate, .duplicate])
        }
        try refuse(false)
        // What was rolled back was never there.
        #expect(try append(["lost1", "broken"]) == [.accepted(sequence: 120_002), .accepted(sequence: 120_003)])
        let sample = stride(from: 0, to: 120_000, by: 4_999).map { "e\($0)" }
        #expect(try append(sample).allSatisfy { $0 == .duplicate })
        #expect(try filtersMade == made)
    }

    @Test("are known when another process poured them after an append that failed here")
    func poured() throws {
        for start in stride(from: 0, to: 110_000, by: 10_000) {
            _ = try append((start..<start + 10_000).map { "e\($0)" })
        }
        _ = try append(["e1"])
        try refuse(true)
        #expect(throws: StoreError.self) { try append((0..<500).map { "x\($0)" } + ["broken"]) }
        try refuse(false)
        let other = try SQLiteLog(path: folder.file("log")) { "log" }
        _ = try other.append((0..<500).map { EventLogContract.entry("y\($0)") }, now: EventMaker.noon)
        try other.write { try $0.index.pour() }
        #expect(try append((0..<500).map { "y\($0)" }).allSatisfy { $0 == .duplicate })
        #expect(try append(["x0", "e109999"]) == [.accepted(sequence: 110_501), .duplicate])
    }
}
