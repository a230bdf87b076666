import Console
import ControlRoom
import Store
import Testing

/// What authors are told of their acts: when they were done, beside which others they stand, and what they saw.
@Suite("Authors of acts")
struct AuthorStories {
    @Test("an act that waited for the log shows the author's time first, and the log's beside it")
    func late() throws {
        let op = try Session().raise("a/1", .high, "Weapon seen").wait(1)
        op.house.feedRuns = false
        try op.press("a")
        try op.house.pass(2_400)
        op.house.feedRuns = true
        try op.house.settle()
        op.see("acknowledged by op1 14:03:22 (in the log 14:43:22)")
        let act = try #require(try op.house.store.alert(subject: "a/1", realm: .actual)?.alert.acknowledgement)
        #expect(act.time == House.opening.adding(seconds: 1) && act.at == act.time.adding(seconds: 2_400))
        try op.press("5").see("14:03:22 (in the log 14:43:22)")
        let italian = try Session(in: op.house, language: .italian)
        italian.see("14:03:22 (nel registro 14:43:22)")
    }

    @Test("an act that is settled at once shows one time")
    func prompt() throws {
        let op = try Session().raise("a/1", .high, "Weapon seen").wait(1).press("a").wait(1)
        op.see("acknowledged by op1 14:03:22").seeNot("in the log")
    }

    @Test("a second verdict stands beside the first; each author is told of the other's, and nobody else")
    func verdicts() throws {
        let op = try Session().raise("a/1", .high, "Weapon seen").wait(1)
        let sup = try Session(in: op.house, as: "sup1")
        let other = try Session(in: op.house, as: "resp1")
        try op.press("A").choose("confirmed").press("enter", "enter").wait(1)
        op.sayLast("op1").seeNot("your verdict")
        try sup.press("A").choose("rejected").press("enter", "enter").wait(1)
        op.sayLast("“Weapon seen”: your verdict (confirmed) stands beside another: rejected, by sup1")
        sup.sayLast("“Weapon seen”: your verdict (rejected) stands beside another: confirmed, by op1")
        other.seeNot("your verdict")
        let alert = try #require(try op.house.store.alert(subject: "a/1", realm: .actual)?.alert)
        #expect(alert.assessment?.act.by == "op1" && alert.dissents.map(\.act.by) == ["sup1"])
    }

    private func judge(_ house: House, _ actor: String, _ verdict: String, times: Int = 1) throws {
        let session = try Session(in: house, as: actor)
        for _ in 0..<times {
            try session.press("A").choose(verdict).press("enter", "enter").wait(1).press("j")
        }
    }

    @Test("an author whose console was closed is told of the other's verdict when they open it again, once")
    func away() throws {
        let house = try House()
        _ = try Session(in: house).raise("a/1", .high, "Weapon seen").wait(1)
        try judge(house, "op1", "confirmed")
        try judge(house, "sup1", "rejected")
        let told = "“Weapon seen”: your verdict (confirmed) stands beside another: rejected, by sup1"
        try Session(in: house).sayLast(told)
        try Session(in: house).seeNot("your verdict")
        // Who was there has been told.
        try Session(in: house, as: "sup1").seeNot("your verdict")
        // Whoever takes the place of another at an open console, too.
        try house.ingest([judged(house, "sup1", .confirmed), judged(house, "op1", .rejected)])
        let resp = try Session(in: house, as: "resp1")
        resp.seeNot("your verdict")
        try resp.press("O").choose("sup1").wait(1)
        resp.sayLast("“Weapon seen”: your verdict (confirmed) stands beside another: rejected, by op1")
    }

    private func judged(_ house: House, _ actor: String, _ verdict: Verdict) -> Event {
        var event = house.event(.alertAssessed, "a/1") {
            $0.member("occurrence", 1)
            $0.member("verdict", verdict.rawValue)
            $0.member("disposition", "none")
        }
        event.actor = actor
        return event
    }

    @Test("several verdicts beside one's own are told in one word, with their number")
    func several() throws {
        let house = try House()
        let first = try Session(in: house)
        for number in 1...3 { try first.raise("a/\(number)", .high, "Weapon \(number)").wait(1) }
        let judged = { (actor: String, verdict: Verdict) -> [Event] in
            (1...3).map { number -> Event in
                var event = house.event(.alertAssessed, "a/\(number)") {
                    $0.member("occurrence", 1)
                    $0.member("verdict", verdict.rawValue)
                    $0.member("disposition", "none")
                }
                event.actor = actor
                return event
            }
        }
        try house.ingest(judged("sup1", .confirmed))
        _ = try Session(in: house, as: "sup1")
        try house.ingest(judged("op2", .rejected))
        try Session(in: house, as: "sup1").sayLast(
            "3 of your verdicts stand beside others; the last, on “Weapon 3”: yours confirmed, and rejected by op2")
    }

    @Test("what comes while a console is locked is told when it is unlocked")
    func locked() throws {
        let op = try Session().raise("a/1", .high, "Weapon seen").wait(1)
        try op.press("A").choose("confirmed").press("enter", "enter").wait(1)
        try op.press("L")
        try judge(op.house, "sup1", "rejected")
        op.seeNot("your verdict")
        try op.press("x").choose("op1").wait(1)
        op.sayLast("your verdict (confirmed) stands beside another: rejected, by sup1")
    }

    @Test("one's own second verdict replaces the first, and nobody is told")
    func own() throws {
        let op = try Session().raise("a/1", .high, "Weapon seen").wait(1)
        try op.press("A").choose("confirmed").press("enter", "enter").wait(1)
        try op.press("A").choose("rejected").press("enter", "enter").wait(1)
        op.seeNot("your verdict").see("rejected")
    }

    @Test("a close after which the alarm came anew is undone by whoever sees that it did")
    func seenAnew() throws {
        let op = try Session().raise("a/1", .high, "Weapon seen").wait(1)
        try op.press("a").press("C").choose("no impact").press("enter").wait(1)
        try op.raise("a/1", .high, "Weapon seen").wait(1).see("1 unack")
        try op.press("u").see("Undo?").press("y").wait(1).sayLast("undid: closed").see("0 unack")
        let undo = try #require(op.recorded.last { $0.type == .actUndone })
        let fact = try JSONReader.read(undo.data) { reader in
            var seen: [String: String] = [:]
            try reader.object { key, reader in
                if key == "occurrence" {
                    seen[key] = String(try reader.integer())
                } else {
                    seen[key] = try reader.string()
                }
            }
            return seen
        }
        #expect(fact["occurrence"] == "2" && fact["severity"] == "high")
    }

    @Test("the same undo leaves the alarm asking where it became worse after its author was asked")
    func worse() throws {
        let op = try Session().raise("a/1", .high, "Weapon seen").wait(1)
        try op.press("a").press("C").choose("no impact").press("enter").wait(1)
        try op.raise("a/1", .high, "Weapon seen").wait(1)
        try op.press("u").see("Undo?")
        try op.raise("a/1", .critical, "Weapon seen").wait(1)
        try op.press("y").wait(1).see("1 unack", "CRIT")
        let text = op.state.status?.text ?? ""
        #expect(text.contains("undid"), "\(text)")
    }
}
