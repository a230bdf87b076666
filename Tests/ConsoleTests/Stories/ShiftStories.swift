import Console
import ControlRoom
import Store
import Testing

/// What an operator does about alerts, hour by hour, with the keyboard alone.
@Suite("A shift")
struct ShiftStories {
    @Test("An alert is acknowledged, assessed, worked through and closed at 80x24")
    func wholeShift() throws {
        let op = try Session("80x24")
        op.see("nothing open", "feed live")
        try op.raise("camera-1/weapon", .critical, "Weapon seen, Prato della Valle") { $0.member("district", "centro") }
        op.see("CRIT", "UNACK", "Weapon seen", "[1 Alerts 1 CRIT!]")
        try op.press("a").sayLast("op1 acknowledged “Weapon seen")
        op.seeNot("UNACK").see(" ack ")
        try op.press("A").see("What is it really?").choose("confirmed").see("confirmed: with which impact?")
        try op.choose("significant impact").see("note (may be left empty)")
        try op.type("second camera agrees").press("enter").sayLast("assessed as confirmed")

        try op.press("enter").see("Weapon seen", "assessed").see(
            "second camera agrees", "checklist offered: Armed person")
        try op.press("c").see("Start a checklist").choose("Armed person").sayLast("started “Armed person”")
        op.see("Armed person v4", "0 of")
        let steps = op.state.checklist.run?.playbook.steps.count ?? 0
        #expect(steps > 5)
        for _ in 0..<steps { try op.press("space") }
        op.see("finished", "\(steps) of \(steps)").sayLast("set step \(steps): done")

        try op.press("1", "C").see("Close it with a disposition").choose("some impact").press("enter")
        op.sayLast("closed “Weapon seen").see("nothing open")
        try op.press("u").see("Undo?", "closed: “Weapon seen, Prato").press("y").sayLast("undid: closed")
        op.see("Weapon seen", " ack ")
    }

    @Test("On a small screen, too, one key offers the checklists, and the next key takes the wish back")
    func checklistOnSmallScreen() throws {
        let op = try Session("80x24").raise("camera-1/weapon", .high, "Weapon seen")
        op.isSlow = true
        try op.press("c").sayLast("reading what is offered").answers()
        try op.see("Start a checklist", "Armed person").press("esc")
        try op.raise("camera-2/weapon", .critical, "Second weapon").answers().press("g", "c", "1").answers()
        op.seeNot("Start a checklist")
    }

    @Test("A note that is left by Escape acknowledges nothing")
    func escapedNote() throws {
        let op = try Session().raise("camera-1/weapon", .critical, "Weapon seen")
        try op.press("n").see("Acknowledge with a note", "Esc leave without doing anything")
        try op.type("all clear").press("esc").see("UNACK").seeNot("all clear")
        #expect(op.recorded.isEmpty)
        try op.press("n").type("all clear").press("enter").seeNot("UNACK")
        try op.press("6").see("all clear")
    }

    @Test("An alert that rose since it was seen stays unacknowledged, and its author is told")
    func severityRose() throws {
        let op = try Session().raise("camera-1/weapon", .medium, "Long object carried")
        op.settlesAtOnce = false
        try op.press("a").raise("camera-1/weapon", .critical, "Weapon seen")
        try op.house.settle()
        op.sayLast("not done").sayLast("look at it first").see("UNACK", "CRIT")
        #expect(op.state.status?.isError == true)
    }

    @Test("An alert that came again since it ended is not silenced by a late acknowledgement")
    func newerOccurrence() throws {
        let op = try Session().raise("camera-1/weapon", .medium, "Long object carried")
        op.settlesAtOnce = false
        try op.press("a").clear("camera-1/weapon").raise("camera-1/weapon", .medium, "Long object carried")
        try op.house.settle()
        op.sayLast("annunciated again").see("UNACK")
    }

