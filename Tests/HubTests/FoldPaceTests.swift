import Testing

@testable import Hub

/// A view that is folded beside a log that grows: pure arithmetic, on a clock of its own.
private struct FoldedLog {
    /// Entries that are folded in a second without rest.
    let speed: Double
    var pace = FoldPace()
    var now = 0.0
    var posted = 0.0
    var folded = 0.0
    /// Entries posted a second, from a time on.
    var rates: [(from: Double, rate: Double)] = [(0, 0)]
    var worstLag = 0.0
    var rested = 0.0

    mutating func post(_ rate: Double) { rates.append((now, rate)) }

    private var rate: Double { rates.last?.rate ?? 0 }

    /// When the oldest entry that is not folded was posted.
    private var lag: Double {
        guard folded < posted else { return 0 }
        var (left, end) = (posted - folded, now)
        for (from, rate) in rates.reversed() {
            let there = (end - from) * rate
            if there >= left { return now - (end - left / max(rate, 1)) }
            left -= there
            end = from
        }
        return now
    }

    private mutating func pass(_ seconds: Double) {
        posted += rate * seconds
        now += seconds
        worstLag = max(worstLag, lag)
    }

    mutating func run(until end: Double) {
        while now < end {
            let batch = min(posted - folded, Double(pace.limit(most: 2_000)))
            guard batch >= 1 else {
                pass(0.02)
                continue
            }
            let (took, before) = (batch / speed, posted)
            pass(took)
            folded += batch
            let stretch = FoldPace.Stretch(
                ended: now, took: took, came: Int(posted - before), total: Int(posted), lagSeconds: lag,
                lagEntries: Int64(posted - folded))
            guard let rest = pace.rest(after: stretch) else { continue }
            rested += rest
            pass(rest)
        }
    }
}

@Suite("The pace of folding")
struct FoldPaceTests {
    @Test("up to the promised rate no view is further behind than promised", arguments: [100.0, 1_000, 3_000, 5_000])
    func promised(rate: Double) {
        var log = FoldedLog(speed: 15_000)
        log.post(rate)
        log.run(until: 120)
        #expect(log.worstLag <= FoldPace.promisedSeconds)
        #expect(log.folded > log.posted - rate * FoldPace.promisedSeconds)
    }

    @Test("while posts are thick it rests, so that they go first")
    func rests() {
        var log = FoldedLog(speed: 15_000)
        log.post(14_000)
        log.run(until: 20)
        #expect(log.rested > 10)
    }

    @Test("beyond the promised rate the view falls behind no more than so far, and catches up after the burst")
    func burst() {
        var log = FoldedLog(speed: 30_000)
        log.post(14_000)
        log.run(until: 90)
        #expect(log.posted - log.folded < 600_000)
        log.post(500)
        log.worstLag = 0
        log.run(until: 150)
        log.worstLag = 0
        log.run(until: 170)
        #expect(log.worstLag <= FoldPace.promisedSeconds)
    }

    @Test("a quiet log is folded without rest, in long stretches")
    func quiet() {
        var pace = FoldPace()
        let stretch = FoldPace.Stretch(
            ended: 1, took: 0.1, came: 3, total: 3, lagSeconds: 0.1, lagEntries: 3)
        #expect(pace.rest(after: stretch) == nil && pace.limit(most: 2_000) == 2_000)
    }

    @Test("a follower hears of a lag beyond what is promised with each heartbeat, and once that it is over")
    func word() {
        var word = LagWord()
        let said = [0, 4.9, 5, 5.5, 12.7, 3, 0].map { word.word(at: $0) }
        #expect(said == [nil, nil, nil, "behind 5", "behind 12", "behind 0", nil])
    }
}
