import Console
import ControlRoom
import Store
import Testing

/// The realms are never mixed, and what is Actual breaks through.
@Suite("Exercise and Actual")
struct ExerciseStories {
    private func playing(_ size: String = "120x40") throws -> Session {
        let op = try Session(size)
        try op.house.startExercise()
        return op
    }

    @Test("A running exercise says so on every screen, with its clock")
    func banner() throws {
        let op = try playing().wait(12).see("EXERCISE crowd-at-signori", "00:12 of 20:00", "x1", "Piazza dei Signori")
        for size in ["80x24", "60x16", "200x60"] { try op.resize(size).see("EXERCISE") }
    }

    @Test("It is paused, hastened and ended; ending asks")
    func steering() throws {
        let op = try playing().wait(10).press("P").see("PAUSED").wait(30).see("00:10 of")
        try op.press("P").seeNot("PAUSED").press(">").see("x2").wait(10).see("00:30 of")
        try op.press("<", "<").see("x0.5").press(">").see("x1 ")
        try op.command("exercise: end").see("End the exercise?").press("enter").see("End the exercise?")
        try op.press("esc").see("x1 ").command("exercise: end").press("y").see("EXERCISE").seeNot("of 20:00")
        try op.press("P").sayLast("no exercise is being played; start one from the palette (:)")
    }

    @Test("An Actual alert breaks through with banner, bell, notification, and says how to see it")
    func breakthrough() throws {
        let op = try playing("80x24").wait(12)
        let bells = op.bells
        try op.raise("camera-9/weapon", .critical, "Real weapon")
        op.see("ACTUAL 1 critical (R)", "Padova", "feed live").seeNot("Real weapon").sayLast(
            "ACTUAL alert during the exercise: critical")
        #expect(op.bells > bells)
        #expect(op.notices.count == 1)
        try op.resize("200x60").see("ACTUAL: 1 unacknowledged, worst critical; R shows them").resize("80x24")
        try op.press("R").see("Real weapon", "UNACK").seeNot("EXERCISE")
        try op.press("a", "R").see("EXERCISE").seeNot("ACTUAL").press("R").see("SYSTEM")
    }

    @Test("A realm shows nothing of another: no row, count, place, log line or checklist")
    func separation() throws {
        let op = try playing().wait(20)
        try op.press("c").choose("Evacuation").see("Evacuation")
        try op.raise("camera-9/weapon", .low, "Real weapon") { $0.member("district", "centro") }
        for pane in ["1", "2", "3", "4", "5", "6"] { try op.press(pane).seeNot("Real weapon", "camera-9") }
        try op.press("R").see("now showing: Actual", "Real weapon")
        for pane in ["1", "2", "3", "4", "5", "6"] {
            try op.press(pane).seeNot(
                "Piazza dei Signori fuller", "camera-vlan", "EXERCISE", "crowd-at", "Evacuation v")
        }
        #expect(op.state.totals.total == 1 && op.state.checklist.run == nil)
    }

    @Test("A second exercise is shown instead of the first")
    func newRun() throws {
        let op = try playing().wait(20).see("Piazza dei Signori fuller")
        try op.command("exercise: start").see("00:00 of 20:00").seeNot("Piazza dei Signori fuller")
        #expect(op.state.realm == .exercise("crowd-at-signori/again"))
    }

    @Test("An exercise does not push aside what is Actual and open")
    func actualFirst() throws {
        let op = try Session().raise("camera-9/weapon", .low, "Real weapon")
        try op.house.startExercise()
        try op.wait(5).see("Real weapon").seeNot("EXERCISE")
    }

    @Test("Where another console plays it, an order is not swallowed")
    func steeredElsewhere() throws {
        let op = try Session()
        var elsewhere = FeedStatus(state: .live, heard: op.house.now, outbox: 0, exercise: nil)
        elsewhere.isElsewhere = true
        try op.send(.feed(elsewhere))
        try op.command("exercise: start").sayLast("another console plays the exercise")
    }

