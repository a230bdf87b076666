import Console
import ControlRoom
import Testing

/// What is shelved is quiet, and never forgotten.
@Suite("Shelving")
struct ShelfStories {
    @Test("A shelved alert leaves the ones that want somebody, says until when, by whom and why, and comes back")
    func shelve() throws {
        let op = try Session().raise("camera-1/crowd", .high, "Crowd at the gate").wait(1)
        try op.press("s").see("Crowd at the gate", "for 15 min", "until it clears").press("2").press("enter")
        try op.see("reason", "known fault").choose("maintenance").type("roadworks").press("enter").sayLast(
            "op1 shelved")
        op.see("shelved 60m", "0 unack")
        try op.press("enter").see("shelved by op1", "maintenance", "roadworks").press("1")
        try op.press("o", "o").see("shelved").see("Crowd at the gate")
        try op.press("s").see("take it off the shelf").press("1").press("enter").sayLast("op1 unshelved")
        try op.press("0").see("1 unack")
    }

    @Test("A shelf wants a reason, of which none is chosen beforehand; its words are a note, and Escape does nothing")
    func reason() throws {
        let op = try Session().raise("camera-1/crowd", .high, "Crowd at the gate")
        try op.press("s", "3", "enter").see("maintenance", "known fault", "duplicate").press("enter").see("maintenance")
        try op.press("esc", "s", "esc", "s", "1", "enter").choose("test").see("test: note").press("esc")
        #expect(op.recorded.isEmpty)
        try op.press("s", "1", "enter").press("down", "down", "enter").press("enter").sayLast("op1 shelved").wait(1)
        #expect(op.recorded.count == 1)
        #expect(op.state.alerts.current?.alert.shelving?.reason == SuppressionReason(.knownFault))
    }

    @Test("A shelf ends by its clock on every screen, and what was acknowledged stays so")
    func ends() throws {
        let op = try Session().raise("camera-1/crowd", .high, "Crowd at the gate").press("a").wait(1)
        try op.press("s", "1", "enter").choose("maintenance").press("enter").see("shelved 15m")
        try op.wait(901).see("ack").seeNot("shelved 1m")
        #expect(op.state.alerts.current?.alert.acknowledgement?.by == "op1")
    }

    @Test("Whoever shelves one after the other stays where they are, and the list with them")
    func several() throws {
        let op = try Session("80x24").raiseMany(1..<60).wait(1).press("j", "j").beOn("Crowd 57")
        for next in ["Crowd 56", "Crowd 55"] {
            try op.press("s", "1", "enter").choose("maintenance").press("enter").beOn(next)
        }
        #expect(op.recorded.count == 2 && op.state.alerts.top == 0)
    }

    @Test("Who shelved it can take that back; a responder may not shelve")
    func undo() throws {
        let op = try Session().raise("camera-1/crowd", .high, "Crowd at the gate")
        try op.press("s", "1", "enter").choose("maintenance").press("enter").see("shelved 1")
        try op.press("u").see("Undo?").press("y").see("1 unack")
        let responder = try Session(as: "resp1").raise("camera-1/crowd", .high, "Crowd at the gate")
        try responder.press("s").sayLast("the role responder may not shelve")
    }

    @Test("The code of a reason is in the list and found by a filter; its words are in the detail alone")
    func codes() throws {
        let op = try Session("80x24").raise("a/1", .high, "Crowd at the gate").raise("a/2", .high, "Cam").wait(1)
        try op.press("/").type("cam").press("enter").press("s", "1", "enter").choose("test").type("Rossi calls")
        try op.press("enter").press("0").wait(1).press("o", "o").see("Cam [op1: test]").seeNot("Rossi")
        try op.press("enter").see("Rossi").press("1")
        try op.press("/").type("reason = test").press("enter").see("1 found", "Cam").seeNot("Crowd at the gate")
        try op.press("/", "ctrl-u").type("reason = duplicate").press("enter").see("0 found")
    }
}
