import ArgumentParser
import Console
import ControlRoom
import Feed
import Foundation
import Shell
import Store

/// Which alerts a command acts on, where it is not told by id.
struct MassOptions: ParsableArguments {
    @Option(name: .customLong("where"), help: ArgumentHelp("All that a filter finds.", valueName: "filter"))
    var filter: String?
    @Flag(help: "With --where: of the last exercise, not what is Actual.") var exercise = false
    @Flag(help: "With --where: do not ask.") var yes = false
}

/// Which exercise `--exercise` means.
enum LatestExercise {
    /// - Throws: an exit code where there was none: nothing that was meant for an exercise is done to what is Actual.
    static func realm(_ store: Store) throws -> Realm {
        guard let name = try store.latestExercise()?.name else {
            Output.note("there was no exercise in this store")
            throw ExitCode.badData
        }
        return .exercise(name)
    }
}

/// Does the same to alerts that are named by id, or to all that a filter finds.
struct DeedRunner {
    /// What is done, in a word: `acknowledge`.
    let verb: String
    let mass: MassOptions
    let actor: ActorOptions
    let options: StoreOptions
    var note: String?
    /// What explains them, by id, where they are linked to it.
    var cause: String?

    /// - Parameter deed: made with the time that counts.
    func run(_ ids: [String], _ deed: (Timestamp) throws -> AlertDeed) throws {
        guard ids.isEmpty != (mass.filter == nil) else { throw Usage.wrong("which alerts? ids, or --where FILTER") }
        let opened = try options.open(as: actor.identity)
        let sender = try ActSender(opened, asked: actor.identity)
        let deed = try deed(sender.now)
        if case .assign(let person?) = deed {
            let people = try opened.store.people()
            guard people.contains(person) else {
                throw Usage.wrong("\(person) is not known here; there are \(people.joined(separator: ", "))")
            }
        }
        if let filter = mass.filter { return try act(deed, where: filter, opened.store, sender) }
        try act(deed, on: ids, opened.store, sender)
    }

    /// All in one transaction, with one wait for all; each is told by itself.
    ///
    /// - Throws: what the last of the ids that failed says.
    private func act(_ deed: AlertDeed, on ids: [String], _ store: Store, _ sender: ActSender) throws {
        let made = ids.map { id in Result { try event(deed, on: id, store, sender) } }
        let events = made.compactMap { try? $0.get() }
        var outcomes = try events.isEmpty ? [] : sender.send(events)[...]
        let report = sender.report
        var failure: (any Error)?
        for (id, made) in zip(ids, made) {
            do {
                let event = try made.get()
                let outcome = outcomes.popFirst() ?? .waiting
                try report.tell(
                    outcome, what: "\(verb) \(id)", id: event.id, json: actor.json, alert: id,
                    hint: hint(deed, outcome, sender))
            } catch let found as NotFound {
                if actor.json { ActReport.object("rejected", id: nil, alert: id, reason: found.reason) }
                failure = ExitCode.badData
            } catch {
                failure = error
            }
        }
        if let failure { throw failure }
    }

    /// Where one may not do it alone, and may ask for it.
    private func hint(_ deed: AlertDeed, _ outcome: Store.Settlement, _ sender: ActSender) -> String? {
        guard let role = sender.role, role.may(.shelve) else { return nil }
        switch (deed, outcome) {
        case (.shelve, .refused(let code)) where code == Outcome.Reason.needsApproval.code: break
        // Of whose certificate was revoked, nobody takes a request either.
        case (.removeFromService, .denied(let why)) where why == EventForm.denial(ofActBy: role, deed.type): break
        default: return nil
        }
        return "--ask asks a supervisor for it"
    }

    /// No act can be made of what was asked; that it was said.
    private struct NotFound: Error {
        let reason: String

        init(_ reason: String) {
            self.reason = reason
            Output.note(reason)
        }
    }

    private func event(_ deed: AlertDeed, on id: String, _ store: Store, _ sender: ActSender) throws -> Event {
        guard let (line, realm) = try AlertFinder(store: store).first(id) else {
            defer { try? CopyAge.tellMissing(store) }
            throw NotFound(AlertFinder.missing(id))
        }
        let alert = AlertRef(line, at: sender.now)
        let deed = try named(deed, store, realm, at: sender.now)
        if case .link(let cause?) = deed, cause.own.contains(alert.subject) {
            throw NotFound("\(id) explains \(cause.subject) itself")
        }
        if case .decide = deed, alert.request == nil {
            throw NotFound("\(id): nothing is asked for; impetus alerts 'requested = yes' lists what is")
        }
        return try sender.event(
            deed.type, subject: alert.subject, data: deed.data(on: alert, note: note), realm: realm,
            status: alert.status)
    }

    private func act(_ deed: AlertDeed, where text: String, _ store: Store, _ sender: ActSender) throws {
        let realm = try mass.exercise ? LatestExercise.realm(store) : .actual
        let deed = try named(deed, store, realm, at: sender.now)
        var alerts: [AlertRef] = []
        try FilterArgument(text, view: nil, store, now: Surroundings.live.now()).each(store) { line, found in
            let alert = AlertRef(line, at: sender.now)
            if found == realm, deed.fits(alert, by: sender.actor) { alerts.append(alert) }
        }
        guard !alerts.isEmpty else { return Output.line("nothing is found on which it would have an effect") }
        try confirm(alerts.count)
        let act = MassAct(
            steps: .deed(deed, note: note, alerts), actor: sender.actor, realm: realm, words: "")
        try sender.report.tell(try sender.send(act), what: verb, json: actor.json) { hint(deed, $0, sender) }
    }

    /// With what explains them: an alarm of their own realm.
    private func named(
        _ deed: AlertDeed, _ store: Store, _ realm: Realm, at now: Timestamp
    ) throws -> AlertDeed {
        guard let cause else { return deed }
        guard let found = try store.alerts(named: cause).first(where: { $0.realm == realm }) else {
            Output.note("no alert of \(realm.name) is called \"\(cause)\"; impetus alerts lists them")
            throw ExitCode.badData
        }
        let own = try store.causes(of: found.line.alert.subject, realm: realm).dropFirst()
        return .link(AlertDeed.Cause(found.line.alert, at: now, own: Array(own)))
    }

    private func confirm(_ count: Int) throws {
        if mass.yes { return }
        guard isatty(STDIN_FILENO) == 1 else { throw Usage.wrong("\(count) alerts are found; --yes does it") }
        Output.prompt("\(verb) \(count) alerts? [y/N] ")
        guard readLine()?.lowercased() == "y" else { throw ExitCode.notPermitted }
    }
}
