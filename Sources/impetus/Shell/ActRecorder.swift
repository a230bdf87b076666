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
        var masses: [MassWork] = []
        var stops = false

        var isDone: Bool { acts.isEmpty && masses.isEmpty }
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

    func record(_ mass: MassAct) {
        let name = maker.surroundings.makeID()
        work.withLock { $0.masses.append(MassWork(mass: mass, name: name)) }
        arrived.signal()
    }

    private func run() {
        var unsettled: [(id: String, act: Act)] = []
        var unsettledMasses: [MassWork] = []
        var warned = false
        while true {
            // Whoever settles an act writes, and whoever sees that wakes this; every two seconds one looks all the same.
            _ = arrived.wait(timeout: .now() + .seconds(2))
            if work.withLock({ $0.stops && $0.isDone }) { return }
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
            while var mass = work.withLock({ $0.masses.first }) {
                do {
                    try keep(&mass)
                    _ = work.withLock { $0.masses.removeFirst() }
                    unsettledMasses.append(mass)
                    warned = false
                } catch let locked as ActMaker.Locked {
                    let outcomes = Array(repeating: ActOutcome.notKept(locked.description), count: mass.mass.count)
                    inbox.post(.settledMany(mass.mass, MassOutcome(outcomes)))
                    _ = work.withLock { $0.masses.removeFirst() }
                } catch {
                    // What is kept already is not kept a second time.
                    work.withLock { $0.masses[0] = mass }
                    if !warned { inbox.post(.say("NOT KEPT YET: \(mass.mass.words). \(error)")) }
                    warned = true
                    if work.withLock({ $0.stops }) { return }
                    break
                }
            }
            unsettled.removeAll { tell($0.id, $0.act) }
            unsettledMasses.removeAll { tell($0) }
            tellOthers(than: Set(unsettled.map(\.id) + unsettledMasses.flatMap(\.kept)))
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

    /// In portions, each one transaction: others write between them.
    private func keep(_ work: inout MassWork) throws {
        while work.kept.count < work.mass.count {
            var portion: [(id: String, subject: String?, event: [UInt8])] = []
            for index in work.kept.count..<min(work.mass.count, work.kept.count + MassWork.portion) {
                guard let act = work.mass.act(index) else { continue }
                let event = try maker.make(act, id: Store.massID(work.name, index + 1), in: store)
                portion.append((id: event.id, subject: event.subject, event: CloudEventWriter.json(event)))
            }
            try store.enqueue(portion, now: maker.surroundings.now())
            work.kept += portion.map(\.id)
            wroteSomething()
        }
    }

    /// True when all are settled and their author was told. They are settled in order: the last one is looked at first.
    private func tell(_ work: MassWork) -> Bool {
        guard let last = work.kept.last, outcome(of: last) != nil else { return false }
        let outcomes = work.kept.compactMap { outcome(of: $0) }
        guard outcomes.count == work.kept.count else { return false }
        inbox.post(.settledMany(work.mass, MassOutcome(outcomes)))
        try? store.markTold(work.kept)
        return true
    }

    /// True when the act is settled and its author was told.
    private func tell(_ id: String, _ act: Act) -> Bool {
        guard let outcome = outcome(of: id) else { return false }
        inbox.post(.settled(act, outcome))
        try? store.markTold([id])
        return true
    }

    /// Nil while it waits.
    private func outcome(of id: String) -> ActOutcome? {
        switch try? store.settlement(of: id) {
        case .none, .waiting?: nil
        case .applied?, .duplicate?: .applied
        case .refused(let code)?: Outcome.Reason(code: code).map(ActOutcome.refused) ?? .rejected(code)
        case .rejected(let reason)?, .denied(let reason)?: .rejected(reason)
        }
    }

    /// Acts of an earlier console or command that were refused since: in one word, because they may be many.
    private func tellOthers(than known: Set<String>) {
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

/// Many acts on their way into the outbox.
private struct MassWork {
    let mass: MassAct
    let name: String
    /// The ids of those that are in it.
    var kept: [String] = []

    static let portion = 2_000
}

extension Texts {
    /// Why an act had no effect, in words; nil where it had.
    func reason(of settlement: Store.Settlement) -> String? {
        if case .refused(let code) = settlement, let reason = Outcome.Reason(code: code) { return words(for: reason) }
        return settlement.reason
    }
}
