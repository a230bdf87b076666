/// How alarms are handled in a realm: what waits for a second person, what went to somebody else, and by which policy.
public struct Handling: Equatable, Sendable {
    /// How many wait for a second person.
    public var requests: Int
    /// How many nobody has answered, by the role or person they went to.
    public var escalated: [String: Int]
    public var policy: AlarmPolicy
    /// Everybody who can be given an alarm, by pseudonym.
    public var people: [String]
    /// Rules that suppress by design.
    public var suppressions: [Suppression]

    public init(
        requests: Int = 0, escalated: [String: Int] = [:], policy: AlarmPolicy = .standard, people: [String] = [],
        suppressions: [Suppression] = []
    ) {
        self.requests = requests
        self.escalated = escalated
        self.policy = policy
        self.people = people
        self.suppressions = suppressions
    }

    /// What went to somebody, or to everybody in their role.
    public func escalatedTo(_ identity: Identity) -> Int {
        (escalated[identity.actor] ?? 0) + (escalated[identity.role.rawValue] ?? 0)
    }
}

/// What one person has in hand. It is for the supervisor's eyes and their own.
public struct TeamLoad: Equatable, Sendable {
    public var person: String
    /// Open alarms that are theirs.
    public var open: Int
    /// Those of them that wait for an acknowledgement.
    public var waiting: Int
    /// Since when the oldest of those waits.
    public var oldestWaiting: Timestamp?
    /// How much they did in the last hour.
    public var acts: Int

    public init(person: String, open: Int, waiting: Int, oldestWaiting: Timestamp?, acts: Int) {
        self.person = person
        self.open = open
        self.waiting = waiting
        self.oldestWaiting = oldestWaiting
        self.acts = acts
    }
}
