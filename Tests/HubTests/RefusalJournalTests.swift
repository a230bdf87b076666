import ControlRoom
import Logging
import Synchronization
import Testing

@testable import Hub

@Suite("The journal of refusals")
struct RefusalJournalTests {
    /// Keeps what is logged.
    private final class Lines: Sendable {
        let all = Mutex<[[String: String]]>([])
        let time = Mutex(Timestamp(milliseconds: 1_000_000))

        var taken: [[String: String]] {
            all.withLock { all in
                defer { all = [] }
                return all
            }
        }

        func pass(seconds: Double) { time.withLock { $0 = $0.adding(seconds: seconds) } }
    }

    private func journal() -> (RefusalJournal, Lines) {
        let lines = Lines()
        let logger = Logger(label: "test") { _ in
            RecordingHandler { event in
                lines.all.withLock { $0.append((event.metadata ?? [:]).mapValues { "\($0)" }) }
            }
        }
        return (RefusalJournal(logger, now: { lines.time.withLock { $0 } }), lines)
    }

    @Test("the first of a kind has its line at once, the others are counted, and told when its quiet time is over")
    func leftOut() {
        let (journal, lines) = journal()
        for number in 0..<1_000 { journal.note(.revoked, ["from": "10.0.0.\(number % 7)"]) }
        #expect(lines.taken == [["kind": "revoked", "from": "10.0.0.0"]])
        journal.flush()
        #expect(lines.taken.isEmpty)
        lines.pass(seconds: 11)
        journal.flush()
        #expect(lines.taken == [["kind": "revoked", "from": "10.0.0.5", "left_out": "999"]])
        lines.pass(seconds: 11)
        journal.flush()
        #expect(lines.taken.isEmpty)
    }

    @Test("the next one after the quiet time tells how many were left out before it")
    func next() {
        let (journal, lines) = journal()
        for _ in 0..<3 { journal.note(.fullDisk, [:]) }
        lines.pass(seconds: 11)
        journal.note(.fullDisk, ["tenant": "police"])
        #expect(
            lines.taken == [
                ["kind": "full disk"], ["kind": "full disk", "left_out": "2"],
                ["kind": "full disk", "tenant": "police"],
            ])
    }

    @Test("kinds do not keep each other quiet")
    func kinds() {
        let (journal, lines) = journal()
        for kind in RefusalJournal.Kind.allCases { journal.note(kind, [:]) }
        #expect(lines.taken.compactMap { $0["kind"] } == RefusalJournal.Kind.allCases.map(\.rawValue))
    }

    @Test("a clock that is set back hides nothing for long")
    func clockBack() {
        let (journal, lines) = journal()
        journal.note(.revoked, [:])
        lines.pass(seconds: -5_000)
        journal.note(.revoked, [:])
        #expect(lines.taken.count == 2)
    }
}
