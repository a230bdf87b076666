/// How many events a machine may post. Beyond it only what adds nothing urgent is sent back for later: observations, and what a
/// source says again of an alarm that goes on no worse. See `RateKeeper`.
public struct RateLimits: Equatable, Sendable {
    /// Events a second that a machine may post for as long as it likes; 0 for any number.
    public var eventsPerSecond: Int
    /// Events at once, after a time in which it was quiet.
    public var burst: Int

    /// A console takes 1,000 events a second from the whole of a city: twice that from one machine is no sensor at work.
    public static let usualRate = 2_000
    /// A hub that was away for minutes gets what was kept meanwhile.
    public static let usualBurst = 20_000
    /// A smaller burst would send back what a sensor has kept during a short fault of its line.
    public static let leastBurst = 10_000

    public init(eventsPerSecond: Int = usualRate, burst: Int = usualBurst) {
        self.eventsPerSecond = max(0, eventsPerSecond)
        self.burst = max(RateLimits.leastBurst, burst)
    }

    /// No limit: for trials on a loopback address.
    public static let off = RateLimits(eventsPerSecond: 0)

    /// So long, in seconds, until a machine may send so many events again that were sent back: 1 to 60.
    public func wait(for events: Int) -> Int {
        guard eventsPerSecond > 0 else { return 1 }
        return min(60, max(1, (events + eventsPerSecond - 1) / eventsPerSecond))
    }
}
