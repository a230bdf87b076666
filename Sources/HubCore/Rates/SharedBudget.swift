import ControlRoom

/// What all machines of a tenant may post together, shared by max-min fairness (Bertsekas and Gallager, *Data Networks*, 6.5.2): while they
/// post more, each is let in up to one level, at which what they asked for in the second before would have fit. Who asks for less
/// than the level is never refused for the noise of others; who exceeds it most is refused most.
///
/// An event costs a look-up; once a second the level is worked out anew, which takes n log n steps for n machines. Beyond `most`
/// machines in one second the others are let in uncounted: each has a bucket of its own (`TokenBuckets`). A second in which more comes
/// than ever before is let in whole; what is urgent goes in beyond all of this (`RateKeeper`).
struct SharedBudget {
    private let eventsPerSecond: Double
    private let burst: Double
    private let most: Int
    /// What was saved while less came.
    private var saved: Double
    /// When the present second began; nil before the first event.
    private var began: Timestamp?
    /// Events in the present second: what each machine asked for, and what all were let in.
    private var asked: [String: Int] = [:]
    private var letIn = 0
    /// Events a second that a machine may post now; nil while there is room for all.
    private(set) var level: Double?

    /// - Parameters:
    ///   - eventsPerSecond: of all machines together; 0 for any number.
    ///   - burst: events at once, after a time in which less came.
    ///   - most: machines that are counted.
    init(eventsPerSecond: Int, burst: Int, most: Int = TokenBuckets.most) {
        self.eventsPerSecond = Double(eventsPerSecond)
        self.burst = Double(burst)
        self.most = most
        saved = Double(burst)
    }

    /// Machines that were counted in the present second.
    var count: Int { asked.count }

    /// Counts an event; false where its machine is beyond its share.
    mutating func take(_ machine: String, now: Timestamp) -> Bool {
        guard eventsPerSecond > 0 else { return true }
        turn(at: now)
        guard let before = asked[machine] ?? (asked.count < most ? 0 : nil) else { return true }
        asked[machine] = before + 1
        guard Double(before + 1) <= level ?? .infinity else { return false }
        letIn += 1
        return true
    }

    /// Begins the next second where it is time to. A clock that was set back saves nothing.
    private mutating func turn(at now: Timestamp) {
        guard let began else { return begin(at: now) }
        let seconds = now.seconds(since: began)
        guard seconds >= 1 || seconds < 0 else { return }
        let passed = max(1, seconds)
        if seconds > 0 { saved = min(burst, saved + passed * eventsPerSecond) }
        saved = max(0, saved - Double(letIn))
        let demand = asked.values.map { Double($0) / passed }
        let excess = demand.reduce(0, +) - eventsPerSecond
        level = saved >= excess ? nil : SharedBudget.level(of: demand, sharing: eventsPerSecond)
        begin(at: now)
    }

    private mutating func begin(at now: Timestamp) {
        (began, letIn) = (now, 0)
        asked.removeAll(keepingCapacity: true)
    }

    /// The largest level up to which all of the demand fits into a rate; nil where all of it fits.
    static func level(of demand: [Double], sharing rate: Double) -> Double? {
        guard demand.reduce(0, +) > rate else { return nil }
        var left = rate
        let rising = demand.sorted()
        for (index, one) in rising.enumerated() {
            let share = left / Double(rising.count - index)
            if one > share { return share }
            left -= one
        }
        return nil
    }
}
