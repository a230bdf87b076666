import ControlRoom
import TestSupport
import Testing

@Suite("Random histories of an alarm")
struct RandomHistoryTests {
    /// What must never be forgotten of an alarm, kept apart from the fold.
    private struct Watch {
        /// The occurrence at which it last came to want somebody; nil once that was acknowledged.
        var wantedSince: Int? = 1
        var worst: Severity
    }

    private static let events = [
        "raise same", "raise higher", "raise lower", "clear", "ack current", "ack older", "ack lower", "close", "reset",
        "unshelve", "undo ack",
    ]

    private static let quieting = [
        "suppress", "unsuppress", "remove", "return", "ask", "grant", "take", "escalate", "remind", "link", "unlink",
    ]

    @Test("what rose and nobody acknowledged is never hidden", arguments: 1...300)
    func neverHidden(seed: UInt64) {
        var chance = SeededChance(seed: seed)
        var bench = AlarmBench(latching: seed % 3 == 0, severity: .low)
        var watch = Watch(worst: .low)
        for _ in 0..<60 {
            step(&bench, &watch, &chance)
            let state = bench.alert.state(at: bench.now)
            if watch.wantedSince != nil {
                #expect(state.needsAcknowledgement || [.shelved, .suppressed, .outOfService].contains(state))
                // A rule does not hold against what is worse than what it saw, nor a shelf.
                if state == .suppressed { #expect(bench.alert.suppressors.contains { $0.from >= watch.worst }) }
                if state == .shelved { #expect(bench.alert.shelving.map { $0.from >= watch.worst } ?? false) }
            }
            #expect(bench.alert.severity >= bench.alert.currentSeverity || bench.alert.acknowledged)
            if watch.wantedSince != nil { #expect(bench.alert.severity >= watch.worst) }
        }
    }

    private func step(_ bench: inout AlarmBench, _ watch: inout Watch, _ chance: inout SeededChance) {
        bench.now = bench.now.adding(seconds: chance.unit() * 400)
        switch chance.next() % 4 {
        case 0: raise(Severity.allCases[Int(chance.next() % 5)], &bench, &watch)
        case 1: acknowledge(&bench, &watch, &chance)
        case 2:
            let until = bench.now.adding(seconds: chance.unit() * 600 - 100)
            bench.shelve(until: until)
        default:
            let events = ["clear", "close", "reset", "unshelve"] + RandomHistoryTests.quieting
            bench.tell(events[Int(chance.next() % UInt64(events.count))])
        }
    }

    private func raise(_ severity: Severity, _ bench: inout AlarmBench, _ watch: inout Watch) {
        let wasActive = bench.alert.isActive(at: bench.now)
        let rises = severity > bench.alert.currentSeverity
        bench.raise(severity)
        guard !wasActive || rises else { return }
        watch.worst = watch.wantedSince == nil ? severity : max(watch.worst, severity)
        watch.wantedSince = bench.alert.occurrence
    }

    private func acknowledge(_ bench: inout AlarmBench, _ watch: inout Watch, _ chance: inout SeededChance) {
        let seen = max(1, bench.alert.occurrence - Int(chance.next() % 3))
        let severity = Severity.allCases[Int(chance.next() % 5)]
        let outcome = bench.acknowledge(occurrence: seen, severity)
        guard outcome == .applied, let since = watch.wantedSince else { return }
        #expect(seen >= since && severity >= watch.worst)
        watch.wantedSince = nil
    }

    @Test("the order of attention agrees with the state", arguments: 1...200)
    func needAgrees(seed: UInt64) {
        var chance = SeededChance(seed: seed)
        var bench = AlarmBench(latching: seed % 2 == 0)
        bench.alert.stale = nil
        for _ in 0..<60 {
            let events = RandomHistoryTests.events + RandomHistoryTests.quieting
            bench.tell(events[Int(chance.next() % UInt64(events.count))])
            bench.alert.stale = nil
            let (need, state) = (bench.alert.need(at: bench.now), bench.alert.state(at: bench.now))
            #expect((need < Alert.firstAttendedNeed) == state.needsAcknowledgement)
            #expect((need >= Alert.firstNormalNeed) == (state == .normal))
        }
    }

    @Test("what keeps an alarm quiet, and its end, lose nothing of it", arguments: 1...200)
    func quietLosesNothing(seed: UInt64) {
        var chance = SeededChance(seed: seed)
        var (quiet, plain) = (AlarmBench(latching: seed % 2 == 0), AlarmBench(latching: seed % 2 == 0))
        for _ in 0..<60 {
            quiet.tell(RandomHistoryTests.quieting[Int(chance.next() % UInt64(RandomHistoryTests.quieting.count))])
            let events = RandomHistoryTests.events.dropLast()
            // All but the undo, which takes back only one of the last few acts.
            let event = events[Int(chance.next() % UInt64(events.count))]
            quiet.tell(event)
            plain.tell(event)
        }
        for event in ["unsuppress", "return", "unshelve"] { quiet.tell(event) }
        #expect(quiet.letters == plain.letters)
        for bench in [\AlarmBench.alert.occurrence, \.alert.annunciated] {
            #expect(quiet[keyPath: bench] == plain[keyPath: bench])
        }
        #expect(
            quiet.alert.severity == plain.alert.severity && quiet.alert.currentSeverity == plain.alert.currentSeverity)
        #expect(quiet.alert.acknowledgement == plain.alert.acknowledgement && quiet.alert.ended == plain.alert.ended)
    }

    @Test("the same history folds to the same alarm", arguments: 1...50)
    func deterministic(seed: UInt64) {
        let twice = (0..<2).map { _ in
            var chance = SeededChance(seed: seed)
            var (bench, watch) = (AlarmBench(), Watch(worst: .medium))
            for _ in 0..<80 { step(&bench, &watch, &chance) }
            return bench.alert
        }
        #expect(twice[0] == twice[1])
    }
}
