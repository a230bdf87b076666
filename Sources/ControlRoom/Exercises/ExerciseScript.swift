/// An exercise as it is written in a city pack: what comes when.
public struct ExerciseScript: Equatable, Sendable {
    /// What comes at one time of an exercise, as seconds from its beginning.
    public struct Inject: Equatable, Sendable {
        public var atSeconds: Double
        public var type: EventType
        public var subject: String
        /// A JSON object; `stale` is added where `staleSeconds` is given.
        public var data: [UInt8]
        public var staleSeconds: Double?
        public var repeats: Repeats?

        public init(
            atSeconds: Double, type: EventType, subject: String, data: [UInt8], staleSeconds: Double?, repeats: Repeats?
        ) {
            self.atSeconds = atSeconds
            self.type = type
            self.subject = subject
            self.data = data
            self.staleSeconds = staleSeconds
            self.repeats = repeats
        }
    }

    /// Further sends after the first one, each up to `jitterSeconds` early or late.
    public struct Repeats: Equatable, Sendable {
        public var everySeconds: Double
        public var times: Int
        public var jitterSeconds: Double

        public init(everySeconds: Double, times: Int, jitterSeconds: Double) {
            self.everySeconds = everySeconds
            self.times = times
            self.jitterSeconds = jitterSeconds
        }
    }

    public var id: String
    public var title: String
    public var durationSeconds: Double
    public var seed: UInt64
    public var injects: [Inject]

    public init(id: String, title: String, durationSeconds: Double, seed: UInt64, injects: [Inject]) {
        self.id = id
        self.title = title
        self.durationSeconds = durationSeconds
        self.seed = seed
        self.injects = injects
    }

    /// The injects with their repeats, in the order of time. The same seed gives the same plan.
    public func plan(seed: UInt64) -> [Inject] {
        var chance = SeededChance(seed: seed)
        var plan: [Inject] = []
        for inject in injects {
            plan.append(inject)
            guard let repeats = inject.repeats else { continue }
            for number in 1...max(1, repeats.times) where number <= repeats.times {
                var copy = inject
                let jitter = (chance.unit() * 2 - 1) * repeats.jitterSeconds
                copy.atSeconds += Double(number) * repeats.everySeconds + jitter
                if copy.atSeconds < durationSeconds { plan.append(copy) }
            }
        }
        return plan.enumerated().sorted { ($0.element.atSeconds, $0.offset) < ($1.element.atSeconds, $1.offset) }
            .map(\.element)
    }
}
