import ControlRoom
import TestSupport
import Testing

@Suite("What is taken back")
struct UndoTests {
    /// What an undo gives back.
    private struct Condition: Equatable {
        var isActive: Bool
        var latched: Bool
        var severity: Severity
        var acknowledged: Bool
        var state: AlertState
        var owner: String?

        init(_ bench: AlarmBench) {
            let alert = bench.alert
            isActive = alert.isActive(at: bench.now)
            latched = alert.latched
            severity = alert.severity
            acknowledged = alert.acknowledged
            state = alert.state(at: bench.now)
            owner = alert.owner
        }
    }

    /// An alarm with a past of acts and news.
    private func begun(_ chance: inout SeededChance, seed: UInt64) -> AlarmBench {
        var bench = AlarmBench(latching: seed % 3 == 0)
        for _ in 0..<Int(chance.next() % 12) {
            AlarmNews.next(bench, &chance).tell(&bench)
            if chance.next() % 2 == 0 { act(&bench, &chance, by: "past") }
        }
        return bench
    }

    @discardableResult
    private func act(_ bench: inout AlarmBench, _ chance: inout SeededChance, by person: String) -> EventType? {
        let type = AlarmActs.types[Int(chance.next() % UInt64(AlarmActs.types.count))]
        return AlarmActs.tell(type, &bench, by: person) ? type : nil
    }

    @Test("an act, then whatever sources and the clock say, then its undo is the same without both", arguments: 1...500)
    func equalsNeverDone(seed: UInt64) {
        var chance = SeededChance(seed: seed)
        var done = begun(&chance, seed: seed)
        var (never, type): (AlarmBench, EventType?) = (done, nil)
        for _ in 0..<200 where type == nil {
            never = done
            type = act(&done, &chance, by: "op1")
            if type == nil { AlarmNews.next(done, &chance).tell(&done) }
        }
        guard let type else {
            Issue.record("no act took effect")
            return
        }
        for _ in 0..<Int(chance.next() % 10) {
            let news = AlarmNews.next(done, &chance)
            news.tell(&done)
            news.tell(&never)
        }
        #expect(done.undo(type, by: "op1") == .applied, "\(type.rawValue)")
        #expect(Condition(done) == Condition(never), "\(type.rawValue)")
    }

