import ControlRoom
import Store
import TestSupport
import Testing

@Suite("Checklist runs in the store")
struct ChecklistStoreTests {
    @Test("a run is folded from its events, its line says how far it is")
    func runs() throws {
        let disk = try TemporaryStore()
        var make = EventMaker()
        try disk.ingest([make.playbook("p"), make.started("run/1", playbook: "p")])
        let step = make.step("run/1", 1, "done")
        #expect(try disk.ingest(step) == .accepted(sequence: 3, outcome: .applied))
        #expect(
            try disk.ingest(make.step("run/1", 1, "done", by: "op2"))
                == .accepted(sequence: 4, outcome: .refused(.stepAlready(state: "done", by: "op1"))))
        #expect(try disk.store.runs(.actual).map(\.settled) == [1])
        #expect(try disk.ingest(make.undone(step)) == .accepted(sequence: 5, outcome: .applied))
        #expect(try disk.store.runs(.actual).map(\.settled) == [0])
        #expect(try disk.store.run("run/1")?.state(of: 1) == .open)
        #expect(
            try disk.ingest(make.started("run/1", playbook: "p", by: "op2"))
                == .accepted(sequence: 6, outcome: .unchanged(.alreadyClosed)))
        #expect(try disk.store.run("run/1")?.started.by == "op1")
    }

    @Test("a run of an unknown playbook is refused, and so is a step of no run")
    func refused() throws {
        let disk = try TemporaryStore()
        var make = EventMaker()
        #expect(
            try disk.ingest(make.started("run/1", playbook: "q"))
                == .accepted(sequence: 1, outcome: .refused(.unknownPlaybook("q"))))
        #expect(
            try disk.ingest(make.step("run/1", 1, "done")) == .accepted(sequence: 2, outcome: .refused(.unknownSubject))
        )
        #expect(try disk.store.runs(.actual).isEmpty && disk.store.run("run/1") == nil)
    }

    @Test("an act in an exercise does not reach a run in the Actual realm, nor move it")
    func realms() throws {
        let disk = try TemporaryStore()
        var make = EventMaker()
        try disk.ingest([make.playbook("p"), make.started("run/1", playbook: "p")])
        make.exercise = "x"
        #expect(
            try disk.ingest(make.step("run/1", 1, "done")) == .accepted(sequence: 3, outcome: .refused(.unknownSubject))
        )
        #expect(
            try disk.ingest(make.started("run/1", playbook: "p"))
                == .accepted(sequence: 4, outcome: .refused(.unknownSubject)))
        #expect(try disk.store.run("run/1")?.settledCount == 0 && disk.store.realm(ofRun: "run/1") == .actual)
        #expect(try disk.store.runs(.exercise("x")).isEmpty && disk.store.runs(.actual).map(\.id) == ["run/1"])
    }
}
