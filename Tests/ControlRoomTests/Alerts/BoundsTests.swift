import TestSupport
import Testing

@testable import ControlRoom

@Suite("Bounds of an alarm, and what is written of its acts")
struct BoundsTests {
    private func read<Value>(_ json: String, _ body: (inout JSONReader) throws -> Value) throws -> Value {
        try JSONReader.read(Array(json.utf8), body)
    }

    @Test("a message names 64 others; what is beyond counts for nothing, and how many that were is known")
    func references() throws {
        let names = (0..<70).map { "\"s\($0)\"" }.joined(separator: ",")
        let members = #""tool":"FD","severity":"low""#
        let raised = try read("{\(members),\"replaces\":[\(names)]}") { try AlertRaised(reading: &$0) }
        #expect(raised.replaces == (0..<64).map { "s\($0)" } && raised.lostReferences == 6)
        let cancelled = try read("{\(members),\"cancels\":[\(names)]}") { try AlertCancelled(reading: &$0) }
        #expect(cancelled.cancels.count == 64 && cancelled.lostReferences == 6)
        let none = try read("{\(members)}") { try AlertCancelled(reading: &$0) }
        #expect(none.cancels.isEmpty && none.lostReferences == 0)
    }

    @Test("of one alarm the last eight acts can be taken back")
    func acts() {
        var bench = AlarmBench()
        let people = (0..<9).map { "op\($0)" }
        for person in people {
            #expect(bench.fold(.alertAssigned(AlertAssigned(to: person)), by: person) == .applied)
        }
        #expect(bench.alert.undoables.map(\.by) == Array(people.dropFirst()))
    }

    @Test("a shelf lasts as long as the policy has it, and ten minutes for clocks that differ")
    func shelf() {
        for (more, outcome) in [(600.0, Outcome.applied), (600.001, .refused(.needsApproval))] {
            var bench = AlarmBench()
            let until = bench.now.adding(seconds: Double(bench.policy.shelfSeconds) + more)
            #expect(bench.shelve(until: until) == outcome, "\(more)")
        }
    }

    @Test("a shelf that was longer than a new policy allows holds while an act before it is taken back")
    func shorterPolicy() {
        var bench = AlarmBench()
        bench.tell("take")
        #expect(bench.shelve(until: bench.now.adding(seconds: Double(bench.policy.shelfSeconds))) == .applied)
        bench.policy.shelfSeconds = 60
        #expect(bench.undo(.alertTaken, by: "op7") == .applied && bench.letters == "sU")
    }

    @Test("what an alarm stands for when it is raised: one annunciation, and no other number before it")
    func first() {
        var alert = AlarmBench().alert
        #expect(alert.alarms == 1 && alert.occurrence == 1 && alert.annunciated == 1)
        alert.begin(behind: 7)
        #expect(alert.occurrence == 8 && alert.annunciated == 8 && alert.timesAnnunciated == 1)
    }

    @Test("a wait is never negative, and what has no stale time never goes stale")
    func times() {
        #expect(Alert.Answer(severity: .low, tool: .fd, seconds: -5).seconds == 0)
        var alert = AlarmBench().alert
        alert.stale = nil
        #expect(!alert.isExpired(at: EventMaker.noon.adding(seconds: 9e6)))
    }

    @Test("what ends by time is not kept beyond it; the first to end says when it changes next")
    func ends() {
        var bench = AlarmBench()
        let until = (bench.now.adding(seconds: 30), bench.now.adding(seconds: 60))
        bench.shelve(until: until.0)
        let rule = AlertSuppressed(rule: "r", severity: .critical, occurrence: 1, reason: nil, until: until.1)
        bench.fold(.alertSuppressed(rule), by: Event.feedSource)
        #expect(bench.alert.turn(after: bench.now) == until.0 && bench.alert.turn(after: until.0) == until.1)
        let settled = (bench.alert.settled(at: until.0), bench.alert.settled(at: until.1))
        #expect(settled.0.shelving == nil && settled.0.suppressors.count == 1 && settled.1.suppressors.isEmpty)
    }

    @Test("a wish for a shelf that is over asks for nothing, and a request that goes on is not over")
    func requests() {
        var bench = AlarmBench()
        #expect(bench.ask(.shelve(until: bench.now, isOnce: false)) == .unchanged(.notActive))
        #expect(bench.ask(.removeFromService) == .applied)
        #expect(bench.alert.request?.isOver(at: bench.now.adding(seconds: 9e6)) == false)
        #expect(bench.alert.settled(at: bench.now.adding(seconds: 9e6)).request != nil)
    }

    @Test("an alarm is taken out of service by who has seen how bad it is")
    func blindRemoval() {
        var bench = AlarmBench()
        let seen = bench.seen
        bench.raise(.critical)
        let removal = AlertRemoved(reason: "lens", seen: seen)
        #expect(bench.fold(.alertRemovedFromService(removal), by: "sup1") == .refused(.newerOccurrence(2)))
    }

    @Test("nobody is reminded of what waits to be acknowledged, and nothing is reset that is not latched")
    func noNeed() {
        var bench = AlarmBench(state: "U")
        let before = bench.alert
        #expect(bench.fold(.alertReminded, by: Event.feedSource) == .unchanged(.notActive))
        #expect(bench.fold(.alertReset(bench.seen)) == .unchanged(.notLatched) && bench.alert == before)
    }

    @Test("the clock says nothing of the end of what is over already; its source does")
    func feedsEnd() {
        var bench = AlarmBench(state: "R")
        let before = bench.alert.sourceEnd
        bench.now = bench.now.adding(seconds: 60)
        bench.fold(.alertCleared(reason: "stale"), by: Event.feedSource)
        #expect(bench.alert.sourceEnd == before)
        bench.clear()
        #expect(bench.alert.sourceEnd?.time == bench.now)
    }

