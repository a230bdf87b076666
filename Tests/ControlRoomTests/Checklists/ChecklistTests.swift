import ControlRoom
import TestSupport
import Testing

@Suite("Checklists")
struct ChecklistTests {
    private let playbook = Playbook(
        id: "p", version: 2, title: "P", offers: [.init(tool: "FD", kind: "*"), .init(tool: "BD", kind: "anthrax")],
        steps: [
            .init(id: 1, title: "one", text: "t", role: "operator", after: [], dueSeconds: 60),
            .init(id: 2, title: "two", text: "", role: "responder", after: [], dueSeconds: nil),
            .init(id: 3, title: "three", text: "", role: "operator", after: [1, 2], dueSeconds: nil),
        ])

    private func run() -> ChecklistRun {
        ChecklistRun(id: "run/1", playbook: playbook, alert: "a", started: .init(by: "op1", at: EventMaker.noon))
    }

    private func set(
        _ run: inout ChecklistRun, _ step: Int, _ state: ChecklistRun.StepState, by actor: String = "op1", act: String,
        note: String? = nil
    ) -> Outcome {
        run.set(step, to: state, note: note, by: actor, at: EventMaker.noon, act: act)
    }

    @Test("a playbook that is written is read again")
    func roundTrip() throws {
        let bytes = JSONWriter.bytes { playbook.write(to: &$0) }
        #expect(try JSONReader.read(bytes) { try Playbook(reading: &$0) } == playbook)
    }

    @Test("how well a playbook fits an alert")
    func fits() {
        #expect(playbook.fits(tool: "FD", kind: "weapon") == 1 && playbook.fits(tool: "BD", kind: "anthrax") == 2)
        #expect(playbook.fits(tool: "BD", kind: "other") == 0 && playbook.fits(tool: "UAD", kind: "*") == 0)
    }

    @Test("a step is done once, by whoever came first; the second is told, and their note is kept")
    func doneOnce() {
        var run = run()
        #expect(set(&run, 1, .done, act: "e1") == .applied)
        #expect(
            set(&run, 1, .done, by: "op2", act: "e2", note: "me too")
                == .refused(.stepAlready(state: "done", by: "op1")))
        #expect(run.record(of: 1)?.by == "op1" && run.notes.map(\.text) == ["me too"])
        #expect(set(&run, 9, .done, act: "e3") == .refused(.unknownStep(9)))
        #expect(set(&run, 1, .open, by: "op2", act: "e4") == .applied)
        #expect(run.state(of: 1) == .open && set(&run, 1, .done, by: "op2", act: "e5") == .applied)
    }

    @Test("the next step is the first that is open and waits for nothing")
    func nextStep() {
        var run = run()
        #expect(run.nextStep?.id == 1 && run.waitsFor(playbook.steps[2]) == [1, 2])
        _ = set(&run, 1, .blocked, act: "e1")
        #expect(run.nextStep?.id == 2)
        _ = set(&run, 2, .notApplicable, act: "e2")
        #expect(run.nextStep?.id == 1 && run.settledCount == 1)
        _ = set(&run, 1, .done, act: "e3")
        #expect(run.nextStep?.id == 3 && run.waitsFor(playbook.steps[2]).isEmpty)
        _ = set(&run, 3, .done, act: "e4")
        #expect(run.isFinished && run.nextStep == nil)
    }

    @Test("an undo uncovers what was there before, in whatever order it comes")
    func undo() {
        var run = run()
        _ = set(&run, 1, .blocked, act: "e1")
        _ = set(&run, 1, .done, by: "op2", act: "e2")
        #expect(run.undo("e2", by: "op1") == .refused(.notYours(by: "op2")))
        #expect(run.undo("e1", by: "op1") == .applied && run.state(of: 1) == .done)
        #expect(run.undo("e2", by: "op2") == .applied && run.state(of: 1) == .open)
        #expect(run.undo("e2", by: "op2") == .refused(.nothingToUndo))
    }

    @Test("facts reach the run; others do not")
    func apply() {
        var run = run()
        let set = Fact.checklistStepSet(ChecklistStepSet(step: 2, state: .done, note: "n"))
        #expect(run.apply(set, act: "e1", by: "op1", at: EventMaker.noon) == .applied)
        #expect(run.apply(.checklistNoted("hello"), act: "e2", by: "op2", at: EventMaker.noon) == .applied)
        #expect(run.notes.map(\.text) == ["hello"] && run.record(of: 2)?.note == "n")
        let undo = Fact.actUndone(ActUndone(act: "e1", type: .checklistStepSet))
        #expect(run.apply(undo, act: "e3", by: "op1", at: EventMaker.noon) == .applied && run.settledCount == 0)
        #expect(run.apply(.alertReset(nil), act: "e4", by: "op1", at: EventMaker.noon) == .unchanged(.unknownSubject))
    }
}
