import Console
import ControlRoom
import Store
import Testing

/// Reading a list that grows while it is read.
@Suite("The alert list")
struct ListStories {
    @Test("The cursor stays on its alert while new ones come, and the start of the list stays on the screen")
    func cursorStays() throws {
        let op = try Session().raiseMany(1..<6).press("j", "j").beOn("Crowd 3")
        try op.raise("camera-1/weapon", .critical, "Weapon seen").beOn("Crowd 3").see("Weapon seen")
        try op.raiseMany(6..<9).beOn("Crowd 3").see("Weapon seen", "Crowd 8")
        #expect(op.state.alerts.follows && op.state.alerts.top == 0)
    }

    @Test("An alert that comes just before the key does not get the acknowledgement of the one that was looked at")
    func noAckOfTheUnseen() throws {
        let op = try Session().raise("camera-1/weapon", .high, "Weapon seen").beOn("Weapon seen")
        try op.raise("camera-2/weapon", .critical, "Second weapon").press("a").sayLast("acknowledged “Weapon seen”")
        #expect(op.state.totals.unacknowledged == 1)
    }

    @Test("When new ones would push the reader's alert off the screen, the list holds and counts them")
    func holdsWhenPushed() throws {
        let op = try Session("80x24").raiseMany(1..<4).press("j").beOn("Crowd 2")
        try op.raiseMany(4..<60).beOn("Crowd 2").see("Crowd 2 ")
        #expect(!op.state.alerts.follows)
        try op.raiseMany(60..<67).beOn("Crowd 2").see("7 new since")
        try op.press("g").beOn("Crowd 66").seeNot("new since")
        try op.raiseMany(67..<70).see("Crowd 69")
    }

    @Test("Thousands that come at once move nothing under the reader's eyes")
    func floodHolds() throws {
        let op = try Session("80x24").raiseMany(1..<4).press("j").beOn("Crowd 2")
        try op.raiseMany(1_000..<3_000).beOn("Crowd 2").see("Crowd 2 ")
        try op.press("k").beOn("Crowd 3").press("k").beOn("Crowd 1000")
    }

    @Test("Where nobody chose a line, the list goes on showing its start")
    func unattended() throws {
        let op = try Session("80x24").raiseMany(1..<4)
        try op.raiseMany(4..<100).see("Crowd 99")
        #expect(op.state.alerts.follows && op.state.alerts.top == 0)
    }

    @Test("Where the cursor came to another alert by itself, the first key that acts is not taken for that one")
    func jumped() throws {
        let op = try Session("80x24").raiseMany(1..<4).wait(1)
        try op.raiseMany(4..<100).press("a").sayLast("the list has just moved: this is “Crowd 99”")
        #expect(op.recorded.isEmpty)
        try op.press("a").sayLast("acknowledged “Crowd 99”")
        try op.raiseMany(100..<200).wait(2).press("a").sayLast("op1 acknowledged")
        #expect(op.recorded.count == 2)
    }

    @Test("Who turns pages holds the list; f follows again")
    func followAndHold() throws {
        let op = try Session("80x24").raiseMany(1..<200).press("page-down").see("held")
        let seen = op.current
        try op.raiseMany(200..<212).beOn(seen).see("12 new since")
        try op.press("f").sayLast("the list follows new alerts").see("Crowd 211").seeNot("new since")
        try op.press("f").sayLast("the list stays where you are").raiseMany(212..<214).see("2 new since")
        try op.press("t").choose("UAD").see("2 new since")
    }

