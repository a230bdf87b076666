import Console
import ControlRoom
import Foundation
import Standards
import Store
import Synchronization

/// Keeps acts in the outbox and tells what became of them. On a full disk an act is held and tried again; its author is
/// told that it is not kept yet.
final class ActRecorder: Sendable {
    private struct Work {
        var acts: [Act] = []
        var stops = false
    }

    private let work = Mutex(Work())
    private let arrived = DispatchSemaphore(value: 0)
    private let ended = DispatchSemaphore(value: 0)
    private let store: Store
    private let inbox: Inbox
    private let maker: ActMaker
    private let actors: [String]
    private let texts: Texts
    private let wroteSomething: @Sendable () -> Void

    /// More acts than this wait for nobody: the disk has been full for long.
    private static let mostHeld = 500

    /// - Parameter actors: who sits here: what became of their acts while nobody looked is told as well.
    init(
        store: Store, inbox: Inbox, maker: ActMaker, actors: [String], texts: Texts,
        wroteSomething: @escaping @Sendable () -> Void
    ) {
        self.actors = actors
        self.texts = texts
        self.store = store
        self.inbox = inbox
        self.maker = maker
        self.wroteSomething = wroteSomething
    }

    func start() {
        let thread = Thread { [self] in
            run()
            ended.signal()
        }
        thread.name = "acts"
        thread.start()
    }

    /// Returns when every act is kept, or cannot be: what was pressed just before leaving is not lost.
    func stop() {
        work.withLock { $0.stops = true }
        arrived.signal()
        _ = ended.wait(timeout: .now() + .seconds(5))
    }

    /// Somebody wrote: it may be the outcome of an act.
    func poke() { arrived.signal() }

    func record(_ act: Act) {
        let isKept = work.withLock { work in
            guard work.acts.count < ActRecorder.mostHeld else { return false }
            work.acts.append(act)
            return true
        }
        if !isKept { inbox.post(.settled(act, .notKept("too many acts wait for the disk"))) }
        arrived.signal()
    }

    private func run() {
        var unsettled: [(id: String, act: Act)] = []
        var warned = false
        while true {
            // Whoever settles an act writes, and whoever sees that wakes this; every two seconds one looks all the same.
            _ = arrived.wait(timeout: .now() + .seconds(2))
            if work.withLock({ $0.stops && $0.acts.isEmpty }) { return }
            while let act = work.withLock({ $0.acts.first }) {
                do {
                    unsettled.append((try keep(act), act))
                    _ = work.withLock { $0.acts.removeFirst() }
                    warned = false
                } catch let locked as ActMaker.Locked {
                    // It will not go better: it holds up nobody else's.
                    inbox.post(.settled(act, .notKept(locked.description)))
                    _ = work.withLock { $0.acts.removeFirst() }
                } catch {
                    if !warned { inbox.post(.say(ActRecorder.words(for: error, act))) }
                    warned = true
                    if work.withLock({ $0.stops }) { return }
                    break
                }
            }
            unsettled.removeAll { tell($0.id, $0.act) }
            tellOthers(than: unsettled.map(\.id))
        }
    }

    private static func words(for error: any Error, _ act: Act) -> String { "NOT KEPT YET: \(act.words). \(error)" }

    private func keep(_ act: Act) throws -> String {
        let event = try maker.make(act, in: store)
        try store.enqueue(
            [(id: event.id, subject: event.subject, event: CloudEventWriter.json(event))],
            now: maker.surroundings.now())
        wroteSomething()
        return event.id
    }

    /// True when the act is settled and its author was told.
    private func tell(_ id: String, _ act: Act) -> Bool {
        switch try? store.settlement(of: id) {
        case .none, .waiting?: return false
        case .applied?, .duplicate?: inbox.post(.settled(act, .applied))
        case .refused(let code)?:
            inbox.post(.settled(act, Outcome.Reason(code: code).map(ActOutcome.refused) ?? .rejected(code)))
        case .rejected(let reason)?, .denied(let reason)?: inbox.post(.settled(act, .rejected(reason)))
        }
        try? store.markTold([id])
        return true
    }

    /// Acts of an earlier console or command that were refused since: in one word, because they may be many.
    private func tellOthers(than known: [String]) {
        let untold = ((try? store.refused(by: actors, limit: ActRecorder.mostHeld)) ?? []).filter {
            !known.contains($0.id)
        }
        guard let last = untold.first else { return }
        let reason = texts.reason(of: last.settlement) ?? ""
        let words = texts(.refusedMeanwhile, texts.number(untold.count), last.subject ?? "", reason)
        inbox.post(.say(words))
        try? store.markTold(untold.map(\.id))
    }
}

extension Texts {
    /// Why an act had no effect, in words; nil where it had.
    func reason(of settlement: Store.Settlement) -> String? {
        if case .refused(let code) = settlement, let reason = Outcome.Reason(code: code) { return words(for: reason) }
        return settlement.reason
    }
}
