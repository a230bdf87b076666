import Console
import ControlRoom
import Store
import Testing

/// The supervisor's part: what is asked for, what nobody answered, whose it is.
@Suite("Handling")
struct HandlingStories {
    @Test("An operator asks for a long shelf; the supervisor is told, sees who asks what and why, and approves it")
    func approval() throws {
        let op = try Session().raise("camera-1/crowd", .low, "Crowd at the gate").wait(1)
        let sup = try Session(in: op.house, as: "sup1")
        try op.press("s").see("for 3 d", "asks a second person").choose("for 3 d").choose("maintenance").type(
            "roadworks"
        ).press("enter")
        op.sayLast("op1 asked for approval").see(
            "1 unack", "Crowd at the gate", "op1 asks: “maintenance, roadworks”, Shelve until")
        sup.sayLast("approval is asked for; p decides").see("to approve 1", "asks: “maintenance")
        // Its author cannot decide it, nor can another operator.
        try op.press("p").sayLast("the role operator may not approve")
        try sup.press("p").see("What is asked for", "op1 asks", "roadworks").choose("Approve").press("enter")
        sup.sayLast("sup1 approved").see("0 unack", "Crowd at the gate", "shelved 3d").seeNot("to approve")
        try sup.press("enter").see("shelved by op1", "approved by", "sup1 14:03")
        try op.press("s").choose("take it off the shelf").see("1 unack")
    }

    @Test("A supervisor cannot approve their own request")
    func ownRequest() throws {
        let sup = try Session(as: "sup1").raise("a/1", .low, "Crowd").wait(1)
        try sup.press("s").choose("for 7 d").choose("known fault").type("works").press("enter").see("sup1 asks")
        try sup.press("p").sayLast("you cannot approve your own request")
        try sup.press("u", "y").seeNot("sup1 asks")
        #expect(sup.recorded.map(\.type) == [.approvalRequested, .actUndone])
    }

    @Test("A supervisor refuses, with a note; nothing is silenced")
    func refusal() throws {
        let op = try Session().raise("a/1", .low, "Crowd").wait(1)
        let sup = try Session(in: op.house, as: "sup1")
        try op.press("s").choose("Out of service").press("enter").see("Out of service: why?")
        try op.choose("maintenance").type("lens").press("enter").see("op1 asks: “maintenance, lens”, Out of service")
        try sup.press("p").choose("Refuse").type("not during the match").press("enter").sayLast("sup1 refused")
        sup.see("1 unack").seeNot("op1 asks")
        #expect(try op.house.store.alert(subject: "a/1", realm: .actual)?.alert.removal == nil)
    }

    @Test("A camera under maintenance stays quiet and listed, whatever it says, until it is returned")
    func service() throws {
        let sup = try Session(as: "sup1").raise("camera-1/crowd", .low, "Crowd at the gate").wait(1)
        try sup.press("s").choose("Out of service").choose("maintenance").type("lens cleaned").press("enter").see(
            "0 unack", "out of service by sup1")
        try sup.raise("camera-1/crowd", .critical, "Crowd at the gate").wait(1).see(
            "0 unack", "Crowd at the gate", "out of svc", ": maintenance")
        try sup.press("w").choose("For review").see("Crowd at the gate").press("0")
        try sup.press("s").choose("Return to service").sayLast("returned").see("1 unack", "CRIT")
    }

    @Test("What nobody answers comes to the supervisor with a sound, and stays on show until somebody does")
    func escalation() throws {
        let op = try Session().raise("a/1", .critical, "Fire").wait(1)
        let sup = try Session(in: op.house, as: "sup1")
        try op.press("b")
        try sup.press("b")
        let bells = sup.bells
        try sup.wait(305).see("[to supervisor] Fire", "escalated 1")
        #expect(sup.bells > bells && sup.notices.contains { $0.contains("escalated to you") })
        #expect(!op.notices.contains { $0.contains("escalated to you") })
        try sup.press("w").choose("Escalated").see("Fire").press("0")
        try op.press("a").wait(1).seeNot("[to supervisor]", "escalated 1")
        sup.seeNot("[to supervisor]")
    }

    @Test("Taking an alert, giving it to somebody, and taking over what an absent operator has")
    func owners() throws {
        let op = try Session().raiseMany(1..<5).wait(1)
        let sup = try Session(in: op.house, as: "sup1")
        try op.press("a").press("j", "T").sayLast("op1 took").see("[@op1]")
        try op.press("T").sayLast("it is op1's already")
        try op.press("w").choose("Mine").see("2 found").press("0")
        try sup.command("Who has what").see("op1", "2 open · 1 unack 1s").choose("op1").see("2 found")
        try sup.press("*", "T").choose("resp1").press("y").sayLast("gave")
        try sup.press("0").command("Who has what").see("resp1").press("esc")
        let team = try op.house.store.team(.actual, now: op.house.now)
        #expect(team.first?.person == "resp1" && team.first?.open == 2)
        try op.command("Who has what").sayLast("the role operator may not assign to others")
    }

    @Test("While a site is evacuated, what a filter finds is suppressed by design, listed as such, until that is ended")
    func design() throws {
        let sup = try Session(as: "sup1").raiseMany(1..<4).raise("fire/1", .critical, "Fire").wait(1)
        try sup.command("Suppress by design").sayLast("filter the list first")
        try sup.press("/").type("crowd").press("enter").command("Suppress by design").see(": 3; and")
        try sup.choose("until somebody ends it").choose("other").type("evacuated").press("enter")
        try sup.wait(3).press("0").see("1 unack", "4 open", "rules 1", "suppressed", "[sup1: other")
        try sup.raiseMany(4..<6).wait(3).see("1 unack", "6 open")
        try sup.press("o", "o").see("Crowd 5").seeNot("CRIT").press("0")
        try sup.command("End a rule").choose("crowd").wait(4).see("6 unack").seeNot("rules 1")
        // As long as an alarm goes on that was picked.
        try sup.press("/").type("fire").press("enter").beOn("Fire").press("K", "/", "ctrl-u").type("crowd").press(
            "enter")
        try sup.command("Suppress by design").choose("while Fire goes on").choose("test").press("enter")
            .wait(3)
        try sup.press("0").see("1 unack", "while fire/1 goes on").seeNot("6 unack")
        try sup.clear("fire/1").wait(5).see("6 unack")
        let op = try Session(in: sup.house)
        try op.command("Suppress by design").sayLast("the role operator may not suppress by design")
    }
}