    @Test("two acts, taken back one after the other, leave no trace either", arguments: 1...300)
    func bothNeverDone(seed: UInt64) {
        var chance = SeededChance(seed: seed)
        var never = begun(&chance, seed: seed)
        // Not what is tested: the acts begin where the histories part.
        AlarmNews.raise(.critical, at: never.now, stale: nil).tell(&never)
        var done = never
        var types: [EventType] = []
        for _ in 0..<2 {
            var attempt = done
            if let type = act(&attempt, &chance, by: "op\(types.count)") {
                done = attempt
                types.append(type)
            }
            let news = AlarmNews.next(done, &chance)
            news.tell(&done)
            news.tell(&never)
        }
        for index in types.indices.reversed() { #expect(done.undo(types[index], by: "op\(index)") == .applied) }
        #expect(Condition(done) == Condition(never), "\(types.map(\.rawValue))")
    }

    @Test("what came anew after a close is not closed by the undo of an act before it", arguments: [true, false])
    func undoBehindClose(isRise: Bool) {
        var bench = AlarmBench(state: "U")
        bench.alert.stale = nil
        bench.fold(.alertTaken, by: "op1")
        bench.acknowledge(occurrence: bench.alert.occurrence, .critical, by: "op2")
        #expect(bench.close(by: "op2") == .applied)
        bench.now = bench.now.adding(seconds: 60)
        bench.raise(isRise ? .critical : bench.alert.currentSeverity)
        #expect(bench.letters == "U")
        bench.undo(.alertTaken, by: "op1")
        #expect(bench.letters == "U")
    }

    @Test("the undo of an acknowledgement gives back the severity that was to be acknowledged")
    func severity() {
        var bench = AlarmBench(severity: .low)
        bench.raise(.critical)
        bench.raise(.low)
        #expect(bench.acknowledge(occurrence: bench.alert.occurrence, .critical) == .applied)
        #expect(bench.alert.severity == .low)
        #expect(bench.undo(.alertAcknowledged) == .applied)
        #expect(bench.alert.severity == .critical && bench.letters == "U")
    }

    @Test("is refused, saying whose, where a later act rests on it")
    func restsOnIt() {
        var bench = AlarmBench(state: "U")
        bench.tell("ack current")
        bench.close(by: "sup1")
        let before = bench.alert
        #expect(bench.undo(.alertAcknowledged) == .refused(.restsOnIt(by: "sup1")))
        #expect(bench.alert == before)
        #expect(bench.undo(.alertClosed, by: "sup1") == .applied)
        #expect(bench.undo(.alertAcknowledged) == .applied && bench.letters == "U")
        var asked = AlarmBench(state: "U")
        asked.ask(.removeFromService, by: "op1")
        asked.decide(isGranted: true, by: "sup1")
        #expect(asked.undo(.approvalRequested, by: "op1") == .refused(.restsOnIt(by: "sup1")))
        #expect(asked.letters == "oU")
    }

    @Test("an undo that comes late never takes back a later act", arguments: ["op1", "op2"])
    func queued(_ person: String) throws {
        var bench = AlarmBench(state: "U")
        bench.alert.stale = nil
        bench.tell("ack current")
        let undo = ActUndone(act: try #require(bench.acts[.alertAcknowledged]?.last), type: .alertAcknowledged)
        bench.tell("clear")
        bench.now = bench.now.adding(seconds: 60)
        bench.raise(.high)
        #expect(bench.acknowledge(occurrence: bench.alert.occurrence, .high, by: person) == .applied)
        bench.fold(.actUndone(undo), by: "op1")
        #expect(bench.letters == "A" && bench.alert.acknowledgement?.by == person)
        // It takes effect once.
        #expect(bench.fold(.actUndone(undo), by: "op1") == .refused(.nothingToUndo))
    }

    @Test("an act that is no longer kept, or never was, takes nothing else back")
    func unknown() {
        var bench = AlarmBench(state: "A")
        let before = bench.alert
        for act in ["", "e0", "another"] {
            let undo = ActUndone(act: act, type: .alertAcknowledged, seen: bench.seen)
            #expect(bench.fold(.actUndone(undo)) == .refused(.nothingToUndo))
        }
        #expect(bench.alert == before)
        let first = bench.acts[.alertAcknowledged]?.last ?? ""
        for _ in 0..<Alert.mostUndoables {
            bench.fold(.alertTaken, by: "op3")
            bench.fold(.alertAssigned(AlertAssigned(to: nil)), by: "sup1")
        }
        let late = ActUndone(act: first, type: .alertAcknowledged, seen: bench.seen)
        #expect(bench.fold(.actUndone(late)) == .refused(.nothingToUndo) && bench.letters == "A")
    }

    @Test("the undo of a close remembers that its source cleared meanwhile", arguments: [false, true])
    func clearedMeanwhile(isLatching: Bool) {
        var bench = AlarmBench(state: isLatching ? "AL" : "A")
        bench.close()
        bench.now = bench.now.adding(seconds: 60)
        bench.clear()
        #expect(bench.undo(.alertClosed) == .applied)
        #expect(!bench.alert.active && bench.letters == (isLatching ? "LA" : "N"))
    }

    @Test("the undo of a close after which the alarm came anew asks for what its author saw")
    func closeCameAnew() {
        var bench = AlarmBench(state: "A")
        bench.alert.stale = nil
        bench.close()
        bench.now = bench.now.adding(seconds: 60)
        bench.raise(bench.alert.currentSeverity)
        #expect(bench.letters == "U")
        #expect(bench.undo(.alertClosed, isSeen: false) == .refused(.namesNothing) && bench.letters == "U")
        #expect(bench.undo(.alertClosed) == .applied && bench.letters == "A")
    }

    @Test("two verdicts stand beside each other; one's own is replaced, and an undo leaves the other's")
    func verdicts() {
        var bench = AlarmBench(state: "U")
        func judge(_ verdict: Verdict, _ person: String) -> Outcome {
            let judged = AlertAssessed(
                occurrence: bench.alert.occurrence, verdict: verdict, disposition: .none, note: nil)
            return bench.fold(.alertAssessed(judged), by: person)
        }
        #expect(judge(.confirmed, "op1") == .applied && judge(.rejected, "op2") == .applied)
        #expect(bench.alert.assessment?.act.by == "op1" && bench.alert.assessment?.verdict == .confirmed)
        #expect(bench.alert.dissents.map(\.act.by) == ["op2"] && bench.alert.dissents.map(\.verdict) == [.rejected])
        #expect(judge(.confirmed, "op2") == .applied && bench.alert.dissents.map(\.verdict) == [.confirmed])
        #expect(bench.undo(.alertAssessed, by: "op2") == .applied)
        #expect(bench.alert.dissents.map(\.verdict) == [.rejected] && bench.alert.assessment?.act.by == "op1")
        // Only the last of the acts of a type is named by the bench: the first of op2 is next, then that of op1.
        #expect(bench.undo(.alertAssessed, by: "op1") == .refused(.notYours(by: "op2")))
        #expect(bench.undo(.alertAssessed, by: "op2") == .applied)
        #expect(bench.alert.dissents.isEmpty && bench.alert.assessment?.act.by == "op1")
    }

    @Test("the undo of the first of two verdicts leaves the second as the one that stands")
    func firstVerdict() throws {
        var bench = AlarmBench(state: "U")
        for (person, verdict) in [("op1", Verdict.confirmed), ("op2", .rejected)] {
            let judged = AlertAssessed(
                occurrence: bench.alert.occurrence, verdict: verdict, disposition: .none, note: nil)
            bench.fold(.alertAssessed(judged), by: person)
        }
        let first = try #require(bench.acts[.alertAssessed]?.first)
        let undo = ActUndone(act: first, type: .alertAssessed, seen: bench.seen)
        #expect(bench.fold(.actUndone(undo), by: "op1") == .applied)
        #expect(bench.alert.assessment?.act.by == "op2" && bench.alert.dissents.isEmpty)
    }
}
