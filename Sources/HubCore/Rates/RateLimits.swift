/// How many events a machine may post, and all machines of a tenant together. Beyond it only what adds nothing urgent is sent back for
/// later: observations, repeats (what a source says again of an alarm that goes on no worse), and what would be rejected anyway. See
/// `RateKeeper`.
public struct RateLimits: Equatable, Sendable {
    /// Events a second that a machine may post for as long as it likes; 0 for any number.
    public var eventsPerSecond: Int
    /// Events at once, after a time in which it was quiet.
    public var burst: Int
    /// Events a second that all machines of a tenant may post together, the noisiest of which are sent back first (`SharedBudget`);
    /// 0 for any number.
    public var tenantEventsPerSecond: Int
    /// Events of all machines of a tenant at once, after a time in which less came.
    public var tenantBurst: Int

    /// A console takes 1,000 events a second from the whole of a city: twice that from one machine is no sensor at work.
    public static let usualRate = 2_000
    /// A hub that was away for minutes gets what was kept meanwhile.
    public static let usualBurst = 20_000
    /// A smaller burst would send back what a sensor has kept during a short fault of its line.
    public static let leastBurst = 10_000
    /// Four times the rate up to which a view is promised to keep up: what a log takes without trouble.
    public static let usualTenantRate = 20_000
    /// Ten machines that were cut off together, with what each has kept.
    public static let usualTenantBurst = 200_000

    public init(
        eventsPerSecond: Int = usualRate, burst: Int = usualBurst, tenantEventsPerSecond: Int = usualTenantRate,
        tenantBurst: Int = usualTenantBurst
    ) {
        self.eventsPerSecond = max(0, eventsPerSecond)
        self.burst = max(RateLimits.leastBurst, burst)
        self.tenantEventsPerSecond = max(0, tenantEventsPerSecond)
        self.tenantBurst = max(RateLimits.leastBurst, tenantBurst)
    }

    /// No limit: for trials on a loopback address.
    public static let off = RateLimits(eventsPerSecond: 0, tenantEventsPerSecond: 0)

    /// Whether anything is limited.
    public var isOn: Bool { eventsPerSecond > 0 || tenantEventsPerSecond > 0 }

    /// So long, in seconds, until a machine may send so many events again that were sent back: 1 to 60.
    ///
    /// - Parameter share: events a second that the machine may post of what its tenant's may; nil where that is no matter.
    public func wait(for events: Int, share: Double? = nil) -> Int {
        let own = eventsPerSecond > 0 ? Double(eventsPerSecond) : .infinity
        let rate = max(min(own, share ?? .infinity), 1e-3)
        return Int(min(60, max(1, (Double(events) / rate).rounded(.up))))
    }
}
