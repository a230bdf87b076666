import ControlRoom
import TestSupport
import Testing

@Suite("Suppression, approval and owners of one alarm")
struct HandlingTests {
    @Test("the end of a rule that held nothing leaves an escalation as it is")
    func emptyRule() {
        var bench = AlarmBench(state: "dU")
        bench.raise(.critical)
        #expect(bench.letters == "U")
        bench.tell("escalate")
        let (wanted, escalation) = (bench.alert.wanted, bench.alert.escalation)
        bench.now = bench.now.adding(seconds: 600)
        bench.tell("unsuppress")
        #expect(escalation != nil && bench.alert.escalation == escalation && bench.alert.wanted == wanted)
    }

    @Test("what breaks through a rule or a shelf, or comes back, waits from then on", arguments: ["dU", "sU", "oU"])
    func waitsAnew(_ state: String) {
        var bench = AlarmBench(state: state)
        bench.now = bench.now.adding(seconds: 900)
        if state == "oU" { bench.tell("return") } else { bench.raise(.critical) }
        #expect(bench.letters == "U" && bench.alert.wanted == bench.now)
        // A rise alone is the same need; but it may be for somebody else.
        var plain = AlarmBench(state: "U")
        let wanted = plain.alert.wanted
        plain.tell("escalate")
        plain.now = plain.now.adding(seconds: 900)
        plain.raise(.critical)
        #expect(plain.alert.wanted == wanted && plain.alert.escalation == nil)
    }

    @Test("a rule with an end ends on every screen by itself, also where nobody says so")
    func ruleEnds() {
        var bench = AlarmBench(state: "A")
        bench.alert.stale = nil
        let until = bench.now.adding(seconds: 60)
        let fact = AlertSuppressed(rule: "r", severity: .medium, occurrence: 9, reason: nil, until: until)
        #expect(bench.fold(.alertSuppressed(fact)) == .applied && bench.letters == "dA")
        #expect(bench.alert.state(at: until.adding(seconds: -0.001)) == .suppressed)
        bench.now = until
        #expect(bench.letters == "A")
    }

    @Test("a rule that does not hold an alarm ends nothing of it", arguments: ["U", "dU", "sU"])
    func otherRule(_ state: String) {
        var bench = AlarmBench(state: state)
        let before = bench.alert
        bench.now = bench.now.adding(seconds: 60)
        let outcome = bench.fold(.alertUnsuppressed("another"), by: Event.feedSource)
        #expect(outcome == .unchanged(.notSuppressed) && bench.alert == before)
    }

    @Test("what is over changes by itself no more, though its source had said until when it would last")
    func turns() {
        var bench = AlarmBench(state: "A")
        #expect(bench.alert.turn(after: bench.now) == bench.alert.stale && bench.alert.stale != nil)
        bench.tell("clear")
        #expect(bench.letters == "N" && bench.alert.turn(after: bench.now) == nil)
    }

    @Test("a shelf holds what it held: not what the alarm is when it takes the place of something worse")
    func heirBreaksThrough() {
        for (severity, state) in [(Severity.medium, "sU"), (.critical, "U")] {
            var heir = AlarmBench(state: "sU")
            let replaced = AlarmBench(severity: severity).alert
            _ = heir.alert.takeOver(from: replaced, isLate: false, heir.sourceWord)
            #expect(heir.letters == state, "\(severity)")
        }
    }

    @Test("the clock clears only what is stale, and not what its source said again meanwhile")
    func clockClears() {
        var bench = AlarmBench(state: "U")
        #expect(bench.fold(.alertCleared(reason: "stale"), by: Event.feedSource) == .unchanged(.notActive))
        bench.tell("stale passes")
        #expect(bench.fold(.alertCleared(reason: "stale"), by: Event.feedSource) == .applied)
        #expect(!bench.alert.active)
    }

