extension Alert {
    /// What is known of an event besides what it says.
    public struct Word: Sendable {
        /// The event's id, by which an undo names it.
        public var id: String
        public var source: String
        /// The person who acts; nil for a source, a hub, and the rules of a feed.
        public var actor: String?
        /// When it happened, by its author's clock.
        public var time: Timestamp
        /// When the log had it.
        public var now: Timestamp
        /// The site's, as the log had it then.
        public var policy: AlarmPolicy
        /// Whether an act that silences must name what its author saw (`acts.bound.v1`).
        public var isStrict: Bool
        /// What an act that is done again answered when it was done.
        var answer: Answer?
        /// An act that stands and is done again without another: what it may is not asked anew.
        var stands = false

        public init(
            id: String, source: String, actor: String? = nil, time: Timestamp, now: Timestamp,
            policy: AlarmPolicy = .standard, isStrict: Bool = true
        ) {
            self.id = id
            self.source = source
            self.actor = actor
            self.time = time
            self.now = now
            self.policy = policy
            self.isStrict = isStrict
        }

        /// Times further ahead of the log's clock than this, in seconds, are a clock that is wrong.
        public static let aheadSeconds = 600.0

        var by: String { actor ?? source }
        var isAhead: Bool { time.seconds(since: now) > Word.aheadSeconds }
        /// The time by which it is put in order: a clock that is ahead is not believed.
        public var counted: Timestamp { isAhead ? now : time }
        /// Said by the rules of a feed, embedded or a hub's.
        public var isFeeds: Bool { actor == nil && source == Event.feedSource }
    }
}
