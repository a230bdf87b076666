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
        try op.see("reason").type("roadworks").press("enter").sayLast("op1 shelved")
        op.see("shelved 60m", "0 unack")
        try op.press("enter").see("shelved by op1", "roadworks").press("1")
        try op.press("o", "o").see("shelved").see("Crowd at the gate")
        try op.press("s").see("take it off the shelf").press("1").press("enter").sayLast("op1 unshelved")
        try op.press("0").see("1 unack")
    }

    @Test("More than an hour wants a reason; nothing is sent without one, and Escape does nothing")
    func reason() throws {
        let op = try Session().raise("camera-1/crowd", .high, "Crowd at the gate")
        try op.press("s").press("3").press("enter").press("enter").see("needs a reason")
        // It stays open: what is typed next is the reason, and no command.
        try op.type("q").press("esc").press("s").press("esc").press("s").press("1").press("enter").press("esc")
        #expect(op.recorded.isEmpty)
        try op.press("s").press("1").press("enter").press("enter").sayLast("op1 shelved")
        #expect(op.recorded.count == 1)
    }

    @Test("A shelf ends by its clock on every screen, and what was acknowledged stays so")
    func ends() throws {
        let op = try Session().raise("camera-1/crowd", .high, "Crowd at the gate").press("a").wait(1)
        try op.press("s").press("1").press("enter").press("enter").see("shelved 15m")
        try op.wait(901).see("ack").seeNot("shelved 1m")
        #expect(op.state.alerts.current?.alert.acknowledgement?.by == "op1")
    }

    @Test("Whoever shelves one after the other stays where they are, and the list with them")
    func several() throws {
        let op = try Session("80x24").raiseMany(1..<60).wait(1).press("j", "j").beOn("Crowd 57")
        for next in ["Crowd 56", "Crowd 55"] {
            try op.press("s").press("1").press("enter").press("enter").beOn(next)
        }
        #expect(op.recorded.count == 2 && op.state.alerts.top == 0)
    }

    @Test("Who shelved it can take that back; a responder may not shelve")
    func undo() throws {
        let op = try Session().raise("camera-1/crowd", .high, "Crowd at the gate")
        try op.press("s").press("1").press("enter").press("enter").see("shelved 1")
        try op.press("u").see("Undo?").press("y").see("1 unack")
        let responder = try Session(as: "resp1").raise("camera-1/crowd", .high, "Crowd at the gate")
        try responder.press("s").sayLast("the role responder may not shelve")
    }
}
