import ControlRoom
import TestSupport
import Testing

@testable import HubCore

@Suite("The bounds of what is kept to tell who is noisy")
struct RateBoundTests {
    private static let limits = RateLimits(eventsPerSecond: 100, burst: 10_000)
    private static let start = EventMaker.noon

    private func takes(_ count: Int, _ machine: String, _ buckets: inout TokenBuckets, at now: Timestamp) -> Int {
        (0..<count).count { _ in buckets.take(machine, now: now) }
    }

    @Test("A machine has its burst, then its rate, whatever others do; a clock that is set back gives nothing")
    func bucket() {
        var buckets = TokenBuckets(RateBoundTests.limits)
        let start = RateBoundTests.start
        #expect(takes(10_500, "a", &buckets, at: start) == 10_000)
        #expect(takes(500, "b", &buckets, at: start) == 500)
        #expect(takes(500, "a", &buckets, at: start.adding(seconds: 2)) == 200)
        #expect(takes(500, "a", &buckets, at: start.adding(seconds: -60)) == 0)
        #expect(takes(20_000, "a", &buckets, at: start.adding(seconds: 3_600)) == 10_000)
        // Another hub, or this one after a start, knows nothing of it.
        var others = TokenBuckets(RateBoundTests.limits)
        #expect(takes(10_500, "a", &others, at: start.adding(seconds: 3_600)) == 10_000)
    }

    @Test("Of more machines than there are buckets the noisiest keep theirs")
    func machines() {
        var buckets = TokenBuckets(RateBoundTests.limits, most: 40)
        #expect(takes(10_001, "noisy", &buckets, at: RateBoundTests.start) == 10_000)
        for number in 0..<1_000 {
            #expect(takes(1, "quiet \(number)", &buckets, at: RateBoundTests.start) == 1)
            #expect(buckets.count <= 40)
        }
        #expect(takes(1, "noisy", &buckets, at: RateBoundTests.start) == 0)
    }

    @Test("Beyond what a tenant may post whoever exceeds most is refused most, and who asks for a fair share never is")
    func shared() {
        var budget = SharedBudget(eventsPerSecond: 100, burst: 200)
        for second in 0..<20 {
            let now = RateBoundTests.start.adding(seconds: Double(second))
            let letIn = [("noisy", 500), ("busy", 60), ("quiet", 20)].map { machine, asks in
                (0..<asks).count { _ in budget.take(machine, now: now) }
            }
            // The first second is let in whole: nobody knew yet.
            #expect(letIn == (second == 0 ? [500, 60, 20] : [40, 40, 20]))
        }
        // The noise is over; a clock that is set back changes nothing for who is quiet.
        for seconds in [20.0, 21, 5, 6] {
            let now = RateBoundTests.start.adding(seconds: seconds)
            let letIn = (0..<40).count { _ in budget.take("busy", now: now) }
            #expect(letIn == 40)
        }
        #expect(budget.level == nil)
    }

    @Test("The level is that of max-min fairness")
    func level() {
        #expect(SharedBudget.level(of: [10, 20, 30, 100], sharing: 100) == 40)
        #expect(SharedBudget.level(of: [50, 50, 50], sharing: 60) == 20)
        #expect(
            SharedBudget.level(of: [10, 20, 30], sharing: 60) == nil && SharedBudget.level(of: [], sharing: 1) == nil)
    }

    @Test(
        "Whatever machines ask for, no more is let in than fits, and nobody below the level is refused",
        arguments: 1...20)
    func fairness(seed: UInt64) {
        var chance = SeededChance(seed: seed)
        let (rate, machines) = (200, 12)
        var budget = SharedBudget(eventsPerSecond: rate, burst: 0, most: machines)
        let asks = (0..<machines).map { _ in Int(chance.next() % 80) }
        let level = SharedBudget.level(of: asks.map { Double($0) }, sharing: Double(rate))
        for second in 0..<10 {
            let now = RateBoundTests.start.adding(seconds: Double(second))
            let letIn = asks.enumerated().map { machine, asked in
                (0..<asked).count { _ in budget.take("\(machine)", now: now) }
            }
            #expect(budget.count <= machines)
            guard second > 0 else { continue }
            #expect(budget.level == level && letIn.reduce(0, +) <= rate)
            for (asked, got) in zip(asks, letIn) where Double(asked) <= level ?? .infinity { #expect(got == asked) }
        }
    }

    @Test("More machines than are counted are let in, and none of them is kept")
    func uncounted() {
        var budget = SharedBudget(eventsPerSecond: 10, burst: 0, most: 5)
        let letIn = (0..<100).count { budget.take("\($0)", now: RateBoundTests.start) }
        #expect(letIn == 100 && budget.count == 5)
    }

    @Test("Of more alarms than are kept those that were heard of last are known")
    func alarms() {
        func name(_ number: Int) -> RecentAlarms.Name {
            RecentAlarms.Name(tenant: "t", realm: "actual", source: "s", subject: "\(number)")
        }
        var alarms = RecentAlarms(most: 100)
        for number in 0..<1_000 {
            alarms.note(.raised(.high, stale: nil), of: name(number))
            #expect(alarms.count <= 100)
        }
        #expect((951..<1_000).allSatisfy { alarms.word(name($0)) == .raised(.high, stale: nil) })
        #expect(alarms.word(name(0)) == nil)
    }

    @Test("What is sent back may come again when the rate has room for it, within a minute")
    func waits() {
        let limits = RateBoundTests.limits
        #expect([1, 100, 101, 1_000_000].map { limits.wait(for: $0) } == [1, 1, 2, 60])
        #expect(limits.wait(for: 100, share: 10) == 10 && limits.wait(for: 100, share: 1_000) == 1)
        #expect(RateLimits.off.wait(for: 5) == 1)
        #expect(RateLimits(eventsPerSecond: 1, burst: 1).burst == 10_000)
    }
}
