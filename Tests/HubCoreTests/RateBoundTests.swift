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
        #expect([1, 100, 101, 1_000_000].map(limits.wait) == [1, 1, 2, 60])
        #expect(RateLimits.off.wait(for: 5) == 1)
        #expect(RateLimits(eventsPerSecond: 1, burst: 1).burst == 10_000)
    }
}
