import Console
import ControlRoom
import Store
import Testing

/// The list as it stood.
@Suite("Another time")
struct PastStories {
    @Test("The list as it stood at a time is looked at and nothing done to it; what comes meanwhile is told; 0 returns")
    func travel() throws {
        let op = try Session().raise("a/1", .low, "Gas smell at Prato").wait(100)
        try op.raise("b/1", .high, "Smoke at the depot").wait(20).press("g", "a").wait(200)
        try op.raise("a/1", .critical, "Gas explosion at Prato").raise("c/1", .medium, "Crowd").wait(60)
        op.see("Gas explosion", "3 open", "2 unack")
        try op.press("@").see("As it stood at").type("14:05:10").press("enter")
        op.see("AS-OF 14:05:10", "now 2 CRIT unack", "2 unack", "Gas smell at Prato", "Smoke at the depot")
        op.seeNot("Gas explosion", "Crowd").see("LOW    1m UNACK", "raised HIGH").seeNot("acknowledged op1")
        // Whoever looks back does nothing, and still hears what comes.
        try op.press("a").sayLast("look only").press("s", "C", "u", "K", "x", "x").see("AS-OF")
        #expect(op.recorded.count == 1)
        try op.raise("d/1", .critical, "Fire at the market").wait(1).see("now 3 CRIT unack")
        op.seeNot("Fire at the market  ")
        try op.press("/").type("gas").press("enter").see("1 found", "Gas smell").press("0").see("Smoke")
        try op.press("0").sayLast("this is now").see("Fire at the market", "Gas explosion").seeNot("AS-OF")
        try op.press("@").type("100m ago maybe").press("enter").sayLast("no time").press("esc")
        try op.press("@").type("2d").press("enter").sayLast("the log reaches back to").seeNot("AS-OF")
        try op.press("@").type("tomorrow").press("enter").press("esc").seeNot("AS-OF")
    }
}
