import ControlRoom
import TestSupport
import Testing

@Suite("News that come in the wrong order, or by a wrong clock")
struct LateNewsTests {
    /// Seconds between two things that a source says.
    private static let step = 60.0

    private func bench(_ state: String) -> AlarmBench {
        var bench = AlarmBench(state: state)
        bench.now = bench.now.adding(seconds: LateNewsTests.step)
        return bench
    }

    private func before(_ bench: AlarmBench, _ seconds: Double = step) -> Timestamp {
        bench.alert.raised.adding(seconds: -seconds)
    }

    @Test(
        "an older raise that asks for no more only adds to the history",
        arguments: ["U", "A", "UL", "AL", "sU", "dA", "oU"],
        [Severity.info, .medium])
    func olderRaise(state: String, severity: Severity) {
        var bench = bench(state)
        let alert = bench.alert
        #expect(bench.raise(severity, at: before(bench), stale: .some(nil)) == .unchanged(.olderNews))
        #expect(bench.alert == alert)
    }

    @Test("an older raise that had gone stale since ends nothing", arguments: ["U", "A", "UL", "AL"])
    func olderStale(state: String) {
        var bench = bench(state)
        let time = before(bench)
        #expect(bench.raise(.medium, at: time, stale: .some(time.adding(seconds: 1))) == .unchanged(.olderNews))
        #expect(bench.letters == state)
    }

    @Test(
        "a late raise that is worse counts, is marked late, and leaves the newest word of the source",
        arguments: ["U", "A", "sU", "sA", "dU", "dA"])
    func worse(state: String) {
        var bench = bench(state)
        let (raised, severity) = (bench.alert.raised, bench.alert.currentSeverity)
        #expect(bench.raise(.critical, at: before(bench)) == .applied)
        #expect(bench.letters == "U" && bench.alert.severity == .critical && bench.alert.clock == .late)
        #expect(bench.alert.raised == raised && bench.alert.currentSeverity == severity)
        // Whoever saw less cannot acknowledge it.
        #expect(bench.acknowledge(occurrence: bench.alert.occurrence, .medium) == .refused(.severityRose(.critical)))
        #expect(bench.acknowledge(occurrence: bench.alert.occurrence - 1, .critical) != .applied)
    }

    @Test("a late raise that is worse wants an acknowledgement also of what is out of service, and stays out of it")
    func worseOutOfService() {
        var bench = bench("oA")
        #expect(bench.raise(.critical, at: before(bench)) == .applied)
        #expect(bench.letters == "oU")
    }

    @Test(
        "a clear from before the raise that stands does not end it",
        arguments: ["U", "A", "UL", "AL", "sU", "dA", "oA"])
    func olderClear(state: String) {
        var bench = bench(state)
        #expect(bench.clear(at: before(bench, 0.001)) == .unchanged(.olderNews))
        #expect(bench.letters == state)
        // One of the same time does.
        #expect(bench.clear(at: bench.alert.raised) == .applied && !bench.alert.active)
    }

    @Test("a stale time from before its raise says nothing")
    func staleBeforeRaise() {
        var bench = bench("U")
        #expect(bench.raise(.medium, stale: .some(bench.now.adding(seconds: -0.001))) == .applied)
        #expect(bench.alert.stale == nil && bench.letters == "U")
        let fresh = AlertRaised(tool: .fd, kind: "k", severity: .high, headline: "h")
        var stale = fresh
        stale.stale = bench.now.adding(seconds: -5)
        let alert = Alert(subject: "b", raised: stale, bench.sourceWord)
        #expect(alert.isActive(at: bench.now) && alert.stale == nil)
    }

    @Test("a late raise of what nobody's source has ended counts and is marked late")
    func lateAnew() {
        var bench = AlarmBench()
        bench.alert.stale = nil
        bench.now = bench.now.adding(seconds: LateNewsTests.step)
        bench.tell("ack current")
        #expect(bench.close() == .applied && bench.letters == "N")
        #expect(bench.raise(.low, at: before(bench)) == .applied)
        #expect(bench.letters == "U" && bench.alert.clock == .late && bench.alert.severity == .low)
        // A raise in time takes the mark away.
        #expect(bench.raise(.low) == .applied && bench.alert.clock == nil)
    }

    @Test(
        "a late raise whose own later clear came within the hour has ended, and waits to be seen",
        arguments: ["N", "R", "LA", "LU"], [0.0, 3_600])
    func clearedSince(state: String, seconds: Double) {
        var bench = AlarmBench(state: state)
        bench.now = bench.now.adding(seconds: seconds)
        let cleared = EventMaker.noon
        #expect(bench.raise(.high, at: cleared.adding(seconds: -1)) == .applied)
        #expect(bench.letters == (state.contains("L") ? "LU" : "R"))
        #expect(bench.alert.clock == .late && bench.alert.severity == .high)
    }

    @Test("a late raise whose clear came more than an hour ago goes on", arguments: ["N", "R"])
    func clearedLongAgo(state: String) {
        var bench = AlarmBench(state: state)
        bench.now = bench.now.adding(seconds: 3_600.001)
        #expect(bench.raise(.high, at: EventMaker.noon.adding(seconds: -1), stale: .some(nil)) == .applied)
        #expect(bench.letters == "U")
    }

    @Test("a raise after the clear goes on, however soon it comes")
    func afterClear() {
        var bench = AlarmBench(state: "R")
        bench.now = bench.now.adding(seconds: 10)
        #expect(bench.raise(.medium) == .applied && bench.letters == "U" && bench.alert.clock == nil)
    }