    @Test("5,000 alerts are read by windows: never more than twelve pages are in memory")
    func windows() throws {
        let op = try Session("80x24").raiseMany(0..<5_000)
        let page = 20
        let most = 12 * page + 4 * page
        var largest = 0
        var seen: Set<String> = []
        for _ in 0..<(5_000 / page + 3) {
            op.state.alerts.current.map { _ = seen.insert($0.alert.headline) }
            largest = max(largest, op.state.alerts.lines.count)
            for line in op.lines where line.contains("Crowd ") { seen.insert(line) }
            try op.press("page-down")
        }
        op.beOn("Crowd 0").see("Crowd 0 ", "5,000 unack")
        #expect(largest <= most)
        #expect(seen.count >= 5_000)
        for _ in 0..<(5_000 / page + 3) {
            largest = max(largest, op.state.alerts.lines.count)
            try op.press("page-up")
        }
        op.beOn("Crowd 4999")
        #expect(largest <= most)
        try op.press("G").beOn("Crowd 0").press("k").beOn("Crowd 1")
        try op.press("g").beOn("Crowd 4999").press("j").beOn("Crowd 4998")
    }

    @Test("Keys that run ahead of the disk are not lost: the list goes on when it has answered")
    func aheadOfTheDisk() throws {
        let op = try Session("80x24").raiseMany(0..<1_000)
        let quick = try Session("80x24", in: op.house)
        op.isSlow = true
        for _ in 0..<9 { try op.press("page-down") }
        try op.answers()
        for _ in 0..<9 { try quick.press("page-down") }
        #expect(op.current == quick.current)
        for _ in 0..<250 { try op.press("j") }
        try op.answers()
        for _ in 0..<250 { try quick.press("j") }
        #expect(op.current == quick.current)
        // Turned back, or about to act: from then on nothing moves the line that is seen.
        try op.press("g").answers()
        for key in ["k", "a", "f"] {
            for _ in 0..<90 { try op.press("j") }
            try op.press(key)
            let seen = op.current
            try op.answers()
            #expect(op.current == seen || key == "a", "\(key) after keys that ran ahead")
            try op.press("g").answers()
        }
        // Back before the answer comes: what was wanted is wanted no more.
        for _ in 0..<9 { try op.press("page-down") }
        let ahead = op.current
        try op.press("g").answers()
        op.beOn("Crowd 999")
        #expect(ahead != "Crowd 999")
    }

    @Test("Esc without a filter moves nothing; with one it keeps the alert under the cursor")
    func escapeKeepsPlace() throws {
        let op = try Session("80x24").raiseMany(0..<100)
        try op.press("j", "j", "j")
        let third = op.current
        try op.press("esc")
        #expect(op.current == third)
        try op.press("t").choose("UAD").press("j", "j")
        let found = op.current
        try op.press("esc")
        #expect(op.current == found)
        #expect(op.state.alerts.query.filter == AlertFilter())
    }

    @Test("A jump to the end shows the end at once, before the disk has answered")
    func jumpWithoutWait() throws {
        let op = try Session("80x24").raiseMany(0..<1_000)
        op.isSlow = true
        try op.press("G").beOn("Crowd 0").see("Crowd 0 ")
        try op.press("g").beOn("Crowd 999").answers()
        op.beOn("Crowd 999").see("Crowd 999")
    }

    @Test("Filters by tool, district and severity narrow the list, say so, and are taken back")
    func filters() throws {
        let op = try Session().raise("camera-1/weapon", .critical, "Weapon seen") { $0.member("district", "centro") }
        try op.raise("topic/rising", .low, "Topic rising", tool: .smd) { $0.member("district", "nord") }
        try op.press("t").see("Filter by tool", "1 open").choose("SMD").see("[SMD]", "Topic rising").seeNot(
            "Weapon seen  ")
        op.beOn("Topic rising")
        try op.press("0").see("Weapon seen", "Topic rising").seeNot("[SMD]")
        try op.press("d").choose("Centro").beOn("Weapon seen").press("esc")
        try op.press("v").choose("high and worse").see("≥ high").beOn("Weapon seen")
        try op.press("t").choose("SMD").see("nothing meets this filter", "0 clears it").press("0").see("Topic rising")
    }

    @Test("A search finds by the beginnings of words, counts what it finds, and goes on counting")
    func search() throws {
        let op = try Session().raiseMany(1..<4).raise("camera-1/weapon", .critical, "Weapon seen, Prato della Valle")
        try op.wait(1).press("/").type("pra val").press("enter").see("1 found", "[/pra val]").beOn(
            "Weapon seen, Prato della Valle")
        try op.raise("camera-2/weapon", .high, "Crowd in Prato della Valle").wait(1).see("2 found", "Crowd in Prato")
        try op.press("/").see("/pra val").press("ctrl-u").type("nowhere").press("enter").see(
            "0 found", "nothing meets this filter")
        try op.press("esc").see("Crowd 3")
    }

