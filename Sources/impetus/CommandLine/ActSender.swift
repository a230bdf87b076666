import ArgumentParser
import Console
import ControlRoom
import Feed
import Foundation
import Shell
import Store
import Sync

/// Sends an act the way the console does: into the outbox, and from there to whoever runs the feed. Where nobody runs it,
/// this process takes the lease and settles the act itself.
struct ActSender {
    let store: Store
    private let session: HubSession?
    private let maker: ActMaker
    let actor: String
    /// Where the log ended when the command began.
    private let began: Int64

    /// So long a command waits for whoever orders the log; the act is kept whether or not they answer.
    private static let patienceSeconds = 5.0
    /// Between two looks where there is no hub.
    private static let lookSeconds = 0.005

    /// - Parameter asked: who acts, as the command line has it.
    init(_ opened: OpenedStore, asked: String?) throws {
        store = opened.store
        session = opened.session
        maker = session.map(ActMaker.hub) ?? .embedded(.live)
        began = try store.lastSequence()
        guard let session else {
            actor = asked ?? "op1"
            return
        }
        if case .trial = session.membership {
            actor = asked ?? "op1"
        } else {
            actor = session.identities.first?.actor ?? ""
        }
    }

    /// Nil for somebody who is not known here.
    var role: Role? {
        let known = session?.identities ?? Identity.embedded(tenant: "")
        return known.first { $0.actor == actor }?.role
    }

    /// Tells what became of acts, and of those that wait by whom they are sent.
    var report: ActReport {
        let holder = Lease.holder(storePath: store.path)
        let waiting =
            if session == nil {
                holder.map { "kept; process \($0), which runs the feed of this store, records it" }
                    ?? "kept; the next impetus on this store records it"
            } else if holder != nil {
                "kept, and sent when the hub answers"
            } else if let note = try? store.syncNote(), note.state == .refused {
                // Said of whoever acts here: nobody else serves the store.
                "kept in this file, and not sent: the hub refuses it (\(Output.printable(note.reason)))"
            } else {
                "kept, and not sent yet: impetus sync, or the console, sends it when the hub answers"
            }
        return ActReport(waiting: waiting, actor: actor)
    }

    /// The time that counts: the hub's, where there is one.
    var now: Timestamp { maker.surroundings.now() }

    /// Keeps acts in one transaction, and returns when they are settled: a console that holds the lease does so in some
    /// milliseconds. Where a hub decides, or another process that holds the lease does not answer, there is one wait for all:
    /// 5 s for up to 2,000 acts.
    ///
    /// - Returns: what became of each, in their order.
    func send(_ acts: [Event]) throws -> [Store.Settlement] {
        // What no hub will ever take is not kept at all.
        let denials = try Set(acts.map(\.type)).compactMap { try maker.denial(of: $0, in: store) }
        if let reason = denials.first { return acts.map { _ in .denied(reason) } }
        try maker.keep(acts, in: store)
        return try outcomes(of: acts.map(\.id))
    }

    /// Waits for acts that are kept. Whoever typed the command hears of them here, and not again from a console.
    private func outcomes(of ids: [String]) throws -> [Store.Settlement] {
        try wait(for: ids)
        let outcomes = try ids.map { try store.settlement(of: $0) ?? .waiting }
        try store.markTold(zip(ids, outcomes).filter { $1 != .waiting }.map(\.0))
        try tellVerdicts()
        return outcomes
    }

    /// Whoever acts here is told once which verdicts of others stand beside theirs.
    private func tellVerdicts() throws {
        let (found, through, isFirst) = try store.verdicts(beside: actor, from: began)
        let texts = Texts(Language(environment: ProcessInfo.processInfo.environment))
        let words = texts.verdicts(found, besideThoseOf: actor)
        if let words { Output.note(Output.printable(words)) }
        if isFirst || words != nil { try store.noteVerdicts(toldTo: actor, through: through) }
    }

    private func wait(for ids: [String]) throws {
        // Most are settled in their order: one that is settled is not looked at again.
        var waiting = ids[...]
        func areSettled() throws -> Bool {
            while let next = waiting.first, try store.settlement(of: next) != .waiting { waiting.removeFirst() }
            return waiting.isEmpty
        }
        for _ in stride(from: 0, to: ids.count, by: ActMaker.portion) {
            let before = waiting.count
            try waitOnce(until: areSettled)
            if waiting.isEmpty || waiting.count == before { return }
        }
    }

