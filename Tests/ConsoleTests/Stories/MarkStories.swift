import Console
import ControlRoom
import Testing

/// Acting on many alerts at once.
@Suite("Acting on many")
struct MarkStories {
    @Test("Marked alerts are acknowledged together with one note after a question that says how many; u takes it back")
    func marks() throws {
        let op = try Session().raiseMany(1..<6).wait(1)
        try op.press("space", "space", "j", "space").see("3 marked").press("n").see("3 marked").type("one note").press(
            "enter")
        op.see("marked alerts: 3, the worst of them low", "“Crowd", "Note: “one note”")
        #expect(op.recorded.isEmpty)
        try op.press("enter")
        #expect(op.recorded.isEmpty, "Enter is no yes")
        try op.press("y").sayLast("op1 acknowledged “3 alerts”").see("2 unack").seeNot("marked")
        #expect(
            op.recorded.count == 3
                && op.recorded.allSatisfy { String(decoding: $0.data, as: UTF8.self).contains("one note") })
        try op.press("u").see("Undo?", "3 alerts").press("y").see("5 unack")
    }

    @Test("A range goes from the last mark to the cursor; Escape takes the marks away before the filter")
    func range() throws {
        let op = try Session().raiseMany(1..<30).wait(1)
        try op.press("/").type("crowd").press("enter").press("space", "j", "j", "V").see("4 marked")
        try op.press("esc").see("[/crowd]").seeNot("marked").press("esc").seeNot("[/crowd]")
    }

    @Test("All that the filter finds are marked at once, what is out of sight too, and no more than that is acted on")
    func all() throws {
        let op = try Session().raiseMany(1..<200).raise("fire/1", .critical, "Fire").wait(1)
        try op.press("/").type("crowd").press("enter").press("*").sayLast("199 marked").see("199 marked")
        try op.raiseMany(200..<203).wait(1).press("a").see("marked alerts: 199").press("y").sayLast("199 alerts")
        op.see("202 found")
        try op.press("0").see("4 unack", "Fire")
    }

    @Test("What rose meanwhile out of sight is not acknowledged, and that is said")
    func rose() throws {
        let op = try Session("80x24").raiseMany(1..<60).wait(1).press("*").sayLast("59 marked").press("G")
        try op.raise("stream-59/crowding", .critical, "Crowd 59").wait(1).press("a").see("marked alerts: 59").press("y")
        op.sayLast("58 done, 1 without effect: 1 × it was annunciated again")
        try op.press("g").see("1 unack", "CRIT")
    }

    @Test("After an act on others the cursor stays on its alert; an alert that came under it is not marked unseen")
    func cursor() throws {
        let op = try Session().raiseMany(1..<8).wait(1).press("space", "space").beOn("Crowd 5").press("a", "y")
        try op.beOn("Crowd 5").see("5 unack").press("a").sayLast("Crowd 5")
        let other = try Session().raise("a/1", .high, "First").wait(1).press("a")
        try other.raise("fire/1", .critical, "Fire").beOn("Fire").press("space").sayLast("the list has just moved")
        #expect(other.state.alerts.marks.isEmpty)
    }

    @Test(
        "Marks are not for another person, nor for after a lock; another filter takes them away, another order does not"
    )
    func keepers() throws {
        let op = try Session().raiseMany(1..<4).wait(1).press("space").see("1 marked").press("L", "x").choose(
            "op1"
        ).see("3 unack").seeNot("marked")
        try op.press("*").see("3 marked").press("S").see("3 marked").press("/").type("crowd").press("enter")
        op.sayLast("no marks").seeNot("marked")
    }

    @Test("In the detail one acts on what is read, whatever is marked")
    func detail() throws {
        let op = try Session("80x24").raiseMany(1..<4).wait(1).press("space").beOn("Crowd 2").press("enter", "a")
        op.sayLast("op1 acknowledged “Crowd 2”")
    }

    @Test("A screen that is too small takes no act")
    func tooSmall() throws {
        let op = try Session().raiseMany(1..<4).wait(1)
        try op.send(.resized(width: 59, height: 15))
        try op.press("*", "a", "y", "a")
        #expect(op.recorded.isEmpty)
    }

    @Test("Many that were taken back are behind one, and what was done before them can be taken back as well")
    func undoBehind() throws {
        let op = try Session().raiseMany(1..<700).raise("fire/1", .critical, "Fire").wait(1).press("g", "a").sayLast(
            "Fire")
        try op.press("*", "a", "y").sayLast("699 alerts").press("u").see("699 alerts").press("y").see("699 unack")
        try op.press("u").see("fire/1").press("y").see("700 unack")
    }

    @Test("Those on which it would have no effect are left out, and a closing hides nothing that nobody has seen")
    func leftOut() throws {
        let op = try Session().raiseMany(1..<4).wait(1).press("a").press("*").press("a")
        op.see("marked alerts: 2", "Left out: 1 (acknowledged")
        try op.press("esc").press("C").press("1").press("enter").press("enter").see(
            "marked alerts: 1", "Left out: 2", "Close with a disposition: no impact")
        try op.press("y").sayLast("closed “Crowd 3”").see("2 unack")
        try op.press("*").press("C").press("1").press("enter").press("enter").sayLast("nothing to do")
    }

    @Test("Whoever may not act on one may not act on many")
    func rights() throws {
        let responder = try Session(as: "resp1").raiseMany(1..<4).wait(1).press("*").press("s")
        responder.sayLast("the role responder may not shelve")
    }
}
