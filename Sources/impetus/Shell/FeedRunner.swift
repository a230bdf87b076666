import Console
import ControlRoom
import Feed
import Foundation
import Standards
import Store
import Synchronization

/// Runs the embedded feed on a thread of its own, as long as this process holds the lease; otherwise waits to take over.
final class FeedRunner: Sendable {
    /// What others want of the thread. Resting and stopping are states, which no order hides and no wait misses.
    private struct Wishes {
        var orders: [ExerciseOrder] = []
        var rests = false
        var stops = false
    }

    /// Whether an exercise starts by itself.
    enum Opening: Sendable { case exercise, quiet }

    private let wishes = Mutex(Wishes())
    private let arrived = DispatchSemaphore(value: 0)
    private let ended = DispatchSemaphore(value: 0)
    private let rested = DispatchSemaphore(value: 0)
    private let reported = Mutex<FeedStatus?>(nil)
    private let remembered = Mutex<ExercisePosition?>(nil)
    private let store: Store
    private let inbox: Inbox
    private let surroundings: Surroundings
    private let script: ExerciseScript?
    private let opening: Opening
    private let identities: [Identity]

    init(
        store: Store, inbox: Inbox, surroundings: Surroundings, script: ExerciseScript?, opening: Opening,
        identities: [Identity]
    ) {
        self.store = store
        self.inbox = inbox
        self.surroundings = surroundings
        self.script = script
        self.opening = opening
        self.identities = identities
    }

    func start() {
        let thread = Thread { [self] in
            run()
            ended.signal()
        }
        thread.name = "feed"
        thread.start()
    }

    /// Ends the feed and waits until its last round is kept.
    func stop() {
        wishes.withLock { $0.stops = true }
        arrived.signal()
        _ = ended.wait(timeout: .now() + .seconds(5))
    }

    func give(_ order: ExerciseOrder) {
        wishes.withLock { if $0.orders.count < 100 { $0.orders.append(order) } }
        arrived.signal()
    }

    /// Something waits in the outbox.
    func poke() { arrived.signal() }

    /// Gives the lease back, so that a console that is stopped keeps nobody waiting.
    ///
    /// - Returns: whether it is free; false where a round does not end, because something else holds the store.
    func rest() -> Bool {
        while rested.wait(timeout: .now()) == .success {}
        wishes.withLock { $0.rests = true }
        arrived.signal()
        return rested.wait(timeout: .now() + .seconds(2)) == .success
    }

    func wake() {
        wishes.withLock { $0.rests = false }
        arrived.signal()
    }

    // MARK: - The thread

    /// Why a round is not followed by another.
    private enum Pause { case rest, stop }

    /// A start is the first to hold the lease, but for the blink in which a command had it.
    private static let blink = DispatchTimeInterval.seconds(1)

    private func run() {
        let blinkEnds = DispatchTime.now() + FeedRunner.blink
        var hasServed = false
        var ear: FeedEar?
        while true {
            var pause: Pause?
            if let lease = try? Lease.take(storePath: store.path) {
                let isFirst = !hasServed && .now() < blinkEnds
                hasServed = true
                ear = nil
                pause = serve(
                    FeedCore(store: store, identities: identities), isFirst: isFirst, FeedVoice(lease))
            } else {
                let listening = ear ?? FeedEar(storePath: store.path)
                ear = listening
                if let heard = listening.heard(shownAs: surroundings.now()) { report(heard) }
                pause = follow()
            }
            if pause == .rest { pause = sleepUntilWoken() }
            if pause == .stop { return }
        }
    }

    private var wantedPause: Pause? { wishes.withLock { $0.stops ? .stop : $0.rests ? .rest : nil } }

    /// Another process has the lease: waits a little for it to go.
    private func follow() -> Pause? {
        _ = arrived.wait(timeout: .now() + .milliseconds(300))
        if !takeOrders().isEmpty { inbox.post(.say("another console runs the feed; the exercise is steered there")) }
        return wantedPause
    }

    private func sleepUntilWoken() -> Pause? {
        rested.signal()
        while wantedPause == .rest { arrived.wait() }
        return wantedPause
    }