    private func waitOnce(until areSettled: () throws -> Bool) throws {
        if let session {
            // With a second hub, that one is tried first.
            let patience = session.membership.hubs.count > 1 ? 2.0 : 0
            return try HubRun.settle(
                session, store, seconds: ActSender.patienceSeconds, awaySeconds: patience, until: areSettled)
        }
        for _ in 0..<Int(ActSender.patienceSeconds / ActSender.lookSeconds) {
            try FeedCore.settleWaiting(in: store, maker.surroundings)
            if try areSettled() { return }
            maker.surroundings.sleep(ActSender.lookSeconds)
        }
    }

    /// Does the same to many, in portions of one transaction, with one wait for all; all can be taken back by one undo.
    ///
    /// - Returns: what became of them, with how many had each outcome.
    func send(_ mass: MassAct) throws -> [(settlement: Store.Settlement, count: Int)] {
        if let type = mass.act(0)?.type, let reason = try maker.denial(of: type, in: store) {
            return [(.denied(reason), mass.count)]
        }
        let name = maker.surroundings.makeID()
        var ids: [String] = []
        for start in stride(from: 0, to: mass.count, by: ActMaker.portion) {
            let events = try maker.make(mass, from: start, named: name, in: store)
            try maker.keep(events, in: store)
            ids += events.map(\.id)
        }
        var counts: [(settlement: Store.Settlement, count: Int)] = []
        for settlement in try outcomes(of: ids) {
            if let known = counts.firstIndex(where: { $0.settlement == settlement }) {
                counts[known].count += 1
            } else {
                counts.append((settlement, 1))
            }
        }
        return counts
    }

    func event(_ type: EventType, subject: String, data: [UInt8], realm: Realm, status: MessageStatus) throws -> Event {
        try maker.make(
            Act(type: type, subject: subject, data: data, actor: actor, realm: realm, status: status, words: ""),
            in: store)
    }
}

/// Tells the outcome of an act on the command line.
struct ActReport {
    /// What is said of an act that waits.
    let waiting: String
    /// Whose acts they are.
    let actor: String

    /// - Parameters:
    ///   - alert: as it was named, where an alert was.
    ///   - hint: said behind the reason why it had no effect.
    /// - Throws: an exit code where the act had no effect.
    func tell(
        _ outcome: Store.Settlement, what: String, id: String, json: Bool, alert: String? = nil, hint: String? = nil
    ) throws {
        let (word, why) = words(outcome)
        let reason = why.map { why in hint.map { why + "; " + $0 } ?? why }
        if json {
            ActReport.object(word, id: id, alert: alert, reason: reason)
        } else if let reason {
            Output.note("\(what): \(reason)")
        } else {
            Output.line(Output.printable("\(what): \(word)"))
        }
        try ActReport.fail(outcome)
    }

    /// One line of JSON.
    ///
    /// - Parameters:
    ///   - id: of the act; nil where none was made.
    ///   - alert: as it was named, where an alert was.
    static func object(_ result: String, id: String?, alert: String?, reason: String?) {
        var writer = JSONWriter()
        writer.object { writer in
            writer.member("result", result)
            writer.member("id", id)
            writer.member("alert", alert)
            writer.member("reason", reason)
        }
        Output.json(writer.text)
    }

    private static func fail(_ outcome: Store.Settlement) throws {
        switch outcome {
        case .applied, .duplicate: return
        case .waiting: throw ExitCode.tryLater
        case .denied: throw ExitCode.notPermitted
        case .refused, .rejected: throw ExitCode.badData
        }
    }

    /// The same for many: a line for each outcome, with how many had it.
    ///
    /// - Throws: an exit code where one of them had no effect.
    func tell(
        _ counts: [(settlement: Store.Settlement, count: Int)], what: String, json: Bool,
        hint: (Store.Settlement) -> String? = { _ in nil }
    ) throws {
        var failure: (any Error)?
        for (settlement, count) in counts {
            let (word, why) = words(settlement)
            let reason = why.map { why in hint(settlement).map { why + "; " + $0 } ?? why }
            if json {
                var writer = JSONWriter()
                writer.object { writer in
                    writer.member("result", word)
                    writer.member("count", count)
                    writer.member("reason", reason)
                }
                Output.json(writer.text)
            } else {
                Output.line(Output.printable("\(what) \(count) alerts: \(reason ?? word)"))
            }
            do { try ActReport.fail(settlement) } catch { failure = error }
        }
        if let failure { throw failure }
    }

    private func words(_ outcome: Store.Settlement) -> (String, String?) {
        let texts = Texts(Language(environment: ProcessInfo.processInfo.environment))
        switch outcome {
        case .applied: return ("recorded", nil)
        case .duplicate: return ("duplicate", nil)
        case .waiting: return ("waiting", waiting)
        case .refused: return ("refused", texts.reason(of: outcome, to: actor))
        case .rejected, .denied: return ("rejected", texts.reason(of: outcome, to: actor))
        }
    }
}
