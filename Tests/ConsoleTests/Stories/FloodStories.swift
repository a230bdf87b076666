import Console
import ControlRoom
import Store
import Testing

/// Whole shifts in a few lines: what happens when everything happens.
@Suite("Floods and nights")
struct FloodStories {
    @Test("A flood of 3,000 alarms in a minute: counts are exact, the worst is on top, and the reader is not moved")
    func flood() throws {
        let op = try Session().raise("calm/1", .low, "Before").wait(1)
        op.sound { $0.noticeFrom = .critical }
        for second in 0..<60 {
            let events = (0..<50).map { number in
                let severity: Severity = number == 7 ? .critical : number % 5 == 0 ? .high : .medium
                return op.house.event(.alertRaised, "cam-\(second)-\(number)/crowd") { writer in
                    writer.member("tool", "UAD")
                    writer.member("kind", "crowd")
                    writer.member("severity", severity.name)
                    writer.member("headline", "Crowd \(second)-\(number)")
                }
            }
            try op.house.ingest(events)
            try op.wait(1)
            if second == 20 { try op.press("j", "j", "f") }
        }
        op.see("3,001 unack", "3,001 open")
        // Whoever reads stays where they are, and is told how many came meanwhile.
        let here = try #require(op.state.alerts.current?.alert.headline)
        try op.beOn(here).press("f", "g").beOn("Crowd 59-7")
        #expect(op.state.alerts.lines.prefix(20).allSatisfy { $0.alert.severity == .critical })
        // A notice for each burst, not for each alarm.
        #expect(op.alarms.count <= 8 && op.alarms.reduce(0) { $0 + $1.count } == 60)
        #expect(op.state.alerts.lines.count < 400)
        try op.press("/").type("severity = medium").press("enter").see("2,340 found").press("*")
        try op.press("a", "y").sayLast("2,340 alerts").press("0").see("661 unack")
        try op.press("u", "y").see("3,001 unack")
    }

    @Test(
        "A flood is said when it begins; what came first, where and from whom is a key away, and it is said to be over")
    func floodView() throws {
        let op = try Session().raise("calm/1", .low, "Before").wait(1)
        try op.house.leap(1_200)
        try op.press("F").sayLast("there is no alarm flood")
        try op.raise("power/1", .high, "Power cut at Prato", tool: .smd, kind: "power") {
            $0.member("lat", 45.3981)
            $0.member("lon", 11.8761)
        }
        try op.wait(2).seeNot("FLOOD").raiseMany(1..<12).wait(1).sayLast("ALARM FLOOD: 12 in ten minutes; F shows")
        try op.see("FLOOD 12/10m").press("F").see("Alarm flood since", "12 alarms since, 12 in the last")
        op.see("first out", "HIGH Power cut at Prato", "Centro", "1 · 1 unack", "UAD", "11 · 11 unack")
        op.see("then").seeNot("first out 14:03")
        try op.choose("UAD").see("11 found", "Crowd 1").seeNot("Power cut").press("0")
        try op.press("F").press("enter").see("1 found", "Power cut at Prato").press("0")
        // Nobody writes when it ends.
        try op.house.pass(700)
        op.seeNot("FLOOD").sayLast("the alarm flood is over")
    }

    @Test(
        "A late acknowledgement from a post without a feed silences nothing that came meanwhile, and its author is told"
    )
    func lateAcknowledgement() throws {
        let op = try Session().raise("camera-1/crowd", .low, "Crowd at the gate").wait(1)
        op.house.feedRuns = false
        try op.press("a").see("out 1")
        // Somebody else's feed takes the alarm's rise before the act comes through.
        try op.raise("camera-1/crowd", .critical, "Crush at the gate")
        op.house.feedRuns = true
        try op.house.settle()
        op.see("1 unack", "CRIT", "Crush at the gate").sayLast("not done")
    }

    @Test(
        "A shelf that ends in the night gives its alarm to whoever sits there then, with the ack it had, or waiting anew"
    )
    func shelfInTheNight() throws {
        let op = try Session().raise("a/acked", .high, "Known works").raise("a/new", .high, "Gate open").wait(1)
        try op.press("/").type("works").press("enter").press("a").press("0").wait(1)
        for word in ["works", "gate"] {
            try op.press("/").type(word).press("enter").press("s").choose("for 8 h").choose("maintenance").type(
                "until the morning")
            try op.press("enter").press("0")
        }
        op.see("0 unack")
        try op.press("L")
        try op.house.leap(8 * 3_600 + 2)
        let night = try Session(in: op.house, as: "sup1").wait(1).see("1 unack", "Gate open")
        #expect(night.state.alerts.lines.first?.alert.headline == "Gate open")
        #expect(night.state.alerts.lines.first?.alert.escalation == nil, "nobody could answer while it lay there")
        let acked = try #require(try op.house.store.alert(subject: "a/acked", realm: .actual)).alert
        #expect(acked.acknowledgement?.by == "op1" && acked.state(at: op.house.now) == .acknowledged)
        try night.house.leap(901)
        try night.wait(1).see("[to supervisor] Gate open")
    }

    @Test("A supervisor hands the shift over: what is asked, what is quiet, who has what; nothing is lost on the way")
    func handover() throws {
        let early = try Session(as: "sup1").raiseMany(1..<6).wait(1)
        let op = try Session(in: early.house)
        try op.press("a", "T").press("g").press("s").choose("for 3 d").choose("maintenance").type("works").press(
            "enter"
        ).wait(1)
        try early.press("w").choose("To approve").see("1 found", "op1 asks").press("0")
        try early.command("Who has what").see("op1").choose("op1").press("*", "T").choose("resp1").press("y").press("0")
        try early.press("L")
        let late = try Session(in: early.house, as: "sup1").see("to approve 1")
        try late.press("w").choose("To approve").press("p").choose("Approve").press("enter").press("0")
        late.seeNot("to approve")
        try late.press("w").choose("For review").see("0 found").press("0")
        try late.house.leap(9 * 3_600)
        try late.wait(1).press("w").choose("For review").see("1 found")
        let team = try late.house.store.team(.actual, now: late.house.now)
        #expect(team.first { $0.person == "resp1" }?.open ?? 0 > 0 && team.first { $0.person == "op1" }?.open == 0)
    }
}
