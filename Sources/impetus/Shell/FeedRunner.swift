import Console
import ControlRoom
import Feed
import Foundation
import Standards
import Store
import Synchronization

/// Runs the embedded feed on a thread of its own, as long as this process holds the lease; otherwise waits to take over.
final class FeedRunner: Sendable {
    enum Order: Sendable {
        case exercise(ExerciseOrder)
        case stop
    }

    /// Whether an exercise starts by itself.
    enum Opening: Sendable { case exercise, quiet }

    private let orders = Mutex<[Order]>([])
    private let arrived = DispatchSemaphore(value: 0)
    private let ended = DispatchSemaphore(value: 0)
    private let reported = Mutex<FeedStatus?>(nil)
    private let remembered = Mutex((run: "", elapsed: 0.0))
    private let store: Store
    private let inbox: Inbox
    private let surroundings: Surroundings
    private let script: ExerciseScript?
    private let opening: Opening
    private let identities: [Identity]
    private let wroteSomething: @Sendable () -> Void

    init(
        store: Store, inbox: Inbox, surroundings: Surroundings, script: ExerciseScript?, opening: Opening,
        identities: [Identity], wroteSomething: @escaping @Sendable () -> Void
    ) {
        self.store = store
        self.inbox = inbox
        self.surroundings = surroundings
        self.script = script
        self.opening = opening
        self.identities = identities
        self.wroteSomething = wroteSomething
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
        give(.stop)
        _ = ended.wait(timeout: .now() + .seconds(5))
    }

    func give(_ order: Order) {
        orders.withLock { if $0.count < 100 { $0.append(order) } }
        arrived.signal()
    }

    /// Something waits in the outbox.
    func poke() { arrived.signal() }

    // MARK: - The thread

    private func run() {
        var isFirst = true
        while true {
            if let lease = try? Lease.take(storePath: store.path) {
                let core = FeedCore(store: store, identities: identities)
                let goesOn = serve(core, isFirst: isFirst)
                withExtendedLifetime(lease) {}
                if !goesOn { return }
            } else {
                let holder = Lease.holder(storePath: store.path)
                report(.followed(holder: holder), nil)
            }
            isFirst = false
            _ = arrived.wait(timeout: .now() + .milliseconds(300))
            let missed = takeOrders()
            if missed.contains(where: \.isStop) { return }
            if !missed.isEmpty { inbox.post(.say("another console runs the feed; the exercise is steered there")) }
        }
    }

    /// One round after the other; false when the feed shall end.
    private func serve(_ core: FeedCore, isFirst: Bool) -> Bool {
        var failure: String?
        attempt(&failure) { try open(core, isFirst: isFirst) }
        while true {
            for order in takeOrders() {
                if order.isStop { return false }
                attempt(&failure) { try carryOut(order, core) }
            }
            var more = false
            attempt(&failure) { more = try core.step(now: surroundings.now()) }
            report(failure.map { .failing($0) } ?? .live, core.player)
            if failure != nil {
                _ = arrived.wait(timeout: .now() + .seconds(1))
                failure = nil
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

    private func takeOrders() -> [Order] {
        orders.withLock { orders in
            defer { orders.removeAll() }
            return orders
        }
    }

    // MARK: - The exercise

    private func open(_ core: FeedCore, isFirst: Bool) throws {
        let now = surroundings.now()
        if let run = try store.latestExercise(), run.ended == nil {
            // Taking over from a console that died goes on with its exercise; a fresh start begins anew.
            if !isFirst, let script, run.name.hasPrefix(script.id + "/") {
                core.resume(script, run: run.name, elapsed: try rememberedElapsed(of: run.name), speed: 1)
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
        wroteSomething()
    }

    private func carryOut(_ order: Order, _ core: FeedCore) throws {
        guard case .exercise(let wanted) = order else { return }
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
        wroteSomething()
    }

    private static let positionKey = "exercise_position"

    /// Where the exercise stands, for whoever takes over: with the run's name, and again only after five seconds of it.
    private func remember(_ player: ExercisePlayer?) {
        guard let player else { return }
        let isNews = remembered.withLock { last in
            let isNews = last.run != player.run || abs(last.elapsed - player.elapsed) >= 5
            if isNews { last = (player.run, player.elapsed) }
            return isNews
        }
        if isNews { try? store.remember(FeedRunner.positionKey, player.run + "|" + String(player.elapsed)) }
    }

    private func rememberedElapsed(of run: String) throws -> Double {
        guard let kept = try store.recall(FeedRunner.positionKey), kept.hasPrefix(run + "|") else { return 0 }
        return Double(kept.dropFirst(run.count + 1)) ?? 0
    }

    // MARK: - What the console is told

    private func report(_ state: FeedStatus.State, _ player: ExercisePlayer?) {
        let exercise = player.map {
            ExerciseStatus(
                run: $0.run, title: $0.script.title, elapsed: $0.elapsed, duration: $0.script.durationSeconds,
                speed: $0.speed, paused: $0.isPaused)
        }
        let waiting = (try? store.waitingCount()) ?? 0
        let status = FeedStatus(state: state, heard: surroundings.now(), outbox: waiting, exercise: exercise)
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
        state != other.state || outbox != other.outbox || exercise?.run != other.exercise?.run
            || exercise?.paused != other.exercise?.paused || exercise?.speed != other.exercise?.speed
            || abs(other.heard.seconds(since: heard)) >= 1
    }
}

extension FeedRunner.Order {
    var isStop: Bool {
        if case .stop = self { return true }
        return false
    }
}
