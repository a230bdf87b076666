import ControlRoom
import GRDB
import Synchronization
import TestSupport
import Testing

@testable import Store

/// What an event of a run costs is counted in statements, and in rows of the log that are read.
@Suite("The work for a run")
struct ChecklistWorkTests {
    /// What SQLite was asked while a body ran.
    private func asked(_ disk: TemporaryStore, _ body: () throws -> Void) throws -> [String] {
        let asked = Mutex<[String]>([])
        disk.store.writer.writeWithoutTransaction { db in
            db.trace { event in
                guard case .statement(let statement) = event else { return }
                asked.withLock { $0.append(statement.sql) }
            }
        }
        try body()
        disk.store.writer.writeWithoutTransaction { $0.trace(options: []) }
        return asked.withLock { $0 }
    }

    private func outcome(_ admission: Admission) -> Outcome? {
        if case .accepted(_, let outcome) = admission { outcome } else { nil }
    }

    /// Statements that read all events of a run.
    private func folds(_ asked: [String]) -> Int { asked.count { $0.contains("lane = 1 AND subject") } }

    @Test("Notes cost the same however many came before, and none of them reads the run again")
    func notes() throws {
        let disk = try TemporaryStore()
        var make = EventMaker()
        try disk.ingest([make.playbook("p"), make.started("run/1", playbook: "p")])
        func note(_ count: Int) throws -> [String] {
            try asked(disk) {
                let events = (0..<count).map { _ in make.event(.checklistNoted, "run/1", #"{"note":"n"}"#, by: "op1") }
                let outcomes = try disk.ingest(events).map(outcome)
                #expect(outcomes.allSatisfy { $0 == .applied })
            }
        }
        let first = try note(2_000)
        let more = try note(2_000)
        let last = try note(2_000)
        #expect(folds(first) == 0 && folds(last) == 0)
        #expect(last.count < more.count + 50)
        #expect(try disk.store.run("run/1")?.notes.count == 6_000)
    }

    @Test("A step that is set and opened again thousands of times costs the same each time, and so does an undo")
    func steps() throws {
        let disk = try TemporaryStore()
        var make = EventMaker()
        try disk.ingest([make.playbook("p"), make.started("run/1", playbook: "p")])
        func turn(_ count: Int) throws -> [String] {
            try asked(disk) {
                for _ in 0..<count {
                    let done = make.step("run/1", 1, "done")
                    try disk.ingest([done, make.step("run/1", 1, "open"), make.step("run/1", 2, "done")])
                    try disk.ingest([make.step("run/1", 2, "open"), make.undone(done)])
                }
            }
        }
        let (first, last) = (try turn(200), try turn(200))
        #expect(folds(first) == 0 && folds(last) == 0)
        #expect(last.count < first.count + 50)
        #expect(try disk.store.runs(.actual).map(\.settled) == [disk.store.run("run/1")?.settledCount])
    }

    @Test("What a run was never started for costs nothing more than its place in the log")
    func unknown() throws {
        let disk = try TemporaryStore()
        var make = EventMaker()
        let asked = try asked(disk) {
            let events = (0..<500).flatMap { _ in
                [make.event(.checklistNoted, "run/9", #"{"note":"n"}"#, by: "op1"), make.step("run/9", 1, "done")]
            }
            let outcomes = try disk.ingest(events).map(outcome)
            #expect(outcomes.allSatisfy { $0 == .refused(.unknownSubject) })
        }
        #expect(folds(asked) == 0)
        try disk.ingest([make.playbook("p"), make.started("run/9", playbook: "p")])
        #expect(try disk.store.run("run/9")?.settledCount == 0)
    }

    @Test("A run of an earlier version is folded once, when its next event comes")
    func earlier() throws {
        let disk = try TemporaryStore()
        var make = EventMaker()
        let done = make.step("run/1", 1, "done")
        try disk.ingest([make.playbook("p"), make.started("run/1", playbook: "p"), done])
        try disk.store.writer.write { try $0.execute(sql: "DELETE FROM run_folds; DELETE FROM run_steps") }
        let asked = try asked(disk) {
            let outcomes = try disk.ingest([make.step("run/1", 2, "done"), make.undone(done)]).map(outcome)
            #expect(outcomes == [.applied, .applied])
        }
        #expect(folds(asked) == 1)
        #expect(try disk.store.runs(.actual).map(\.settled) == [1])
    }

    @Test("A playbook that is published again with other steps counts for its runs from their next event on")
    func republished() throws {
        let disk = try TemporaryStore()
        var make = EventMaker()
        try disk.ingest([
            make.playbook("p"), make.started("run/1", playbook: "p"), make.step("run/1", 1, "done"),
            make.step("run/1", 2, "done"),
        ])
        let shorter = make.event(
            .playbookPublished, "playbook/p", #"{"id":"p","version":1,"title":"p","steps":[{"id":1,"title":"one"}]}"#)
        try disk.ingest(shorter)
        try disk.ingest(make.event(.checklistNoted, "run/1", #"{"note":"n"}"#, by: "op1"))
        #expect(try disk.store.runs(.actual).map { [$0.settled, $0.steps] } == [[1, 1]])
        #expect(try disk.store.run("run/1")?.settledCount == 1)
    }

    @Test("A start that was refused stays refused when its playbook comes")
    func late() throws {
        let disk = try TemporaryStore()
        var make = EventMaker()
        try disk.ingest([make.started("run/1", playbook: "p"), make.playbook("p"), make.step("run/1", 1, "done")])
        #expect(try disk.store.run("run/1") == nil && disk.store.runs(.actual).isEmpty)
        try disk.ingest([make.started("run/1", playbook: "p", by: "op2"), make.step("run/1", 2, "done")])
        #expect(try disk.store.run("run/1")?.started.by == "op2" && disk.store.run("run/1")?.settledCount == 1)
        #expect(try disk.store.runs(.actual).map(\.settled) == [1])
    }

    @Test("The line and the outcomes are those of the run folded from the log, whatever happens", arguments: 1...10)
    func agrees(seed: UInt64) throws {
        let disk = try TemporaryStore()
        var (make, chance) = (EventMaker(), SeededChance(seed: seed))
        try disk.ingest([make.playbook("p"), make.started("run/1", playbook: "p")])
        var plain = try #require(try disk.store.run("run/1"))
        var steps: [Event] = []
        for _ in 0..<150 {
            let actor = "op\(chance.next() % 2)"
            let event: Event
            switch chance.next() % 6 {
            case 0: event = make.event(.checklistNoted, "run/1", #"{"note":"n"}"#, by: actor)
            case 1 where !steps.isEmpty:
                event = make.undone(steps[Int(chance.next() % UInt64(steps.count))], by: actor)
            default:
                let state = ChecklistRun.StepState.allCases[Int(chance.next() % 4)]
                event = make.step("run/1", Int(chance.next() % 4) + 1, state.rawValue, by: actor)
                steps.append(event)
            }
            let expected = plain.apply(try Fact(of: event), act: event.id, by: actor, at: EventMaker.noon)
            guard case .accepted(_, let outcome)? = try disk.ingest(event) else {
                Issue.record("not accepted")
                continue
            }
            #expect(outcome == expected)
            #expect(try disk.store.runs(.actual).map(\.settled) == [plain.settledCount])
            if chance.next() % 40 == 0 {
                // As another version's store is, or one whose playbook came again.
                try disk.store.writer.write { try $0.execute(sql: "DELETE FROM run_folds") }
            }
        }
        #expect(try disk.store.run("run/1")?.settledCount == plain.settledCount)
    }
}