    @Test("a time more than ten minutes ahead counts by arrival and is marked; up to there it counts as it is")
    func ahead() {
        var bench = bench("R")
        let limit = bench.now.adding(seconds: 600)
        #expect(bench.raise(.medium, at: limit, stale: .some(nil)) == .applied)
        #expect(bench.alert.raised == limit && bench.alert.clock == nil)
        var wrong = self.bench("R")
        #expect(wrong.raise(.medium, at: limit.adding(seconds: 0.001), stale: .some(nil)) == .applied)
        #expect(wrong.alert.raised == wrong.now && wrong.alert.clock == .ahead && wrong.letters == "U")
        // A clock that was put right is not late.
        wrong.now = wrong.now.adding(seconds: 1)
        #expect(wrong.clear() == .applied && wrong.letters == "R")
    }

    @Test("what a clock that is ahead says of the end counts by arrival too")
    func clearAhead() {
        var bench = bench("U")
        #expect(bench.clear(at: LateNewsTests.year2099) == .applied && bench.alert.sourceEnd?.time == bench.now)
        bench.now = bench.now.adding(seconds: 1)
        #expect(bench.raise(.medium) == .applied && bench.letters == "U")
    }

    private static let year1970 = Timestamp(milliseconds: 60_000)
    private static let year2099 = EventMaker.noon.adding(seconds: 73 * 365.25 * 86_400)

    @Test(
        "a camera that was rebooted into 1970 or 2099 is neither mute nor on top", arguments: [year1970, year2099])
    func rebooted(_ clock: Timestamp) {
        var camera = AlarmBench(state: "N")
        camera.now = camera.now.adding(seconds: 7_200)
        #expect(camera.raise(.medium, at: clock, stale: .some(nil)) == .applied)
        #expect(camera.letters == "U" && camera.alert.clock != nil)
        var other = AlarmBench(state: "N")
        other.now = camera.now.adding(seconds: 1)
        other.raise(.medium)
        let now = other.now
        #expect(other.alert.need(at: now) < camera.alert.need(at: now))
        #expect(camera.alert.need(at: now) < Alert.firstEndedNeed)
        // What goes on by the same clock is heard, and so is its end.
        camera.now = now.adding(seconds: 60)
        #expect(camera.raise(.critical, at: clock.adding(seconds: 61)) == .applied)
        #expect(camera.letters == "U" && camera.alert.severity == .critical)
        #expect(camera.clear(at: clock.adding(seconds: 70)) == .applied && camera.letters == "R")
    }

    @Test("what was over before it came ended when the log had it", arguments: [false, true])
    func endedAtOnce(isReplaced: Bool) {
        var bench = AlarmBench()
        bench.now = bench.now.adding(seconds: 60)
        let end = Alert.SourceEnd(time: EventMaker.noon.adding(seconds: 30), recorded: bench.now)
        let word = bench.sourceWord
        let outcome =
            isReplaced
            ? bench.alert.endBefore(by: "b", at: end, carried: nil, word) : bench.alert.clearBefore(at: end, word)
        #expect(outcome == .applied && bench.letters == "R" && bench.alert.ended == bench.now)
    }

    @Test("the first word of a camera that lives in 1970 or 2099 is heard", arguments: [year1970, year2099])
    func first(_ clock: Timestamp) {
        let fact = AlertRaised(tool: .fd, kind: "k", severity: .high, headline: "h")
        let word = Alert.Word(id: "1", source: AlarmBench.source, time: clock, now: EventMaker.noon)
        let alert = Alert(subject: "a", raised: fact, word)
        #expect(alert.state(at: EventMaker.noon) == .unacknowledged)
        // Since when it waits is told by the clock of the log.
        #expect(alert.wanted == EventMaker.noon && alert.raised <= EventMaker.noon)
    }

    @Test("whatever comes late, an alarm that nobody acknowledged never becomes quieter by it", arguments: 1...300)
    func neverQuieter(seed: UInt64) {
        var chance = SeededChance(seed: seed)
        var bench = AlarmBench(latching: seed % 3 == 0)
        for _ in 0..<20 {
            if chance.next() % 2 == 0 { AlarmNews.next(bench, &chance).tell(&bench) }
            if chance.next() % 3 == 0 { AlarmActs.tell(.alertAcknowledged, &bench, by: "op1") }
            let (state, severity) = (bench.alert.state(at: bench.now), bench.alert.severity)
            let isActive = bench.alert.isActive(at: bench.now)
            let time = before(bench, 1 + chance.unit() * 1_000)
            if chance.next() % 3 == 0 {
                bench.clear(at: time)
            } else {
                bench.raise(
                    Severity.allCases[Int(chance.next() % 5)], at: time,
                    stale: .some(time.adding(seconds: chance.unit() * 500)))
            }
            let after = bench.alert.state(at: bench.now)
            #expect(!isActive || bench.alert.isActive(at: bench.now))
            #expect(!state.needsAcknowledgement || after.needsAcknowledgement && bench.alert.severity >= severity)
            let quiet: Set<AlertState> = [.shelved, .suppressed, .outOfService]
            // What was over is annunciated anew, or held by a rule that holds for its severity.
            #expect(quiet.contains(state) || !quiet.contains(after) || !state.needsAcknowledgement && !isActive)
        }
    }
}