    @Test("An alarm that came after a trim forgot the one they saw is not silenced, and its author is told why")
    func forgottenAlarm() throws {
        let op = try Session().raise("camera-1/weapon", .medium, "Long object carried")
        op.settlesAtOnce = false
        try op.press("a")
        var answer = op.house.event(.alertAcknowledged, "camera-1/weapon") { writer in
            writer.member("occurrence", 1)
            writer.member("severity", "medium")
        }
        answer.actor = "sup1"
        try op.house.ingest([answer])
        try op.clear("camera-1/weapon").raise("camera-2/crowd", .low, "Crowd")
        let trim = LogTrimmed(through: try op.house.store.lastSequence() - 1, head: "00", recorded: op.house.now)
        var event = op.house.event(.logTrimmed, "log") { _ in }
        (event.source, event.data) = (Event.feedSource, .json(JSONWriter.bytes(trim.write)))
        try op.house.ingest([event])
        try op.raise("camera-1/weapon", .medium, "Long object carried")
        try op.house.settle()
        op.sayLast("no longer kept").sayLast("look at it first").see("UNACK").seeNot("x2")
        #expect(try op.house.store.alert(subject: "camera-1/weapon", realm: .actual)?.alert.acknowledged == false)
    }

    @Test("Of two operators the first wins, and the second is told who it was")
    func race() throws {
        let house = try House()
        let first = try Session(in: house)
        let second = try Session(in: house, as: "sup1")
        try first.raise("camera-1/weapon", .high, "Weapon seen")
        first.settlesAtOnce = false
        second.settlesAtOnce = false
        try first.press("a")
        try second.press("a")
        try house.settle()
        first.sayLast("op1 acknowledged “Weapon seen”")
        second.sayLast("not done: acknowledged “Weapon seen”: op1 was first").seeNot("UNACK")
        try second.press("a").sayLast("already acknowledged by op1")
    }

    @Test("A step that two people do is done once, and the second is told")
    func stepRace() throws {
        let house = try House()
        let op = try Session(in: house)
        let responder = try Session("60x20", in: house, as: "resp1", layout: "responder")
        try op.raise("camera-1/weapon", .high, "Weapon seen").press("c").choose("Armed person")
        responder.see("Armed person", "CONFIRM ON A SECOND CAMERA")
        op.settlesAtOnce = false
        responder.settlesAtOnce = false
        try responder.press("space")
        try op.press("space")
        try house.settle()
        responder.sayLast("resp1 set step 1: done").see("SEND THE NEAREST PATROL")
        op.sayLast("not done: set step 1: done: already done, by resp1")
    }

    @Test("Nothing is closed that nobody acknowledged")
    func closeNeedsAck() throws {
        let op = try Session().raise("camera-1/weapon", .high, "Weapon seen")
        try op.press("C").sayLast("acknowledge it first (a)").see("UNACK")
        #expect(op.state.modal == nil && op.recorded.isEmpty)
    }

    @Test("A step waits for those before it, and a blocked one says why")
    func stepsInOrder() throws {
        let op = try Session().raise("camera-1/weapon", .high, "Weapon seen").press("c").choose("Armed person")
        try op.press("j", "space").sayLast("first do step 1; b marks it blocked, n not applicable")
        try op.press("k", "b").see("Step 1 blocked: why?").type("camera is dark").press("enter")
        try op.sayLast("set step 1: blocked").press("g").see("“camera is dark” Bring up a second camera")
        try op.press("g", "n").sayLast("set step 1: not applicable").press("g", "n").sayLast(
            "already not applicable, by op1")
    }

    @Test("An act that had no effect is not what undo offers")
    func undoAfterRefusal() throws {
        let house = try House()
        let (op, other) = (try Session(in: house), try Session(in: house, as: "sup1"))
        try op.raise("camera-1/weapon", .high, "Weapon seen").raise("camera-2/weapon", .low, "Bag left").press("a")
        try other.press("g", "a")
        // Its own act, refused by the fold because somebody was first.
        try op.carryOut(lateAcknowledgement(of: "camera-2/weapon"))
        try house.settle()
        op.sayLast("sup1 was first")
        try op.press("u")
        guard case .confirm(let question) = op.state.modal else { throw Trouble("no question") }
        #expect(question.text.contains("“Weapon seen”"))
    }