    @Test("a request is its author's until it is decided; one that is over makes way")
    func requests() {
        var bench = AlarmBench(state: "U")
        bench.alert.stale = nil
        let wish = ApprovalWish.shelve(until: bench.now.adding(seconds: 60), isOnce: false)
        #expect(bench.ask(wish, by: "op1") == .applied)
        #expect(bench.ask(.removeFromService, by: "op2") == .refused(.alreadyRequested(by: "op1")))
        // A shelf that somebody makes meanwhile is another matter.
        bench.shelve(until: bench.now.adding(seconds: 30))
        #expect(bench.alert.request?.wish == wish)
        bench.now = bench.now.adding(seconds: 61)
        #expect(bench.decide(isGranted: true) == .unchanged(.notActive) && bench.alert.request == nil)
        #expect(bench.ask(.removeFromService, by: "op2") == .applied)
        #expect(bench.undo(.approvalRequested, by: "op1") == .refused(.notYours(by: "op2")))
        #expect(bench.decide(isGranted: true, by: "op2") == .refused(.fourEyes))
        #expect(bench.decide(isGranted: false) == .applied && bench.alert.request == nil && bench.letters == "U")
    }

    @Test("a request that saw less than there is, is not made")
    func blindRequest() {
        var bench = AlarmBench(severity: .critical)
        let fact = ApprovalRequested(wish: .removeFromService, severity: .low, occurrence: 1, reason: "r")
        #expect(bench.fold(.approvalRequested(fact)) == .refused(.severityRose(.critical)))
    }

    @Test("an undo takes back the approval that was given last")
    func undoneApproval() {
        var bench = AlarmBench(state: "U")
        bench.alert.stale = nil
        bench.tell("grant")
        bench.now = bench.now.adding(seconds: 5)
        bench.ask(.removeFromService)
        bench.decide(isGranted: true)
        #expect(bench.letters == "oU")
        #expect(bench.undo(.approvalGranted, by: "sup1") == .applied)
        #expect(bench.alert.removal == nil && bench.letters == "sU")
        #expect(bench.undo(.approvalGranted, by: "sup1") == .applied)
        #expect(bench.letters == "U")
    }

    @Test("an undo gives an alarm back to whom it was before")
    func undoneOwner() {
        var bench = AlarmBench(state: "U")
        bench.fold(.alertTaken, by: "op1")
        bench.fold(.alertAssigned(AlertAssigned(to: "op2")), by: "sup1")
        bench.fold(.alertTaken, by: "op1")
        #expect(bench.alert.owner == "op1")
        #expect(bench.undo(.alertTaken, by: "op1") == .applied)
        #expect(bench.alert.owner == "op2" && bench.alert.assignment?.act.by == "sup1")
        // The first taking is the supervisor's to keep: they gave it away since.
        #expect(bench.undo(.alertTaken, by: "op1") == .applied && bench.alert.owner == "op2")
        var acked = AlarmBench(state: "U")
        acked.fold(.alertTaken, by: "op1")
        acked.acknowledge(occurrence: acked.alert.occurrence, .critical, by: "op2")
        acked.undo(.alertTaken, by: "op1")
        #expect(acked.alert.owner == "op2")
    }

    @Test("what is nobody's then belongs to whoever acknowledges it")
    func nobodys() {
        var bench = AlarmBench(state: "U")
        bench.fold(.alertTaken, by: "op1")
        bench.fold(.alertAssigned(AlertAssigned(to: nil)), by: "sup1")
        #expect(bench.alert.owner == nil)
        bench.acknowledge(occurrence: bench.alert.occurrence, .critical, by: "op2")
        #expect(bench.alert.owner == "op2")
    }

