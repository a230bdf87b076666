import Console
import ControlRoom
import Testing

/// Who sits there, and what they may do.
@Suite("People")
struct PeopleStories {
    @Test("A locked console hides everything; any key asks who is there, and another operator takes over")
    func lock() throws {
        let op = try Session().raise("camera-1/weapon", .high, "Weapon seen").press("a")
        try op.raise("camera-2/weapon", .high, "Second weapon").press("L")
        op.see("locked by op1", "1 unacknowledged", "any key").seeNot("Weapon seen", "Second weapon", "camera-1")
        try op.press("a").see("Who is there?").seeNot("Second weapon")
        try op.press("esc").see("locked by op1").paste("a").seeNot("Second weapon")
        #expect(op.recorded.count == 1)
        try op.press("x").choose("sup1").sayLast("now sup1, supervisor").see("Second weapon", "supervisor · sup1")
        try op.press("g", "a")
        #expect(op.recorded.last?.actor == "sup1")
    }

    @Test(
        "With a hub, whoever unlocks the console types the passphrase of their key; it is not shown and is no command"
    )
    func passphrase() throws {
        let op = try Session().raise("camera-1/weapon", .high, "Weapon seen")
        op.wantsPassphrase("open sesame")
        try op.press("L", "x").choose("op1").see("Passphrase of op1").type("aaq").see("***").seeNot("aaq").press(
            "enter")
        op.see("that is not the passphrase of op1").seeNot("Weapon seen")
        // An empty one is no try, and a late answer opens no lock that came after it.
        try op.press("x").choose("op1").press("enter")
        op.see("that is not the passphrase of op1")
        try op.press("x").choose("op1").press("esc").see("locked by op1").seeNot("Weapon seen")
        try op.press("x").choose("op1").type("open sesame").press("enter").see("Weapon seen")
        #expect(op.recorded.isEmpty && !op.hasQuit)
    }

    @Test("No key reaches the picture behind the lock, the quit key included")
    func lockedKeys() throws {
        let op = try Session().raise("camera-1/weapon", .high, "Weapon seen").press("L")
        for key in ["q", "y", "ctrl-c", "y", ":", "u", "y", "R", "a", "space", "ctrl-z"] { try op.press(key) }
        op.seeNot("Weapon seen")
        #expect(op.recorded.isEmpty && !op.hasQuit && !op.wasSuspended)
    }

    @Test("What was asked before the lock is not shown over it")
    func lateAnswer() throws {
        let op = try Session().raise("camera-1/weapon", .high, "Weapon seen").press("a")
        op.isSlow = true
        try op.press("u", "L").answers()
        op.see("locked by op1").seeNot("Undo?", "camera-1")
    }

    @Test("A late question takes no key that was meant for another")
    func lateQuestion() throws {
        let op = try Session().raise("camera-1/weapon", .high, "Weapon seen").press("a")
        try op.raise("camera-2/weapon", .high, "Second weapon").press("g")
        op.isSlow = true
        try op.press("u", "n").type("why").answers().type("yy").see("whyyy").press("esc")
        #expect(op.recorded.count == 1)
    }

    @Test("Who lacks a right is told so in words, and nothing is sent")
    func rights() throws {
        let responder = try Session(as: "resp1").raise("camera-1/weapon", .high, "Weapon seen")
        try responder.press("A").sayLast("the role responder may not assess").press("C").sayLast(
            "the role responder may not close")
        try responder.press("P").sayLast("the role responder may not run exercises")
        #expect(responder.recorded.isEmpty && responder.state.modal == nil)
        try responder.press("a").sayLast("resp1 acknowledged")
    }

    @Test("Nobody undoes another's act")
    func undoOwn() throws {
        let op = try Session().raise("camera-1/weapon", .high, "Weapon seen").press("a")
        try op.press("O").see("Acts carry this pseudonym").choose("sup1")
        try op.press("u").sayLast("nothing of yours can be undone")
    }

    @Test("Leaving asks, says what is left behind, and wants a letter, not Enter")
    func quit() throws {
        let op = try Session().raise("camera-1/weapon", .high, "Weapon seen")
        try op.press("q").see("Leave the console?", "1 unacknowledged, 0 waiting to be sent").press("enter").see(
            "Leave")
        try op.press("esc").seeNot("Leave the console?")
        #expect(!op.hasQuit)
        try op.press("ctrl-c", "y")
        #expect(op.hasQuit)
    }

    @Test("In Italian every word is Italian, and s is yes")
    func italian() throws {
        let op = try Session("80x24", language: .italian).raise("camera-1/weapon", .critical, "Arma vista")
        op.see("Allarmi 1 CRIT!", "DA RIC", "per urgenza", "riconosci").seeNot("UNACK", "Alerts", "today")
        try op.press("a").sayLast("op1 riconosce").press("q").see("s sì").press("s")
        #expect(op.hasQuit)
        let other = try Session("80x24").command("language").choose("Italiano").see("Allarmi")
        try other.command("lingua").choose("English").see("Alerts")
    }
}
