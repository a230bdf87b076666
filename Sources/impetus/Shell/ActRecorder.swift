import Console
import ControlRoom
import Foundation
import Store
import Synchronization

/// Keeps acts in the outbox and tells what became of them. On a full disk an act is held and tried again; its author is
/// told that it is not kept yet.
final class ActRecorder: Sendable {
    private struct Work {
        var acts: [Act] = []
        var masses: [MassWork] = []
        var stops = false
        /// Up to which place of the log people were told of verdicts beside theirs.
        var told: [String: Int64] = [:]

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
        _ = ended.wait(timeout: .now() + .seconds(work.withLock { $0.masses.isEmpty } ? 5 : 60))
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

    /// Keeps, beside everything else, that somebody was told of verdicts. Where it cannot be kept they are told again.
    func noteVerdicts(toldTo actor: String, through place: Int64) {
        work.withLock { $0.told[actor] = place }
        arrived.signal()
    }

    private func keepTold() {
        let told = work.withLock { work in
            defer { work.told = [:] }
            return work.told
        }
        for (actor, place) in told { try? store.noteVerdicts(toldTo: actor, through: place) }
    }

    private func run() {
        var unsettled: [(id: String, act: Act)] = []
        var unsettledMasses: [MassWork] = []
        var warned = false
        while true {
            // Whoever settles an act writes, and whoever sees that wakes this; every two seconds one looks all the same.
            _ = arrived.wait(timeout: .now() + .seconds(2))
            keepTold()
            if work.withLock({ $0.stops && $0.isDone }) { return }
            do {
                // What a person does alone goes before the next portion of many.
                repeat { try keepAlone(&unsettled) } while try keepPortion(&unsettledMasses)
                warned = false
            } catch {
                if !warned { inbox.post(.say("NOT KEPT YET: \(error)")) }
                warned = true
                if work.withLock({ $0.stops }) { return }
            }
            unsettled.removeAll { tell($0.id, $0.act) }
            unsettledMasses.removeAll { tell($0) }
            tellOthers(than: Set(unsettled.map(\.id)), masses: unsettledMasses.map(\.name))
        }
    }

    private func keepAlone(_ unsettled: inout [(id: String, act: Act)]) throws {
        while let act = work.withLock({ $0.acts.first }) {
            do {
                if let reason = try maker.denial(of: act.type, in: store) {
                    inbox.post(.settled(act, .rejected(reason)))
                    _ = work.withLock { $0.acts.removeFirst() }
                    continue
                }
                unsettled.append((try keep(act), act))
            } catch let locked as ActMaker.Locked {
                // It will not go better: it holds up nobody else's.
                inbox.post(.settled(act, .notKept(locked.description)))
            } catch {
                throw NotKept(words: act.words, cause: error)
            }
            _ = work.withLock { $0.acts.removeFirst() }
        }
    }

    /// One portion of what is done to many; false where there is none.
    private func keepPortion(_ unsettled: inout [MassWork]) throws -> Bool {
        guard var mass = work.withLock({ $0.masses.first }) else { return false }
        do {
            if let type = mass.mass.act(0)?.type, let reason = try maker.denial(of: type, in: store) {
                let failure = MassOutcome.Failure(outcome: .rejected(reason), count: mass.mass.count - mass.kept)
                inbox.post(.settledMany(mass.mass, MassOutcome([failure])))
                _ = work.withLock { $0.masses.removeFirst() }
                return true
            }
            try keepPortion(of: &mass)
        } catch let locked as ActMaker.Locked {
            let outcomes = [MassOutcome.Failure(outcome: .notKept(locked.description), count: mass.mass.count)]
            inbox.post(.settledMany(mass.mass, MassOutcome(outcomes)))
            _ = work.withLock { $0.masses.removeFirst() }
            return true
        } catch {
            throw NotKept(words: mass.mass.words, cause: error)
        }
        work.withLock { work in
            if mass.isKept { work.masses.removeFirst() } else { work.masses[0] = mass }
        }
        if mass.isKept { unsettled.append(mass) }
        return true
    }

    private struct NotKept: Error, CustomStringConvertible {
        let words: String
        let cause: any Error
        var description: String { words + ". \(cause)" }
    }

    private func keep(_ act: Act) throws -> String {
        let event = try maker.make(act, in: store)
        try maker.keep([event], in: store)
        wroteSomething()
        return event.id
    }

    /// Each portion is one transaction: others write between them.
    private func keepPortion(of work: inout MassWork) throws {
        let portion = try maker.make(work.mass, from: work.kept, named: work.name, in: store)
        try maker.keep(portion, in: store)
        work.kept += portion.count
        wroteSomething()
    }

    /// True when all are settled and their author was told.
    private func tell(_ work: MassWork) -> Bool {
        guard let found = try? store.settlements(named: work.name, count: work.mass.count) else { return false }
        let outcomes = found.compactMap { settlement, count in
            ActRecorder.outcome(settlement).map { MassOutcome.Failure(outcome: $0, count: count) }
        }
        inbox.post(.settledMany(work.mass, MassOutcome(outcomes)))
        try? store.markTold(named: work.name)
        return true
    }

    /// True when the act is settled and its author was told.
    private func tell(_ id: String, _ act: Act) -> Bool {
        guard let outcome = outcome(of: id) else { return false }
        inbox.post(.settled(act, outcome))
        try? store.markTold([id])
        return true
    }

    private func outcome(of id: String) -> ActOutcome? { (try? store.settlement(of: id)).flatMap(ActRecorder.outcome) }

    /// Nil while it waits.
    private static func outcome(_ settlement: Store.Settlement?) -> ActOutcome? {
        switch settlement {
        case nil, .waiting?: nil
        case .applied?, .duplicate?: .applied
        case .refused(let code)?: Outcome.Reason(code: code).map(ActOutcome.refused) ?? .rejected(code)
        case .rejected(let reason)?, .denied(let reason)?: .rejected(reason)
        }
    }

    /// Acts of an earlier console or command that were refused since: in one word, because they may be many.
    private func tellOthers(than known: Set<String>, masses: [String]) {
        let untold = ((try? store.refused(by: actors, limit: ActRecorder.mostHeld)) ?? []).filter { act in
            !known.contains(act.id) && !masses.contains { act.id.hasPrefix($0 + "/") }
        }
        guard let last = untold.first else { return }
        let reason = texts.reason(of: last.settlement, to: last.actor) ?? ""
        let words = texts(.refusedMeanwhile, texts.number(untold.count), last.subject ?? "", reason)
        inbox.post(.say(words))
        try? store.markTold(untold.map(\.id))
    }
}

/// Many acts on their way into the outbox.
private struct MassWork {
    let mass: MassAct
    let name: String
    /// How many of them are in it.
    var kept = 0

    var isKept: Bool { kept == mass.count }
}

extension Texts {
    /// Why an act had no effect, in words; nil where it had.
    ///
    /// - Parameter actor: whom it is told; nil where that is not its author.
    func reason(of settlement: Store.Settlement, to actor: String? = nil) -> String? {
        guard case .refused(let code) = settlement, let reason = Outcome.Reason(code: code) else {
            return settlement.reason
        }
        return actor.map { words(for: reason, to: $0) } ?? words(for: reason)
    }
}
