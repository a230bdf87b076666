public import ControlRoom
public import Store

/// The core of a feed, without threads and without a network: whoever holds the lease calls `step` again and again.
///
/// All rules run here and nowhere else, and append their outcomes as events with ids that do not depend on who ran
/// them: after a take-over the same outcome is the same event.
public final class FeedCore {
    private let store: Store
    private let admitter: Admitter
    private let decode: @Sendable ([UInt8]) throws -> Event
    /// The exercise that runs; nil where none does.
    public private(set) var player: ExercisePlayer?
    private let rules = Rules()
    private var pruned: Timestamp?
    private let refold: RefoldWork

    /// At most this many waiting acts are taken in one step, so that no step is long.
    static let batch = 2_000

    /// - Parameter decode: reads an event from the bytes it was put into the outbox as.
    public init(
        store: Store, admitter: Admitter, decode: @escaping @Sendable ([UInt8]) throws -> Event
    ) {
        self.store = store
        self.admitter = admitter
        self.decode = decode
        refold = RefoldWork(store, authority: nil)
    }

    /// One round: waiting acts, the exercise, what ends by time, and then the work that may lag behind.
    ///
    /// - Returns: true when there is more to do at once.
    /// - Throws: `StoreError`. What was settled before stays; the exercise waits, and the next round goes on from
    ///   there.
    public func step(now: Timestamp) throws -> Bool {
        do {
            let settled = try drainOutbox(now: now)
            try playExercise(now: now)
            let hasRuled = try rule(now: now)
            try prune(now: now)
            if settled == FeedCore.batch || hasRuled { return true }
        } catch {
            // While nothing can be kept, the exercise waits as well.
            player?.hold(at: now)
            throw error
        }
        return try store.backgroundStep() || refold.step(now: now)
    }

    // MARK: - Acts

    private func drainOutbox(now: Timestamp) throws -> Int {
        let waiting = try store.waiting(limit: FeedCore.batch)
        guard !waiting.isEmpty else { return 0 }
        let acts = waiting.map { act in
            (
                position: act.position,
                event: Result { try decode(act.event) }
                    .mapError { Store.Rejected(reason: "\($0)") }
                    .flatMap { admitter.admit($0, now: now) }
            )
        }
        _ = try store.settle(acts, now: now)
        return waiting.count
    }

    /// What became of acts is of no use after a day.
    private func prune(now: Timestamp) throws {
        if let pruned, now.seconds(since: pruned) < 3_600 { return }
        pruned = now
        try store.pruneOutbox(before: now.adding(seconds: -86_400))
    }

    // MARK: - The exercise

    /// Begins an exercise, after ending one that still runs: says so in the log, and plays what is due at once.
    ///
    /// - Parameters:
    ///   - run: names the realm; one run of a script has a name that no other has.
    ///   - speed: seconds of the exercise in a second of the clock.
    /// - Throws: `StoreError`; where that it began could not be kept, none runs.
    public func start(_ script: ExerciseScript, run: String, speed: Double, now: Timestamp) throws {
        try endExercise(now: now)
        let player = ExercisePlayer(script: script, run: run, speed: speed)
        try append([player.started(at: now)], now: now)
        self.player = player
        try playExercise(now: now)
    }

    /// Goes on with a run that another process played.
    public func resume(_ script: ExerciseScript, run: String, elapsed: Double, speed: Double) {
        player = ExercisePlayer(script: script, run: run, speed: speed, elapsed: elapsed)
    }

    /// Says in the log that the exercise ended; without one, does nothing.
    ///
    /// - Throws: `StoreError`; the exercise then runs on.
    public func endExercise(now: Timestamp) throws {
        guard let player else { return }
        try append([player.ended(at: now)], now: now)
        self.player = nil
    }

    /// Ends a run that nobody plays any more.
    ///
    /// The event has an id that anybody would give it, so that several consoles may say it.
    ///
    /// - Throws: `StoreError`.
    public func endAbandoned(_ run: ExerciseRun, now: Timestamp) throws {
        var event = Event(
            id: run.name + "/ended", source: Event.feedSource, type: .exerciseEnded,
            subject: "exercise/" + run.name, time: now, data: .json(Array("{}".utf8)))
        event.exercise = run.name
        try append([event], now: now)
    }

    /// Stops the exercise's clock; without one, does nothing.
    public func pause() { player?.pause() }

    public func resume() { player?.resume() }

    /// From 0.5 to 60; what lies beyond is cut to it.
    ///
    /// - Parameter speed: seconds of the exercise in a second of the clock.
    public func setSpeed(_ speed: Double) { player?.setSpeed(speed) }

    private func playExercise(now: Timestamp) throws {
        guard var moved = player else { return }
        let due = moved.advance(to: now)
        // The clock moves only when the events are kept: on a full disk the same injects come again.
        if !due.isEmpty { try append(due, now: now) }
        player = moved
        if moved.isFinished { try endExercise(now: now) }
    }

    // MARK: - What the feed says itself

    private func rule(now: Timestamp) throws -> Bool {
        while try store.settle(at: now) {}
        let due = try rules.due(in: store, keptDays: store.retentionDays(), now: now)
        // What the log knows already changes nothing: to come back for it at once would be in vain.
        return try !due.isEmpty && append(due, now: now).contains(where: \.isAccepted)
    }

    @discardableResult
    private func append(_ events: [Event], now: Timestamp) throws -> [Admission] {
        try store.ingest(events.compactMap { try? AdmittedEvent($0) }, now: now)
    }
}
