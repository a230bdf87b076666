import ControlRoom

/// Sound and notices.
extension State {
    /// Rings while something that has a sound waits for an acknowledgement, as often as the worst of it asks for.
    mutating func ring() -> [Effect] {
        guard bell.isOn, let every = secondsBetweenRings else {
            bell.lastRang = nil
            return []
        }
        if let until = bell.silencedUntil, now < until { return [] }
        if let last = bell.lastRang, now.seconds(since: last) < Double(every) { return [] }
        bell.lastRang = now
        return [.bell]
    }

    /// Nil where nothing that sounds waits.
    private var secondsBetweenRings: Int? {
        let waiting = bell.plan.everySeconds.filter {
            totals.unacknowledged(of: $0.key) > 0 || $0.key == worstElsewhere
        }
        return waiting.values.min()
    }

    /// The worst Actual alert while an exercise is on the screen.
    private var worstElsewhere: Severity? {
        guard realm != .actual, let situation, situation.actualUnacknowledged > 0 else { return nil }
        return situation.actualWorst
    }

    var waitingForBell: Int {
        let here = bell.plan.everySeconds.keys.reduce(0) { $0 + totals.unacknowledged(of: $1) }
        guard let worst = worstElsewhere, bell.plan.everySeconds[worst] != nil, let situation else { return here }
        return here + situation.actualUnacknowledged
    }

    /// Counts what is new since the last look.
    mutating func noteFresh(since before: AlertTotals) {
        for severity in Severity.allCases where severity >= bell.plan.noticeFrom {
            let more = totals.unacknowledged(of: severity) - before.unacknowledged(of: severity)
            if more > 0 { bell.fresh[severity, default: 0] += more }
        }
    }

    /// Tells of what is new: the first at once, and what follows in one word with the rest of its burst.
    mutating func tellFresh() -> [Effect] {
        guard bell.isOn, totals.unacknowledged(from: bell.plan.noticeFrom) > 0 else {
            bell.fresh = [:]
            return []
        }
        let passed = bell.lastNotice.map { now.seconds(since: $0) } ?? .infinity
        guard !bell.fresh.isEmpty, passed < 0 || passed >= Double(bell.plan.burstSeconds) else { return [] }
        let counts = bell.fresh
        bell.fresh = [:]
        bell.lastNotice = now
        let parts = Severity.allCases.compactMap { severity in
            counts[severity].map { texts.number($0) + " " + texts.word(for: severity) }
        }
        let waiting = texts(.countUnacknowledged, texts.number(totals.unacknowledged))
        let text = texts(.noticeNew, parts.joined(separator: ", "), waiting, texts.name(of: realm))
        return [.alarm(AlarmNotice(counts: counts, text: text))]
    }
}
