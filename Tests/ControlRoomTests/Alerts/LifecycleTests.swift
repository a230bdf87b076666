import ControlRoom
import TestSupport
import Testing

@Suite("The lifecycle of an alarm")
struct LifecycleTests {
    @Test("every event in every state", arguments: LifecycleTable.cases)
    func table(_ row: LifecycleTable.Case) {
        var bench = AlarmBench(state: row.from)
        #expect(bench.letters == row.from)
        bench.tell(row.event)
        #expect(bench.letters == row.to)
    }

    @Test("a re-alarm is the next occurrence and begins a new stay")
    func nextOccurrence() {
        var bench = AlarmBench(state: "LA")
        let occurrence = bench.alert.occurrence
        bench.now = bench.now.adding(seconds: 60)
        bench.raise(.medium)
        #expect(bench.alert.occurrence == occurrence + 1 && bench.alert.since == bench.now)
        #expect(bench.alert.ended == nil && bench.alert.acknowledgement == nil && bench.alert.assessment == nil)
    }

    @Test("a repeat of an acknowledged alarm counts, and needs nobody")
    func repeats() {
        var bench = AlarmBench(state: "A")
        let (occurrence, since) = (bench.alert.occurrence, bench.alert.since)
        bench.now = bench.now.adding(seconds: 60)
        bench.raise(.medium)
        #expect(bench.alert.occurrence == occurrence + 1 && bench.alert.since == since && bench.letters == "A")
    }

    @Test("a late acknowledgement never silences what came after")
    func lateAcknowledgement() {
        var bench = AlarmBench(severity: .low)
        bench.raise(.critical)
        #expect(bench.acknowledge(occurrence: 1, .low) == .refused(.newerOccurrence(2)))
        #expect(bench.acknowledge(occurrence: 2, .low) == .refused(.severityRose(.critical)))
        #expect(bench.letters == "U")
        #expect(bench.acknowledge(occurrence: 2, .critical) == .applied)
        #expect(bench.acknowledge(occurrence: 2, .critical, by: "op2") == .unchanged(.alreadyAcknowledged(by: "op1")))
    }

    @Test("an acknowledgement of the alarm before it cleared does not count for the one after")
    func acknowledgementAcrossLives() {
        var bench = AlarmBench()
        bench.tell("clear")
        bench.raise(.medium)
        #expect(bench.acknowledge(occurrence: 1, .critical) == .refused(.newerOccurrence(2)))
    }

    @Test("a repeat of the same severity does not make an acknowledgement late")
    func repeatsKeepAcknowledgements() {
        var bench = AlarmBench()
        bench.raise(.medium)
        bench.raise(.low)
        #expect(bench.acknowledge(occurrence: 1, .medium) == .applied)
    }

    @Test("a lower repeat does not hide that it was worse; the acknowledgement must have seen the worst")
    func latchedSeverity() {
        var bench = AlarmBench(severity: .critical)
        bench.raise(.info)
        #expect(bench.alert.severity == .critical && bench.alert.currentSeverity == .info)
        #expect(bench.acknowledge(occurrence: 2, .info) == .refused(.severityRose(.critical)))
        #expect(bench.acknowledge(occurrence: 2, .critical) == .applied)
        #expect(bench.alert.severity == .info)
        bench.raise(.low)
        #expect(bench.letters == "U")
    }

    @Test(
        "a shelf ends by time alone, and keeps a prior acknowledgement",
        arguments: [("A", "A"), ("U", "U"), ("LA", "LA")])
    func shelf(_ before: String, _ after: String) {
        var bench = AlarmBench(state: before)
        bench.alert.stale = nil
        let act = bench.alert.acknowledgement
        let until = bench.now.adding(seconds: 60)
        #expect(bench.shelve(until: until) == .applied)
        #expect(bench.alert.state(at: until.adding(seconds: -0.001)) == .shelved)
        bench.now = until
        #expect(bench.letters == after && bench.alert.acknowledgement == act)
    }

    private static let once = AlertShelved(
        until: EventMaker.noon.adding(seconds: 6_000), once: true, reason: "works",
        seen: Seen(occurrence: 2, severity: .critical))

