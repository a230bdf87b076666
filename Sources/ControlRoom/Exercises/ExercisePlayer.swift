/// Plays an exercise against a clock that can be paused and hastened. It only says which events are due; whoever holds
/// it hands them to the feed as if they had come from outside.
public struct ExercisePlayer: Equatable, Sendable {
    public let script: ExerciseScript
    /// Names this run; the exercise attribute of all its events.
    public let run: String
    /// Seconds of the exercise in a second of the clock, from 0.5 to 60.
    public private(set) var speed: Double
    public private(set) var isPaused = false
    /// Seconds of the exercise that have been played.
    public private(set) var elapsed: Double
    /// All of its time has been played.
    public private(set) var isFinished = false
    private let plan: [ExerciseScript.Inject]
    private var next = 0
    private var last: Timestamp?

    /// What the keys go through, rising.
    public static let speeds: [Double] = [0.5, 1, 2, 5, 10, 30, 60]

    /// - Parameter elapsed: where to go on, when another process played it until it died.
    public init(script: ExerciseScript, run: String, speed: Double = 1, elapsed: Double = 0) {
        self.script = script
        self.run = run
        self.speed = speed
        self.elapsed = elapsed
        plan = script.plan(seed: script.seed)
        // What was due up to there may be sent again: its ids are the same, so the log keeps it once.
        next = plan.firstIndex { $0.atSeconds > elapsed - 5 } ?? plan.count
    }

    public mutating func pause() { isPaused = true }

    public mutating func resume() { isPaused = false }

    /// Lets time pass without playing: what was due could not be kept, and comes again.
    public mutating func hold(at now: Timestamp) { last = now }

    /// What lies beyond 0.5 to 60 is cut to it.
    public mutating func setSpeed(_ value: Double) { speed = min(60, max(0.5, value)) }

    /// Moves the clock on and returns what has become due, in order.
    public mutating func advance(to now: Timestamp) -> [Event] {
        let passed = last.map { max(0, now.seconds(since: $0)) } ?? 0
        last = now
        guard !isPaused, !isFinished else { return [] }
        elapsed = min(script.durationSeconds, elapsed + passed * speed)
        var due: [Event] = []
        while next < plan.count, plan[next].atSeconds <= elapsed {
            due.append(event(plan[next], number: next, now: now))
            next += 1
        }
        if elapsed >= script.durationSeconds { isFinished = true }
        return due
    }

    /// Seconds of real time until the next inject is due; nil when nothing more will come by itself.
    public var secondsToNext: Double? {
        guard !isPaused, !isFinished else { return nil }
        let at = next < plan.count ? plan[next].atSeconds : script.durationSeconds
        return max(0, (at - elapsed) / speed)
    }

    /// Its id follows from the run: said twice, it stands in the log once.
    public func started(at now: Timestamp) -> Event {
        var writer = JSONWriter()
        ExerciseStarted(
            exercise: run, title: script.title, seed: script.seed, durationSeconds: script.durationSeconds
        ).write(to: &writer)
        return event(.exerciseStarted, id: run + "/started", subject: "exercise/" + run, writer.bytes, now)
    }

    /// Its id follows from the run: said twice, it stands in the log once.
    public func ended(at now: Timestamp) -> Event {
        event(.exerciseEnded, id: run + "/ended", subject: "exercise/" + run, Array("{}".utf8), now)
    }

    private func event(_ inject: ExerciseScript.Inject, number: Int, now: Timestamp) -> Event {
        var data = inject.data
        if let seconds = inject.staleSeconds, data.last == UInt8(ascii: "}") {
            data.removeLast()
            let comma = data.count > 1 ? "," : ""
            data += Array("\(comma)\"stale\":\"\(now.adding(seconds: seconds / speed).rfc3339)\"}".utf8)
        }
        return event(inject.type, id: "\(run)/\(number)", subject: inject.subject, data, now)
    }

    private func event(_ type: EventType, id: String, subject: String, _ data: [UInt8], _ now: Timestamp) -> Event {
        var event = Event(
            id: id, source: "urn:impetus:exercise:" + script.id, type: type, subject: subject, time: now,
            data: .json(data))
        event.exercise = run
        return event
    }
}
