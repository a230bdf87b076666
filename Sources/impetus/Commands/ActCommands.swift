import ArgumentParser
import Console
import ControlRoom
import Foundation
import Shell
import Store

/// Finds what a command is about, by key or by its source's identifier.
struct AlertFinder {
    let store: Store

    /// - Throws: an exit code, after it was said that there is none.
    func find(_ name: String) throws -> (line: AlertLine, realm: Realm) {
        if let found = try first(name) { return found }
        Output.note(AlertFinder.missing(name))
        try CopyAge.tellMissing(store)
        throw ExitCode.badData
    }

    /// Nil where there is none.
    func first(_ name: String) throws -> (line: AlertLine, realm: Realm)? {
        let found = try store.alerts(named: name)
        // The latest run of an exercise, or what is Actual, goes before old exercises.
        let open = found.filter { $0.line.alert.isOpen(at: Surroundings.live.now()) }
        let candidates = open.isEmpty ? found : open
        if let actual = candidates.first(where: { !$0.realm.isExercise }) { return actual }
        return candidates.max { $0.line.alert.raised < $1.line.alert.raised }
    }

    static func missing(_ name: String) -> String {
        "no alert is called \"\(name)\"; impetus alerts lists them"
    }
}

struct AckCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "ack", abstract: "Acknowledge alerts, as they are now: by id, or all that a filter finds.",
        discussion: """
            impetus ack --where 'severity <= low and in district Arcella' --note 'known works'
            acknowledges what is Actual and waits, after saying how many that are; one impetus undo takes all of it back.
            """)

    @Argument(help: "Alerts, by id.") var ids: [String] = []
    @OptionGroup var mass: MassOptions
    @Option(help: "A note.") var note: String?
    @OptionGroup var actor: ActorOptions
    @OptionGroup var options: StoreOptions

    func run() throws {
        try DeedRunner(verb: "acknowledge", mass: mass, actor: actor, options: options, note: note)
            .run(ids) { _ in .acknowledge }
    }
}

struct AssessCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "assess", abstract: "Confirm or reject alerts, with a disposition.",
        usage: "impetus assess ID ... confirmed|rejected\n       impetus assess --where FILTER confirmed|rejected")

    @Argument(help: ArgumentHelp("Alerts, by id, and then confirmed or rejected.", valueName: "id ... verdict"))
    var words: [String]
    @Option(help: "none, some, significant, duplicate or false_positive.") var disposition: String = "none"
    @Option(help: "A note.") var note: String?
    @OptionGroup var mass: MassOptions
    @OptionGroup var actor: ActorOptions
    @OptionGroup var options: StoreOptions

    func run() throws {
        guard let judged = words.last.flatMap(Verdict.init(rawValue:)) else {
            throw Usage.wrong("the verdict is confirmed or rejected")
        }
        let disposition = try Disposition(asked: disposition)
        try DeedRunner(verb: "assess", mass: mass, actor: actor, options: options, note: note)
            .run(Array(words.dropLast())) { _ in .assess(judged, disposition) }
    }
}

struct CloseCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "close", abstract: "Close acknowledged alerts with a disposition.")

    @Argument(help: "Alerts, by id.") var ids: [String] = []
    @Option(help: "none, some, significant, duplicate or false_positive.") var disposition: String = "none"
    @Option(help: "A note.") var note: String?
    @OptionGroup var mass: MassOptions
    @OptionGroup var actor: ActorOptions
    @OptionGroup var options: StoreOptions

    func run() throws {
        let disposition = try Disposition(asked: disposition)
        try DeedRunner(verb: "close", mass: mass, actor: actor, options: options, note: note)
            .run(ids) { _ in .close(disposition) }
    }
}

extension Disposition {
    init(asked text: String) throws {
        guard let found = Disposition(rawValue: text.replacing("-", with: "_")) else {
            let known = Disposition.allCases.map(\.rawValue).joined(separator: ", ")
            throw Usage.wrong("the disposition is one of \(known)")
        }
        self = found
    }
}

struct StartCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "start", abstract: "Start a checklist for an alert; prints the run's id.")

    @Argument(help: "The playbook, by id.") var playbook: String
    @Argument(help: "The alert, by id.") var alert: String
    @Flag(help: "Start it although it is already running for this alert.") var again = false
    @OptionGroup var actor: ActorOptions
    @OptionGroup var options: StoreOptions

    func run() throws {
        let opened = try options.open(as: actor.identity)
        let store = opened.store
        let (line, realm) = try AlertFinder(store: store).find(alert)
        guard let book = try store.playbooks().first(where: { $0.id == playbook }) else {
            Output.note("no playbook is called \"\(playbook)\"; impetus checklists lists them")
            throw ExitCode.badData
        }
        try refuseTwice(book, line.alert, realm, store)
        let fact = ChecklistStarted(playbook: book.id, version: book.version, alert: line.alert.subject)
        let sender = try ActSender(opened, asked: actor.identity)
        let event = try sender.event(
            .checklistStarted, subject: "run/" + book.id, data: JSONWriter.bytes(fact.write),
            realm: realm, status: line.alert.status)
        let outcome = try sender.send([event])[0]
        try sender.report.tell(outcome, what: event.subject ?? "", id: event.subject ?? "", json: actor.json)
    }
}

extension StartCommand {
    private func refuseTwice(_ book: Playbook, _ alert: Alert, _ realm: Realm, _ store: Store) throws {
        let running = try store.runs(realm).first { $0.isRunning(book.title, for: alert.subject) }
        guard let running, !again else { return }
        Output.note("\(running.id) is already running for this alert; --again starts another")
        throw ExitCode.badData
    }
}