    @Test("an alarm is explained by whom somebody says, or by the rule that names one; a new occurrence by none")
    func causes() {
        var bench = AlarmBench(state: "U")
        func link(_ cause: String?, _ occurrence: Int = 9) -> Fact {
            .alertLinked(AlertLinked(occurrence: occurrence, cause: cause))
        }
        #expect(bench.fold(link("a")) == .refused(.ownCause))
        #expect(bench.fold(link(nil)) == .unchanged(.alreadyLinked))
        #expect(bench.fold(link("power"), by: "op1") == .applied)
        // It waits as before.
        #expect(bench.letters == "U" && bench.alert.cause == "power")
        #expect(bench.fold(link("power"), by: "op2") == .unchanged(.alreadyLinked))
        #expect(bench.fold(link("water"), by: "op2") == .applied)
        #expect(bench.undo(.alertLinked, by: "op1") == .refused(.notYours(by: "op2")))
        #expect(bench.undo(.alertLinked, by: "op2") == .applied)
        #expect(bench.alert.cause == "power" && bench.alert.link?.act.by == "op1")
        bench.tell("clear")
        bench.now = bench.now.adding(seconds: 5)
        bench.raise(.medium)
        #expect(bench.alert.cause == nil)
        // Who saw what was before says nothing of what is now.
        #expect(bench.fold(link("power", bench.alert.annunciated - 1)) == .refused(.newerOccurrence(3)))
        let rule = AlertSuppressed(rule: "r", severity: .critical, occurrence: 9, reason: nil, cause: "power")
        bench.fold(.alertSuppressed(rule))
        #expect(bench.alert.cause == "power")
        #expect(bench.fold(link(nil)) == .applied)
        #expect(bench.alert.cause == nil && bench.alert.suppressors.count == 1)
        // What is worse than the rule saw is not explained by it.
        var worse = AlarmBench(state: "U")
        let mild = AlertSuppressed(rule: "r", severity: .medium, occurrence: 9, reason: nil, cause: "power")
        worse.fold(.alertSuppressed(mild))
        #expect(worse.alert.cause == "power")
        worse.raise(.critical)
        #expect(worse.alert.cause == nil)
        var over = AlarmBench(state: "N")
        #expect(over.fold(link("power")) == .refused(.alreadyClosed))
    }

    @Test(
        "when the feed is to speak: what goes on and waits, by the first rule that fits, and what goes on acknowledged")
    func due() {
        var bench = AlarmBench(state: "U")
        var policy = AlarmPolicy(
            reminderSeconds: [.medium: 60],
            escalations: [
                EscalationRule(severity: .critical, steps: [.init(seconds: 5, to: "chief")]),
                EscalationRule(
                    severity: .low, district: "d", steps: [.init(seconds: 7, to: "lead")]),
                EscalationRule(severity: .low, steps: [.init(seconds: 10, to: "a"), .init(seconds: 20, to: "b")]),
            ])
        let wanted = bench.alert.wanted
        #expect(bench.alert.due(policy) == wanted.adding(seconds: 10))
        bench.tell("escalate")
        #expect(bench.alert.due(policy) == wanted.adding(seconds: 20))
        bench.alert.district = "d"
        #expect(bench.alert.due(policy) == nil)
        bench.raise(.critical)
        #expect(bench.alert.due(policy) == wanted.adding(seconds: 5))
        bench.raise(.medium)
        bench.tell("ack current")
        #expect(bench.alert.due(policy) == bench.now.adding(seconds: 60))
        bench.now = bench.now.adding(seconds: 70)
        bench.tell("remind")
        #expect(bench.alert.due(policy) == bench.now.adding(seconds: 60))
        for event in ["shelve", "remove", "suppress"] {
            var quiet = bench
            quiet.tell(event)
            #expect(quiet.alert.due(policy) == nil, "\(event)")
        }
        policy.reminderSeconds = [:]
        #expect(bench.alert.due(policy) == nil)
        for state in ["N", "LA"] { #expect(AlarmBench(state: state).alert.due(policy) == nil, "\(state)") }
        // What has ended and nobody has seen escalates like any other.
        let returned = AlarmBench(state: "R").alert
        #expect(returned.due(policy) == returned.wanted.adding(seconds: 10))
    }

    @Test("what a policy does not say is as everywhere; what makes no sense is refused")
    func policies() throws {
        func read(_ text: String) throws -> AlarmPolicy {
            try JSONReader.read(Array(text.utf8)) { try AlarmPolicy(reading: &$0) }
        }
        var expected = AlarmPolicy.standard
        #expect(try read("{}") == expected)
        expected.shelfSeconds = 3_600
        #expect(try read(#"{"shelf_s":3600}"#) == expected)
        #expect(try read(#"{"escalations":[],"reminders":{}}"#) == AlarmPolicy(reminderSeconds: [:], escalations: []))
        let written = String(decoding: JSONWriter.bytes(AlarmPolicy.standard.write), as: UTF8.self)
        #expect(try read(written) == .standard)
        for wrong in [
            #"{"escalations":[{"steps":[]}]}"#, #"{"escalations":[{"severity":"low","tool":5,"steps":[]}]}"#,
            #"{"shelf_s":999999999}"#,
        ] {
            #expect(throws: JSONError.self) { try read(wrong) }
        }
    }
}