    @Test("Work on a test message stays among technical messages, undo included")
    func technical() throws {
        let op = try Session()
        try op.raise("drill/1", .high, "Siren test") { $0.member("status", "test") }
        op.see("nothing open").seeNot("Siren test")
        try op.press("R").see("SYSTEM / TEST / DRAFT: not to be acted on", "[test] Siren test").press("a").seeNot(
            "UNACK")
        try op.press("c").choose("Evacuation").see("Evacuation v").press("space").sayLast("set step 1: done")
        #expect(try op.house.store.runs(.actual).isEmpty)
        try op.press("u", "y").sayLast("undid: step set").press("u", "y").sayLast("undid: acknowledged").see("UNACK")
    }

    @Test("The bell rings every ten seconds until somebody acknowledges")
    func bell() throws {
        let op = try Session().raise("camera-1/weapon", .high, "Weapon seen")
        #expect(op.bells == 1)
        try op.wait(9)
        #expect(op.bells == 1)
        try op.wait(12)
        #expect(op.bells == 3)
        try op.press("a").wait(60)
        #expect(op.bells == 3)
        try op.raise("topic/1", .low, "Topic rising").wait(30)
        #expect(op.bells == 3, "a low alert makes no sound")
    }

    @Test("Silence lasts two minutes, and what is new sounds all the same")
    func silence() throws {
        let op = try Session().raise("camera-1/weapon", .high, "Weapon seen").press("b").sayLast("silent for 120 s")
        let bells = op.bells
        try op.wait(60)
        #expect(op.bells == bells)
        try op.raise("camera-2/weapon", .high, "Second weapon")
        #expect(op.bells == bells + 1)
        try op.press("b").wait(119)
        #expect(op.bells == bells + 1)
        try op.wait(2)
        #expect(op.bells == bells + 2)
        try op.command("bell on or off").sayLast("the bell is off").wait(60)
        #expect(op.bells == bells + 2)
    }

    @Test("To look at another realm and back breaks no silence")
    func silenceAcrossRealms() throws {
        let op = try Session().raise("camera-1/weapon", .high, "Weapon seen").press("b")
        let bells = op.bells
        try op.press("R", "R").wait(30)
        #expect(op.bells == bells)
    }

    @Test("The worst that waits says how often it rings; what has no sound makes none")
    func perSeverity() throws {
        let op = try Session()
        op.sound { $0.everySeconds = [.critical: 3, .low: 20] }
        try op.raise("a/1", .low, "Topic").wait(19)
        #expect(op.bells == 1)
        try op.raise("a/2", .critical, "Fire").wait(9)
        #expect(op.bells == 5)
        try op.press("g", "a").wait(20)
        #expect(op.bells == 6)
        try op.raise("a/3", .high, "Weapon").press("g", "a")
        let bells = op.bells
        try op.wait(60)
        #expect(op.bells == bells + 3)
    }

    @Test("A burst of new alarms is told in two words: the first at once, the rest together; no word of what is mild")
    func bursts() throws {
        let op = try Session().wait(1)
        try op.raise("a/0", .low, "Topic").raise("a/1", .critical, "Fire")
        #expect(op.alarms.map(\.count) == [1] && op.alarms[0].worst == .critical)
        for number in 2..<9 { try op.raise("a/\(number)", number == 2 ? .critical : .high, "Fire \(number)") }
        #expect(op.alarms.count == 1)
        try op.wait(11)
        #expect(op.alarms.count == 2 && op.alarms[1].counts == [.critical: 1, .high: 6])
        #expect(op.alarms[1].text.contains("1 critical, 6 high") && op.alarms[1].text.contains("9 unack"))
        try op.wait(60)
        #expect(op.alarms.count == 2)
        try op.command("bell on or off").raise("b/1", .critical, "Fire").wait(30)
        #expect(op.alarms.count == 2)
    }
}
