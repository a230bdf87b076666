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
        op.see("3 marked alerts, the worst of them")
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
        try op.raiseMany(200..<203).wait(1).press("a").see("199 marked alerts").press("y").sayLast("199 alerts")
        op.see("202 found")
        try op.press("0").see("4 unack", "Fire")
    }

    @Test("What rose meanwhile out of sight is not acknowledged, and that is said")
    func rose() throws {
        let op = try Session("80x24").raiseMany(1..<60).wait(1).press("*").sayLast("59 marked")
        try op.raise("crowd-1/x", .critical, "Crowd 1").wait(1)
        let before = op.recorded.count
        try op.press("G").press("a").press("y")
        #expect(op.recorded.count - before == 59)
    }

    @Test("Those on which it would have no effect are left out, and a closing hides nothing that nobody has seen")
    func leftOut() throws {
        let op = try Session().raiseMany(1..<4).wait(1).press("a").press("*").press("a")
        op.see("2 marked alerts", "1 more are left out")
        try op.press("esc").press("C").press("1").press("enter").press("enter").see(
            "1 marked alerts", "2 more are left out")
        try op.press("y").sayLast("closed “1 alerts”").see("2 unack")
        try op.press("*").press("C").press("1").press("enter").press("enter").sayLast("no effect on any")
    }

    @Test("Whoever may not act on one may not act on many")
    func rights() throws {
        let responder = try Session(as: "resp1").raiseMany(1..<4).wait(1).press("*").press("s")
        responder.sayLast("a responder may not shelve")
    }
}