    @Test(
        "a one-shot shelf ends however the alarm comes to its end, and whoever had not seen it gets to",
        arguments: ["U", "A", "UL", "AL"], ["clear", "close", "cancel", "replace", "stale passes", "raise after stale"])
    func onceShelf(_ before: String, _ end: String) {
        var (bench, plain) = (AlarmBench(state: before), AlarmBench(state: before))
        #expect(bench.fold(.alertShelved(LifecycleTests.once), by: "op7") == .applied)
        #expect(bench.alert.shelving?.act.by == "op7" && bench.alert.shelving?.reason == "works")
        for severity in [bench.alert.currentSeverity] {
            bench.raise(severity)
            plain.raise(severity)
        }
        #expect(bench.alert.state(at: bench.now) == .shelved)
        func tell(_ bench: inout AlarmBench) {
            switch end {
            case "cancel": _ = bench.alert.cancel(by: "b", bench.sourceWord)
            case "replace": _ = bench.alert.replace(by: "b", carried: .critical, bench.sourceWord)
            case "raise after stale":
                bench.tell("stale passes")
                bench.raise(bench.alert.currentSeverity)
            default: bench.tell(end)
            }
        }
        tell(&bench)
        tell(&plain)
        // A close that is refused ends nothing.
        let isEnded = end != "close" || before.hasPrefix("A")
        #expect(bench.alert.state(at: bench.now) == (isEnded ? plain.alert.state(at: plain.now) : .shelved))
    }

    @Test("what has returned to normal is not shelved until it does")
    func onceAtRest() {
        for state in ["N", "R", "LU", "LA"] {
            var bench = AlarmBench(state: state)
            #expect(bench.fold(.alertShelved(LifecycleTests.once)) == .refused(.notActive))
            #expect(bench.letters == state)
        }
    }

    @Test("what is in service is not returned to it, and waits as it did")
    func inService() {
        for state in ["U", "A", "R", "N"] {
            var bench = AlarmBench(state: state)
            let before = bench.alert
            #expect(bench.fold(.alertReturnedToService, by: "op1") == .unchanged(.notSuppressed))
            #expect(bench.alert == before)
        }
    }

    @Test("a shelf is undone by who made it; the clock ends only one that is over, and not what took its place")
    func endOfShelf() {
        var bench = AlarmBench(state: "A")
        bench.fold(.alertShelved(LifecycleTests.once), by: "op7")
        #expect(bench.undo(.alertShelved, by: "op1") == .refused(.notYours(by: "op7")))
        #expect(bench.fold(.alertUnshelved, by: "urn:impetus:feed") == .unchanged(.notActive))
        #expect(bench.undo(.alertShelved, by: "op7") == .applied)
        #expect(bench.letters == "A" && bench.alert.shelving == nil)
        bench.fold(.alertShelved(LifecycleTests.once), by: "op7")
        #expect(bench.fold(.alertUnshelved, by: "op1") == .applied)
    }

    @Test("a shelf that is over when it comes changes nothing, not even another shelf")
    func lateShelf() {
        var bench = AlarmBench()
        #expect(bench.shelve(until: bench.now) == .unchanged(.notActive))
        #expect(bench.letters == "U" && bench.alert.need(at: bench.now) < Alert.firstAttendedNeed)
        bench.tell("shelve")
        let shelved = bench.alert
        bench.shelve(until: bench.now.adding(seconds: -1))
        #expect(bench.alert == shelved)
    }

    @Test("only a rise above what was shelved un-shelves")
    func shelfAndSeverity() {
        var bench = AlarmBench(severity: .high)
        bench.tell("shelve")
        for severity in [Severity.low, .high] {
            bench.raise(severity)
            #expect(bench.alert.state(at: bench.now) == .shelved)
        }
        bench.raise(.critical)
        #expect(bench.letters == "U")
    }

    @Test("a close is refused while nobody has acknowledged, and an undo of it gives back what was there")
    func closing() {
        var bench = AlarmBench()
        #expect(bench.close() == .refused(.notAcknowledged))
        bench.tell("ack current")
        let before = bench.alert
        #expect(bench.close() == .applied)
        #expect(bench.close() == .unchanged(.alreadyClosed))
        #expect(bench.undo(.alertClosed, by: "op2") == .refused(.notYours(by: "op1")))
        #expect(bench.undo(.alertClosed) == .applied)
        #expect(bench.alert == before)
    }