    @Test("A search from another pane leads to the list that shows what was found")
    func searchFromMap() throws {
        let op = try Session("80x24").raiseMany(1..<4).raise("camera-1/weapon", .critical, "Weapon seen").wait(1)
        try op.press("2").seeNot("Weapon seen").press("/").type("weapon").press("enter").see("1 found", "Weapon seen")
    }

    @Test("The orders: by need, newest, oldest, by severity")
    func orders() throws {
        let op = try Session().raise("a/1", .critical, "Old critical").wait(1).press("a")
        try op.raise("b/1", .low, "Middle low").wait(1).raise("c/1", .high, "New high").wait(1)
        func order() -> [String] { op.state.alerts.lines.map(\.alert.headline) }
        #expect(order() == ["New high", "Middle low", "Old critical"])
        try op.press("S").see("newest first")
        #expect(order() == ["New high", "Middle low", "Old critical"])
        try op.press("S").see("oldest first")
        #expect(order() == ["Old critical", "Middle low", "New high"])
        try op.press("S").see("by severity")
        #expect(order() == ["Old critical", "New high", "Middle low"])
        try op.press("S").see("by need")
    }

    @Test("What has ended leaves the open list and stands in the list of all")
    func showAll() throws {
        let op = try Session().raise("a/1", .low, "Came and went").press("a").clear("a/1").see("nothing open")
        try op.press("o").see("unacknowledged only").press("o").see("shelved").press("o").see(
            "all, ended too", "Came and went", "normal")
        try op.press("o").see("nothing open", "last alert")
    }

    @Test("An alert that nobody saw before it ended still wants an acknowledgement")
    func returnedToNormal() throws {
        let op = try Session().raise("a/1", .low, "Came and went").clear("a/1").see("rtn-unack")
        try op.press("a").see("nothing open")
    }

    @Test("A warning whose time is over says so, in the list and in the detail")
    func expired() throws {
        let op = try Session()
        let stale = op.house.now.adding(seconds: 90).rfc3339
        try op.raise("cap/1", .high, "Flood warning", tool: .cap, kind: "Flood") { $0.member("stale", stale) }
        try op.see("holds until").wait(60).see("Flood warning")
        try op.wait(60).see("expired 30s: Flood", "expired 30s ago,", "rtn-unack")
    }

    @Test("An empty list says why, and what to do")
    func empty() throws {
        let op = try Session("80x24", in: House(city: nil))
        op.see("nothing open", "impetus import FILE", ": exercise")
        try op.press("3").see("no assets known").press("2").see("no map").press("4").see("no checklist is being worked")
    }

    @Test("the detail of an alarm that outlived its events says why it has no history", arguments: [false, true])
    func pastRetention(isItalian: Bool) throws {
        let house = try House()
        _ = try Session(in: house).raise("a/1", .high, "Weapon seen").clear("a/1").raise("a/2", .low, "Crowd").wait(1)
        let fact = LogTrimmed(
            through: try house.store.lastSequence() - 1, head: "00", recorded: House.opening.adding(seconds: 60))
        try house.ingest([
            Event(
                id: "t", source: Event.feedSource, type: .logTrimmed, subject: "log", time: House.opening,
                data: .json(JSONWriter.bytes(fact.write)))
        ])
        while try house.store.backgroundStep() {}
        let words =
            isItalian
            ? "gli eventi precedenti sono stati rimossi alla fine del periodo di conservazione"
            : "earlier events were removed when their retention time ended"
        let op = try Session(in: house, language: isItalian ? .italian : .english).resize("200x60").wait(1)
        op.beOn("Crowd").seeNot(words)
        try op.press("j").wait(1).beOn("Weapon seen").see(words)
    }
}