    /// What op1 sends although somebody was first, as from a screen that had not heard of it.
    private func lateAcknowledgement(of subject: String) -> Act {
        Act(
            type: .alertAcknowledged, subject: subject, data: Array(#"{"occurrence":1,"severity":"low"}"#.utf8),
            actor: "op1", realm: .actual, status: .actual, words: "acknowledged")
    }

    @Test("The same checklist is not started twice for an alert without a question")
    func startedTwice() throws {
        let op = try Session("80x24").raise("camera-1/weapon", .high, "Weapon seen")
        try op.press("c").choose("Armed person").sayLast("started “Armed person”").press("space", "1", "c")
        guard case .choice(let choice) = op.state.modal else { throw Trouble("no choice") }
        let index = choice.items.firstIndex {
            if case .start(let offer, _) = $0.intent { offer.id == "armed-person" } else { false }
        }
        for _ in 0..<(index ?? 0) { try op.press("j") }
        try op.press("enter").see("Start it again?", "already running", "1 of").press("enter").see("Start it again?")
        try op.press("esc")
        #expect(op.state.checklist.runs.count == 1)
    }

    @Test("Whoever works in another pane is told of what is critical or high, and of nothing less")
    func toldElsewhere() throws {
        let op = try Session("80x24").raise("camera-1/weapon", .low, "Long object").press("4")
        try op.raise("camera-2/weapon", .medium, "Longer object")
        #expect(op.state.status == nil)
        try op.raise("camera-3/weapon", .critical, "Weapon seen")
        op.sayLast("CRIT: 1 wait for an acknowledgement; 1 shows them").see("1 Alerts 3 CRIT!")
        try op.press("1").see("Weapon seen")
    }

    @Test("The log tells acts that had an effect from those that had none")
    func withoutEffect() throws {
        let house = try House()
        let (op, other) = (try Session("120x40", in: house), try Session("120x40", in: house, as: "sup1"))
        try op.raise("camera-1/weapon", .low, "Weapon seen")
        try other.press("a")
        try op.carryOut(lateAcknowledgement(of: "camera-1/weapon"))
        try house.settle()
        try op.press("5").see("acknowledged  Weapon seen  sup1", "no effect: acknowledged  Weapon seen  op1")
    }

    @Test("A verdict leads to what can have become of it")
    func dispositions() throws {
        let op = try Session("80x24").raise("camera-1/weapon", .high, "Weapon seen").press("a")
        try op.press("A").choose("confirmed").see("significant impact").seeNot("false positive").press("esc")
        try op.press("A").choose("rejected").see("false positive").seeNot("significant impact").press("enter", "enter")
        try op.see("rej. Weapon seen").press("5").see("assessed", "Weapon seen", "false positive")
    }

    @Test("A note to a checklist is kept, an empty one is not")
    func checklistNote() throws {
        let op = try Session().raise("camera-1/weapon", .high, "Weapon seen").press("c").choose("Armed person")
        let before = op.recorded.count
        try op.press("w").see("Note", "Armed person").press("enter")
        #expect(op.recorded.count == before)
        try op.press("w").type("patrol 7 asks for a ladder").press("enter").sayLast("noted")
        op.see("op1: patrol 7 asks for a ladder")
    }

    @Test("While the feed is away work goes on, what waits is counted, and all is settled when it is back")
    func offline() throws {
        let op = try Session("80x24").raise("camera-1/weapon", .high, "Weapon seen")
        op.house.feedRuns = false
        try op.wait(14).press("a")
        try op.house.tell()
        op.see("feed OFFLINE 14s", "out 1")
        op.house.feedRuns = true
        try op.house.settle()
        op.see("feed live", "out 0").seeNot("UNACK").sayLast("acknowledged “Weapon seen”")
    }

    @Test("A console that does not run the feed shows how it goes where it runs, and when nothing is known of it")
    func elsewhere() throws {
        let op = try Session("80x24")
        func hear(_ state: FeedStatus.State, seconds: Double) throws {
            let status = FeedStatus(state: state, heard: op.house.now, outbox: 0, exercise: nil)
            let said = try #require(FeedWord(FeedWord(status, said: op.house.now).text))
            #expect(said == FeedWord(status, said: op.house.now))
            try op.send(.feed(said.heard(at: op.house.now.adding(seconds: seconds), shownAs: op.house.now)))
        }
        try hear(.live, seconds: 1)
        op.see("feed live")
        try hear(.offline(since: op.house.now.adding(seconds: -14)), seconds: 1)
        op.see("feed OFFLINE 14s").seeNot("feed live")
        try hear(.refused("the hub \"does\" not\naccept this"), seconds: 1)
        op.see("feed REFUSED")
        try hear(.failing("full"), seconds: 5)
        op.see("feed FAILING").seeNot("UNKNOWN")
        // A process that hangs, or whose screen is dead, says nothing.
        try hear(.live, seconds: 12)
        op.see("feed UNKNOWN 12s").seeNot("feed live")
        try hear(.catchingUp(at: 3, of: 9), seconds: 0)
        op.see("feed catching up 6")
        for text in ["", "{}", "{\"state\":\"live\"}", "{\"said\":1,\"state\":\"other\"}"] {
            #expect(FeedWord(text) == nil)
        }
    }

    @Test("What is said of the feed fits into the lease's file, whatever its reason; a word beyond all measure is none")
    func wordOfTheFeed() throws {
        let now = try Session("80x24").house.now
        for piece in ["x", "é", "\"", "\u{1}", "a line\n"] {
            for state in [
                FeedStatus.State.failing(String(repeating: piece, count: 9_000)),
                .refused(String(repeating: piece, count: 9_000)),
            ] {
                var status = FeedStatus(state: state, heard: now, outbox: 0, exercise: nil)
                (status.clockOffset, status.hubBehind) = (-999_999_999_999_999, .max)
                let text = FeedWord(status, said: now).text
                #expect(text.utf8.count <= Lease.longestWord)
                let read = try #require(FeedWord(FeedWord(status, said: now).text))
                switch (read.status.state, state) {
                case (.failing(let heard), .failing(let said)), (.refused(let heard), .refused(let said)):
                    #expect(heard.hasSuffix("…") && said.hasPrefix(heard.dropLast()))
                default: Issue.record("\(read.status.state)")
                }
            }
        }
        let (least, most) = ("-9223372036854775808", "9223372036854775807")
        for wrong in [least, most, "-4000000000000001"] {
            for text in [
                #"{"said":\#(wrong),"state":"live"}"#, #"{"said":1,"heard":\#(wrong),"state":"live"}"#,
                #"{"said":1,"state":"offline","since":\#(wrong)}"#, #"{"said":1,"state":"silent","since":\#(wrong)}"#,
            ] { #expect(FeedWord(text) == nil, "\(text)") }
        }
        for text in [
            #"{"said":1,"state":"catching_up","at":\#(least),"of":\#(most)}"#,
            #"{"said":1,"state":"catching_up","at":9,"of":3}"#, #"{"said":1,"state":"live","offset":\#(least)}"#,
            #"{"said":1,"state":"live","behind":\#(least)}"#,
        ] { #expect(FeedWord(text) == nil, "\(text)") }
        #expect(FeedWord(#"{"said":1,"state":"catching_up","at":0,"of":\#(most)}"#) != nil)
    }

    @Test("After an acknowledgement the cursor is on what comes next")
    func workDownTheList() throws {
        let op = try Session().raiseMany(1..<6, .high)
        for number in (1..<6).reversed() { try op.beOn("Crowd \(number)").press("a") }
        #expect(op.state.totals.unacknowledged == 0)
    }
}