    @Test("a rise leaves what was judged of this occurrence; a new occurrence does not")
    func judgements() {
        var bench = AlarmBench(state: "A")
        let judged = AlertAssessed(
            occurrence: bench.alert.occurrence, verdict: .confirmed, disposition: .significant, note: nil)
        #expect(bench.fold(.alertAssessed(judged)) == .applied)
        let second = AlertAssessed(
            occurrence: bench.alert.occurrence, verdict: .rejected, disposition: .duplicate, note: nil)
        #expect(bench.fold(.alertAssessed(second), by: "op2") == .applied)
        #expect(bench.alert.verdicts.map(\.act.by) == ["op1", "op2"])
        bench.raise(.critical)
        #expect(bench.alert.verdicts.count == 2)
        bench.clear()
        bench.raise(.critical)
        #expect(bench.alert.verdicts.isEmpty)
    }

    @Test("what is closed, replaced or was over before it came says since when")
    func ended() {
        var closed = AlarmBench(state: "A")
        closed.now = closed.now.adding(seconds: 60)
        #expect(closed.close() == .applied && closed.alert.ended == closed.now)
        var replaced = AlarmBench(state: "A")
        replaced.now = replaced.now.adding(seconds: 60)
        _ = replaced.alert.replace(by: "b", carried: .critical, replaced.sourceWord)
        #expect(replaced.alert.ended == replaced.now)
        var latching = AlarmBench(latching: true)
        latching.now = latching.now.adding(seconds: 60)
        let end = Alert.SourceEnd(time: latching.now, recorded: latching.now)
        #expect(latching.alert.endBefore(by: "b", at: end, carried: nil, latching.sourceWord) == .applied)
        #expect(latching.alert.replacedBy == "b" && !latching.alert.latched && latching.letters == "R")
    }

    @Test("what is kept quiet takes over what was acknowledged, or what breaks through; not what would be silent in it")
    func heirs() {
        let heir = AlarmBench(state: "sU")
        func can(_ other: AlarmBench) -> Bool {
            heir.alert.canTakeOver(from: other.alert, isLate: false, heir.sourceWord)
        }
        #expect(can(AlarmBench(state: "A")) && !can(AlarmBench()) && can(AlarmBench(severity: .critical)))
    }

    @Test(
        "what ended an act that keeps an alarm quiet holds on, whatever act before it is taken back",
        arguments: [true, false])
    func endOfQuiet(isShelf: Bool) {
        var bench = AlarmBench(state: isShelf ? "sU" : "oU")
        bench.alert.stale = nil
        bench.tell("take")
        bench.tell(isShelf ? "unshelve" : "return")
        bench.clear()
        bench.tell("raise same")
        #expect(bench.undo(.alertTaken, by: "op7") == .applied && bench.letters == "U")
    }

    @Test("what makes an alarm heard again is not taken back", arguments: ["sU", "oU"])
    func heardAgain(_ state: String) {
        var bench = AlarmBench(state: state)
        let (event, type) = state == "sU" ? ("unshelve", EventType.alertUnshelved) : ("return", .alertReturnedToService)
        bench.tell(event)
        #expect(bench.undo(type, by: state == "sU" ? "op1" : "sup1") == .refused(.nothingToUndo))
        #expect(bench.letters == "U")
    }

    @Test("acts up to a time are forgotten, and whether there were any is told")
    func forgotten() {
        var bench = AlarmBench()
        let none = bench.alert.forgetActs(recordedBy: bench.now)
        bench.tell("take")
        let before = bench.alert.forgetActs(recordedBy: bench.now.adding(seconds: -1))
        #expect(!none && !before && bench.alert.undoables.count == 1)
        let all = bench.alert.forgetActs(recordedBy: bench.now)
        #expect(all && bench.alert.undoables.isEmpty)
    }

    @Test("an act is read for what its author saw beside whatever else it says")
    func seen() {
        func seen(_ json: String) -> Seen? {
            var event = Event(id: "1", source: "s", type: .alertClosed)
            event.data = .json(Array(json.utf8))
            return Seen(namedBy: event)
        }
        let whole = seen(#"{"note":{"a":[1]},"occurrence":2,"more":null,"severity":"low","end":1}"#)
        #expect(whole == Seen(occurrence: 2, severity: .low))
        #expect(seen(#"{"occurrence":2}"#) == nil && seen(#"{"severity":"low"}"#) == nil)
    }

    @Test("what is written of an undo, an escalation and a policy is read as it was")
    func written() throws {
        let undo = ActUndone(act: "e1", type: .alertClosed, seen: Seen(occurrence: 3, severity: .high))
        #expect(try JSONReader.read(JSONWriter.bytes(undo.write)) { try ActUndone(reading: &$0) } == undo)
        let escalated = AlertEscalated(level: 2, to: "sup", occurrence: 4)
        #expect(
            try JSONReader.read(JSONWriter.bytes(escalated.write)) { try AlertEscalated(reading: &$0) } == escalated)
        let text =
            #"{"escalations":[{"severity":"high","tool":"FD","steps":[{"after_s":60,"to":"sup","more":{"a":1}}]}]}"#
        let policy = try read(text) { try AlarmPolicy(reading: &$0) }
        let again = try JSONReader.read(JSONWriter.bytes(policy.write)) { try AlarmPolicy(reading: &$0) }
        #expect(again == policy && policy.escalations.first?.tool == .fd && policy.escalations.first?.steps.count == 1)
        let endless = #"{"escalations":[{"severity":"high","steps":[{"to":"sup"}]}]}"#
        #expect(throws: JSONError.self) { try read(endless) { try AlarmPolicy(reading: &$0) } }
    }
}
