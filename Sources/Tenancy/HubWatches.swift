public import ControlRoom

/// What hubs have said of consoles, as far as it may still hold: a part of the fold of the system log, the same on every hub.
///
/// Bounded: expired words are removed with the next word about that tenant.
public struct HubWatches: Equatable, Sendable {
    /// What a hub said last, and when.
    public struct Word: Equatable, Sendable {
        public var state: HubWatch.State
        public var said: Timestamp

        public init(state: HubWatch.State, said: Timestamp) {
            self.state = state
            self.said = said
        }

        func holds(at now: Timestamp) -> Bool { abs(now.seconds(since: said)) < HubWatch.validSeconds }
    }

    /// By tenant and where the hub runs.
    private var words: [String: [String: Word]] = [:]

    public init() {}

    /// Of two hubs that want to run the command for a tenant, the first in the log's order does.
    mutating func note(_ fact: HubFollowed, at time: Timestamp) {
        guard fact.serves else {
            for tenant in words.keys { words[tenant]?[fact.place] = nil }
            return
        }
        guard let watch = fact.watch else { return }
        var known = (words[watch.tenant] ?? [:]).filter { $0.value.holds(at: time) }
        let isTaken = known.contains { $0.key != fact.place && $0.value.state == .escalating }
        if watch.state != .escalating || !isTaken {
            known[fact.place] = Word(state: watch.state, said: time)
        }
        words[watch.tenant] = known
    }

    /// What the hub at a place says of a tenant; nil where nothing holds.
    public func word(of place: String, on tenant: String, at now: Timestamp) -> Word? {
        words[tenant]?[place].flatMap { $0.holds(at: now) ? $0 : nil }
    }

    /// Whether a console of a tenant is open at another hub than the one at a place.
    public func isWatched(_ tenant: String, but place: String, at now: Timestamp) -> Bool {
        (words[tenant] ?? [:]).contains { $0.key != place && $0.value.state == .watched && $0.value.holds(at: now) }
    }

    /// Where the hub runs that runs the command for a tenant; nil where none does.
    public func escalator(of tenant: String, at now: Timestamp) -> String? {
        (words[tenant] ?? [:]).first { $0.value.state == .escalating && $0.value.holds(at: now) }?.key
    }
}