struct StepCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "step", abstract: "Set a step of a checklist: done, not_applicable, blocked or open.")

    @Argument(help: ArgumentHelp("The run, by id.", valueName: "run")) var runID: String
    @Argument(help: "The step's number.") var step: Int
    @Argument(help: "done, not_applicable, blocked or open.") var state: String = "done"
    @Option(help: "A note.") var note: String?
    @OptionGroup var actor: ActorOptions
    @OptionGroup var options: StoreOptions

    func run() throws {
        guard let wanted = ChecklistRun.StepState(rawValue: state) else {
            throw Usage.wrong("a step is done, not_applicable, blocked or open")
        }
        let opened = try options.open(as: actor.identity)
        let store = opened.store
        guard let run = try store.run(runID) else {
            Output.note("no checklist run is called \"\(runID)\"; impetus checklists lists them")
            throw ExitCode.badData
        }
        try checkOrder(of: run, wanted)
        let realm = try realm(of: run, store)
        let fact = ChecklistStepSet(step: step, state: wanted, note: note)
        let sender = try ActSender(opened, asked: actor.identity)
        let event = try sender.event(
            .checklistStepSet, subject: run.id, data: JSONWriter.bytes(fact.write),
            realm: realm, status: .actual)
        try sender.report.tell(
            try sender.send([event])[0], what: "step \(step) \(wanted.rawValue)", id: event.id, json: actor.json)
    }

    /// The same rule as on the screen.
    private func checkOrder(of run: ChecklistRun, _ wanted: ChecklistRun.StepState) throws {
        guard let step = run.playbook.steps.first(where: { $0.id == self.step }) else { return }
        let waiting = run.hindrances(to: wanted, step)
        guard !waiting.isEmpty else { return }
        let steps = waiting.map(String.init).joined(separator: ", ")
        Output.note("step \(self.step) waits for \(steps); it can be set blocked or not_applicable")
        throw ExitCode.badData
    }

    private func realm(of run: ChecklistRun, _ store: Store) throws -> Realm {
        try store.realm(ofRun: run.id) ?? .actual
    }
}

struct UndoCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "undo", abstract: "Take back your last act, by a new event; the act stays in the log.",
        discussion: """
            Where your last act cannot be taken back, it says why and changes nothing; an earlier one is taken back when it is \
            named by its id, as --json and that message give it.
            """)

    @Argument(help: ArgumentHelp("An earlier act, by its id.", valueName: "act")) var named: String?
    @Flag(help: "Undo in the exercise, not among what is Actual.") var exercise = false
    @OptionGroup var actor: ActorOptions
    @OptionGroup var options: StoreOptions

    func run() throws {
        let opened = try options.open(as: actor.identity)
        let store = opened.store
        let realm = try exercise ? LatestExercise.realm(store) : .actual
        let sender = try ActSender(opened, asked: actor.identity)
        let acts = try named.map { [try find($0, sender, realm)] } ?? last(sender, realm)
        let act = acts[0]
        let seen = try store.seen(of: acts, realm)
        let what = "undo the \(ActWords.noun(act.type)) of"
        guard acts.count == 1 else {
            let mass = MassAct(steps: .undo(acts, seen: seen), actor: sender.actor, realm: realm, words: "")
            return try sender.report.tell(try sender.send(mass), what: what, json: actor.json)
        }
        let fact = ActUndone(act: act.id, type: act.type, seen: act.subject.flatMap { seen[$0] })
        let event = try sender.event(
            .actUndone, subject: act.subject ?? "", data: JSONWriter.bytes(fact.write),
            realm: realm, status: .actual)
        try sender.report.tell(
            try sender.send([event])[0], what: what + " " + (act.subject ?? ""), id: event.id, json: actor.json)
    }

    private static let mostNamed = 1_000

    private func find(_ id: String, _ sender: ActSender, _ realm: Realm) throws -> Event {
        let acts = try sender.store.undoable(by: sender.actor, realm: realm, limit: UndoCommand.mostNamed)
        guard let act = acts.first(where: { $0.id == id }) else {
            Output.note("no act of \(sender.actor)'s that can be undone is called \"\(id)\"")
            throw ExitCode.badData
        }
        return act
    }

    /// The last act, with all that were done together with it; never another in its place.
    ///
    /// - Returns: at least one.
    private func last(_ sender: ActSender, _ realm: Realm) throws -> [Event] {
        let store = sender.store
        guard let last = try store.lastAct(by: sender.actor, realm: realm) else {
            let hint = exercise ? "" : "; --exercise undoes in the exercise"
            Output.note("nothing of \(sender.actor)'s can be undone\(hint)")
            throw ExitCode.badData
        }
        let acts = try store.lastUndoable(by: sender.actor, realm: realm)
        if let first = acts.first, Store.areOne(first, last.act) { return acts }
        try refuse(last, before: acts.first, sender)
        throw ExitCode.badData
    }

    /// Says why the last act stays, and which could be taken back.
    private func refuse(_ last: Store.LastAct, before: Event?, _ sender: ActSender) throws {
        let zone = LocalZone.table(try sender.store.city()?.timeZone ?? "UTC", around: sender.now)
        func words(_ act: Event) -> String { ActWords.text(act, at: zone.local(act.happened).clock) }
        let texts = Texts(Language(environment: ProcessInfo.processInfo.environment))
        let why =
            last.hasUndo
            ? last.hindrance.map { texts.words(for: $0, to: sender.actor) } ?? texts(.nothingToUndo)
            : ActWords.way(last.act.type)
        let reason = "your last act, \(words(last.act)), cannot be undone: \(why)"
        if actor.json { ActReport.object("refused", id: last.act.id, alert: nil, reason: reason) }
        Output.note(reason)
        if let before { Output.note("impetus undo \(before.id) takes back \(words(before)) all the same") }
    }
}
