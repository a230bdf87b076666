import Console
import ControlRoom
import Testing

/// What users of other alarm systems complain of, by the numbers under which the field is known to say it; what concerns
/// alarms, as far as it is answered.
@Suite("Complaints")
struct ComplaintStories {
    @Test("1: to acknowledge, to shelve and to close are three acts; none of them loses an alert")
    func threeActs() throws {
        let op = try Session().raiseMany(1..<4).wait(1)
        try op.press("a").see("ack").see("2 unack", "3 open")
        try op.press("s", "1", "enter").choose("maintenance").press("enter").see("shelved 15m", "1 unack", "3 open")
        try op.press("G", "k", "k").press("o", "o", "o").see("all, ended too", "Crowd 1", "Crowd 2", "Crowd 3")
        #expect(op.recorded.map(\.type) == [.alertAcknowledged, .alertShelved])
    }

    @Test("2: what is shelved is always listed, with who, why and until when")
    func shelvesShown() throws {
        let op = try Session().raise("camera-1/crowd", .high, "Crowd").wait(1)
        try op.press("s", "2", "enter").choose("maintenance").type("roadworks").press("enter").press("o", "o")
        op.see("shelved 60m", "[op1: mainten")
    }

    @Test("3: what was acknowledged and goes on reminds, by the policy of the site, until it ends")
    func reminders() throws {
        let op = try Session().raise("a/1", .critical, "Fire").wait(1).press("a").see("0 unack")
        try op.house.leap(1_790)
        try op.seeNot("ack 30m").wait(15).see("ack 30m", "Fire")
        try op.press("/").type("reminded = yes").press("enter").see("1 found")
    }

    @Test("4: one note and one act on all that a filter finds, without choosing them row by row")
    func oneActOnMany() throws {
        let op = try Session().raiseMany(1..<700).raise("fire/1", .critical, "Fire").wait(1)
        try op.press("/").type("crowd").press("enter").press("*", "n").type("storm").press("enter", "y")
        op.sayLast("699 alerts").see("1 unack not shown")
        #expect(op.recorded.count == 699)
    }

    @Test("5: a list is as quick with thousands: what is kept of it does not grow")
    func thousands() throws {
        let op = try Session("80x24").raiseMany(1..<5_000).wait(1)
        for _ in 0..<60 { try op.press("page-down") }
        #expect(op.state.alerts.lines.count <= 12 * 22)
        try op.press("G").beOn("Crowd 1").press("g").beOn("Crowd 4999")
    }

    @Test("6: counts are those of all data, never of the page that is shown")
    func counts() throws {
        let op = try Session("80x24").raiseMany(1..<5_000).wait(1).see("4,999 unack", "4,999 open")
        #expect(op.state.alerts.lines.count < 200)
        try op.press("/").type("crowd").press("enter").see("4,999 found")
    }

    @Test("7: filters have names, shipped and own ones")
    func views() throws {
        let op = try Session().raise("a/1", .critical, "Fire").raiseMany(1..<3).wait(1)
        try op.press("w").choose("High and critical").see("Fire").seeNot("Crowd")
        try op.press("W").type("Mine").press("enter").press("0").see("Crowd").press("w").choose("Mine").seeNot("Crowd")
    }

    @Test("7: a list is sorted by several columns, each in either direction, and shows the columns that are wanted")
    func sorted() throws {
        let op = try Session().raise("a/1", .low, "Old low").wait(1).raise("a/2", .high, "Old high").wait(1)
        try op.raise("a/3", .low, "New low").wait(1).raise("a/4", .high, "New high").wait(1)
        func rows() -> [String] { op.state.alerts.lines.map(\.alert.headline) }
        try op.press("=").see("severity state age").type("severity -age").press("enter").see("by severity, -age")
        #expect(rows() == ["Old high", "New high", "Old low", "New low"])
        try op.press("=", "ctrl-u").type("age, severity").press("enter")
        #expect(rows() == ["New high", "New low", "Old high", "Old low"])
        try op.press("=", "ctrl-u").type("age colour").press("enter").sayLast("“colour” is no column").press("esc")
        try op.press("W").type("Rounds").press("enter").press("S").press("w").choose("Rounds").see("by age, severity")
        try op.command("Choose the columns").choose("tool").see("[ ] tool").press("esc")
        #expect(!op.state.layout.alertColumns.contains(.tool))
    }