    @Test("an undone close of a latched alarm is latched again, and one that went stale is over")
    func undoneClose() {
        var latched = AlarmBench(state: "LA")
        latched.now = latched.now.adding(seconds: 10)
        let before = latched.alert
        latched.tell("close")
        latched.undo(.alertClosed)
        #expect(latched.alert == before && latched.letters == "LA")
        var stale = AlarmBench(state: "A")
        stale.tell("close")
        stale.tell("stale passes")
        stale.undo(.alertClosed)
        #expect(stale.letters == "N")
    }

    @Test("an undo of an acknowledgement is for who made it")
    func undoneAcknowledgement() {
        var bench = AlarmBench(state: "A")
        #expect(bench.undo(.alertAcknowledged, by: "op2") == .refused(.notYours(by: "op1")))
        #expect(bench.undo(.alertAcknowledged) == .applied)
        #expect(bench.fold(.actUndone(ActUndone(act: "none", type: .alertAcknowledged))) == .refused(.nothingToUndo))
        #expect(bench.letters == "U")
    }

    @Test("an assessment is of what its author saw")
    func assessment() {
        var bench = AlarmBench(state: "R")
        let old = AlertAssessed(occurrence: 1, verdict: .rejected, disposition: .falsePositive, note: nil)
        #expect(bench.fold(.alertAssessed(old)) == .refused(.newerOccurrence(2)))
        let new = AlertAssessed(occurrence: 2, verdict: .confirmed, disposition: .significant, note: nil)
        #expect(bench.fold(.alertAssessed(new), by: "op3") == .applied)
        let act = bench.alert.assessment?.act
        #expect(act?.by == "op3" && act?.at == bench.now && act?.answer?.severity == bench.alert.latchedSeverity)
    }

    @Test("a message that is stale when it comes still wants to be seen")
    func staleOnArrival() {
        var fact = AlertRaised(tool: .smd, kind: "k", severity: .low, headline: "h")
        fact.stale = EventMaker.noon
        let alert = Alert(
            subject: "a", raised: fact, Alert.Word(id: "1", source: "s", time: EventMaker.noon, now: EventMaker.noon))
        #expect(alert.state(at: EventMaker.noon) == .rtnUnacknowledged && alert.ended == fact.stale)
    }

    @Test("what takes the place of another waits since the older of the two came, and for its severity")
    func heir() {
        let later = EventMaker.noon.adding(seconds: 60)
        func alert(_ subject: String, _ severity: Severity, at time: Timestamp) -> Alert {
            let fact = AlertRaised(tool: .fd, kind: "weapon", severity: severity, headline: "h")
            return Alert(subject: subject, raised: fact, Alert.Word(id: "1", source: "s", time: time, now: time))
        }
        let word = Alert.Word(id: "2", source: "s", time: later, now: later)
        var heir = alert("b", .low, at: later)
        #expect(heir.takeOver(from: alert("a", .high, at: EventMaker.noon), isLate: false, word) == .applied)
        #expect(heir.wanted == EventMaker.noon && heir.latchedSeverity == .high && !heir.acknowledged)
        var older = alert("b", .low, at: EventMaker.noon)
        #expect(older.takeOver(from: alert("a", .high, at: later), isLate: true, word) == .applied)
        #expect(older.wanted == EventMaker.noon)
    }

    @Test("an alert of which nothing more is known goes on and waits")
    func bare() {
        let bare = Alert(
            subject: "a", tool: .fd, kind: "k", severity: .low, headline: "h", since: EventMaker.noon)
        #expect(bare.state(at: EventMaker.noon) == .unacknowledged)
    }

    @Test("replaced: the need goes on in the other message; cancelled: whoever had not seen it still gets to")
    func references() {
        var replaced = AlarmBench()
        #expect(replaced.alert.replace(by: "b", carried: .critical, replaced.sourceWord) == .applied)
        #expect(replaced.letters == "N" && replaced.alert.replacedBy == "b")
        let again = replaced.alert.replace(by: "c", carried: .critical, replaced.sourceWord)
        #expect(again == .unchanged(.notActive))
        var cancelled = AlarmBench()
        #expect(cancelled.alert.cancel(by: "b", cancelled.sourceWord) == .applied)
        #expect(cancelled.letters == "R")
        var latched = AlarmBench(state: "LA")
        _ = latched.alert.cancel(by: "b", latched.sourceWord)
        #expect(latched.letters == "N")
    }
}