    /// One round after the other, until the feed shall end or rest.
    private func serve(_ core: FeedCore, isFirst: Bool, _ voice: FeedVoice) -> Pause {
        var isOpen = false
        while true {
            if let pause = wantedPause {
                if pause == .rest { remember(core.player, isLast: true) }
                return pause
            }
            var failure: String?
            if !isOpen {
                attempt(&failure) {
                    try open(core, isFirst: isFirst)
                    isOpen = true
                }
            }
            for order in takeOrders() { attempt(&failure) { try carryOut(order, core) } }
            var more = false
            if isOpen { attempt(&failure) { more = try core.step(now: surroundings.now()) } }
            let status = status(failure.map { .failing($0) } ?? .live, core.player)
            voice.say(status)
            report(status)
            if failure != nil {
                _ = arrived.wait(timeout: .now() + .seconds(1))
            } else if !more {
                remember(core.player)
                rest(until: core.player)
            }
        }
    }

    /// Waits until there is something to do: somebody wrote (the reader watches for that and pokes), the next inject is due,
    /// or something may have ended by time.
    private func rest(until player: ExercisePlayer?) {
        let milliseconds = min(1_000, Int((player?.secondsToNext ?? 1) * 1000) + 1)
        _ = arrived.wait(timeout: .now() + .milliseconds(milliseconds))
    }

    private func attempt(_ failure: inout String?, _ body: () throws -> Void) {
        do { try body() } catch { failure = "\(error)" }
    }

    private func takeOrders() -> [ExerciseOrder] {
        wishes.withLock { wishes in
            defer { wishes.orders = [] }
            return wishes.orders
        }
    }

    // MARK: - The exercise

    private func open(_ core: FeedCore, isFirst: Bool) throws {
        let now = surroundings.now()
        if let run = try store.latestExercise(), run.ended == nil {
            // Taking over from a console that died goes on with its exercise; a fresh start begins anew.
            if !isFirst, let script, run.name.hasPrefix(script.id + "/") {
                let kept = try ExercisePosition.recall(run.name, from: store)
                core.resume(script, run: run.name, elapsed: kept.elapsed, speed: kept.speed)
                if kept.isPaused { core.pause() }
                return
            }
            try core.endAbandoned(run, now: now)
        }
        guard isFirst, opening == .exercise, let script else { return }
        let actual = try store.totals(.actual, now: now, midnight: now)
        guard actual.total == 0 else { return }
        try start(script, core)
    }

    private func start(_ script: ExerciseScript, _ core: FeedCore) throws {
        let now = surroundings.now()
        try core.start(script, run: script.id + "/" + now.rfc3339, speed: 1, now: now)
    }

    private func carryOut(_ wanted: ExerciseOrder, _ core: FeedCore) throws {
        switch wanted {
        case .start:
            guard let script else {
                inbox.post(.say("this city has no exercise"))
                return
            }
            try start(script, core)
        case .end: try core.endExercise(now: surroundings.now())
        case .pause: core.pause()
        case .resume: core.resume()
        case .speed(let speed): core.setSpeed(speed)
        }
    }

    /// Where the exercise stands, for whoever takes over; again only after five seconds of it.
    private func remember(_ player: ExercisePlayer?, isLast: Bool = false) {
        guard let player else { return }
        let position = ExercisePosition(player)
        let isNews = remembered.withLock { last in
            let isNews = isLast || last.map { $0.isFar(from: position) } ?? true
            if isNews { last = position }
            return isNews
        }
        if isNews { try? position.keep(in: store) }
    }

    // MARK: - What the console is told

    private func status(_ state: FeedStatus.State, _ player: ExercisePlayer?) -> FeedStatus {
        let exercise = player.map {
            ExerciseStatus(
                run: $0.run, title: $0.script.title, elapsed: $0.elapsed, duration: $0.script.durationSeconds,
                speed: $0.speed, paused: $0.isPaused)
        }
        return FeedStatus(state: state, heard: surroundings.now(), outbox: 0, exercise: exercise)
    }

    private func report(_ told: FeedStatus) {
        var status = told
        status.outbox = (try? store.waitingCount()) ?? 0
        // Once a second, and at once when something but the passing of time changed: an idle console stays idle.
        let isNews = reported.withLock { last in
            let isNews = last.map { $0.differs(from: status) } ?? true
            if isNews { last = status }
            return isNews
        }
        if isNews { inbox.post(status) }
    }
}

extension FeedStatus {
    fileprivate func differs(from other: FeedStatus) -> Bool {
        state != other.state || isElsewhere != other.isElsewhere || outbox != other.outbox
            || exercise?.run != other.exercise?.run
            || exercise?.paused != other.exercise?.paused || exercise?.speed != other.exercise?.speed
            || abs(other.heard.seconds(since: heard)) >= 1
    }
}