    @Test("8: what belongs together is one row, of which nothing is dropped and that hides nothing new")
    func correlation() throws {
        let op = try Session()
        for number in 1..<6 {
            try op.raise(
                "camera-\(number)/dead", .medium, "Camera \(number) dead", kind: "camera", ComplaintStories.near)
        }
        try op.raise("door-1/open", .high, "Door open", kind: "door", ComplaintStories.near).wait(1)
        try op.press("x").see("grouped 150 m", "5× Camera", "Door open", "6 unack").seeNot("2 dead", "3 dead")
        // Opened, it has every one of them; closed again, the cursor is where it was.
        try op.press("j", "enter").see("one group", "Camera 1 dead", "Camera 2 dead", "Camera 5 dead").seeNot("Door")
        try op.press("esc").see("5× Camera", "Door open")
        // An act on the row is one on those that it showed: one that comes meanwhile waits, and brings the row back.
        op.isSlow = true
        try op.press("a")
        try op.raise("camera-9/dead", .medium, "Camera 9 dead", kind: "camera", ComplaintStories.near)
        op.isSlow = false
        try op.answers().see("alarms of this group: 5").seeNot("5 marked").press("y").wait(1).see(
            "2 unack", "6× (1 unack) Camera 9 dead")
        #expect(op.recorded.count == 5 && !op.recorded.contains { $0.subject == "camera-9/dead" })
        try op.press("u", "y").wait(1).see("7 unack")
        // In the detail an act is on one, and a worse one that comes there is not taken for it.
        try op.press("g", "j", "6").see("Detail")
        try op.raise("camera-7/dead", .critical, "Camera 7 dead", kind: "camera", ComplaintStories.near)
        try op.press("a").sayLast("moved").press("1", "x").see("Camera 1 dead", "Camera 9 dead").seeNot("grouped")
    }

    @Test(
        "8: a power cut explains forty dead cameras, in one row that opens, and what it does not explain waits for itself"
    )
    func causes() throws {
        let op = try Session().raise("scada-3/power", .high, "Power cut in Arcella", kind: "power").wait(1)
        for number in 1...40 {
            try op.raise("camera-\(number)/dead", .medium, "Camera \(number) dead", kind: "camera")
        }
        try op.raise("door-1/open", .medium, "Door open", kind: "door").wait(1)
        // What was picked a while ago is forgotten: the cursor says what explains them.
        try op.beOn("Power cut in Arcella").press("K")
        try op.house.leap(301)
        try op.press("j", "space").press("K").see("Explained by “Camera").press("esc", "esc", "g")
        // What explains them is picked, and they are looked for after that.
        try op.beOn("Power cut in Arcella").press("K").sayLast("K links what you mark (Space)")
        try op.press("/").type("kind in (camera, power)").press("enter", "*")
        try op.press("K").see("Explained by “Power cut in Arcella”", "marked alerts: 40").press("y").wait(1)
        #expect(op.recorded.count == 40)
        try op.press("0").see("42 unack", "└ Camera 1 dead").beOn("Power cut in Arcella")
        try op.press("6").see("open alarms that it explains: 40").press("1", "x").see("41× Power cut", "Door open")
        op.seeNot("Camera 7 dead")
        try op.press("enter").see("one group", "Power cut", "└ Camera 12 dead").seeNot("Door").press("esc", "x")
        // Acknowledged alone, it still gives its name to what waits.
        try op.beOn("Power cut in Arcella").press("a", "x").wait(1)
        try op.see("41× (40 unack) [HIGH] Power cut in").press("K").sayLast("open the group first")
        try op.press("x")
        // What explains it cannot be explained by it.
        try op.press("*", "g").beOn("Camera 1 dead").press("K").see("marked alerts: 40", "Left out: 2")
        try op.see("Of them, 39 have another cause now").press("esc", "esc")
        // One of them is something else: it is taken out, and that is taken back.
        try op.press("/").type("cause = scada-3/power and id = camera-17/dead").press("enter").see("1 found").press("6")
        try op.see("caused by “Power cut in Arcella” (scada-3/power), says op1").press("1", "K").wait(1)
        try op.sayLast("took Camera 17 dead from its cause").press("0", "x").see("40× (39 unack)", "Camera 17 dead")
        try op.press("u", "y").wait(1).see("41× (40 unack)").seeNot("Camera 17 dead")
    }

    private static func near(_ writer: inout JSONWriter) {
        writer.member("lat", 45.4061)
        writer.member("lon", 11.8767)
    }

    @Test("12: nothing that is hard to take back happens at a key, and Enter is no yes")
    func confirmations() throws {
        let op = try Session().raiseMany(1..<9).wait(1)
        try op.press("q", "enter").press("esc")
        try op.press("*", "a", "enter", "space").press("esc")
        #expect(!op.hasQuit && op.recorded.isEmpty)
    }

    @Test("13: text can be copied, and a slow disk freezes no key")
    func noFreeze() throws {
        let op = try Session().raiseMany(1..<40).wait(1)
        #expect(!op.state.mouse)
        op.isSlow = true
        try op.press("j", "j").beOn("Crowd 37").press("?").see("Keys: Alerts").press("esc").press("a")
        #expect(op.recorded.count == 1)
    }

    @Test("16: closing takes a disposition and a note, and can be taken back")
    func reinstated() throws {
        let op = try Session().raise("a/1", .high, "Fire").wait(1).press("a")
        try op.press("C").choose("duplicate").type("see a/2").press("enter").see("nothing open")
        try op.press("u", "y").see("Fire", "1 open")
    }

    @Test("17: what is stale is said to be so, and what is an exercise is never among what is Actual")
    func staleAndRealms() throws {
        let op = try Session()
        try op.raise("a/1", .high, "Fire") { $0.member("stale", op.house.now.adding(seconds: 60).rfc3339) }
        try op.raise("b/1", .high, "Drill", in: "drill/1").wait(1).see("Fire", "1 unack").seeNot("Drill")
        try op.wait(90).see("expired")
        try op.press("/").type("state = open or status = exercise").press("enter").seeNot("Drill")
    }
}
