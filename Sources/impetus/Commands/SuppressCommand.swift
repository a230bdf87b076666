import ArgumentParser
import Console
import ControlRoom
import Shell
import Store

struct SuppressCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "suppress",
        abstract: "Suppress alarms by design, while something explains them; list it, or end it.",
        discussion: """
            impetus suppress --where 'site = "Stazione" and kind = crowd' --reason other --note evacuated --for 2h
            impetus suppress --where 'in district Arcella and tool = FD' --reason known-fault --while grid/arcella
            What comes is suppressed as well, as long as the rule runs; what becomes worse than it was breaks through. \
            Without options the rules that run are listed.
            """)

    @Option(name: .customLong("where"), help: ArgumentHelp("Which alarms.", valueName: "filter")) var filter: String?
    @Option(help: "Why.") var reason: ReasonArgument?
    @Option(help: "More about why; shown in the detail of an alert alone.") var note: String?
    @Option(name: .customLong("for"), help: ArgumentHelp("For how long: 15m, 2h, 3d.", valueName: "length"))
    var length: String?
    @Option(
        name: .customLong("while"), help: ArgumentHelp("As long as this alert goes on, by id.", valueName: "id"))
    var cause: String?
    @Option(help: ArgumentHelp("End a rule, by id.", valueName: "rule")) var end: String?
    @Flag(help: "Of the last exercise, not what is Actual.") var exercise = false
    @OptionGroup var actor: ActorOptions
    @OptionGroup var options: StoreOptions

    func run() throws {
        if let end {
            guard filter == nil else { throw Usage.wrong("--end ends a rule, --where begins one: not both") }
            return try finish(end, try options.open(as: actor.identity))
        }
        guard let filter else {
            guard reason == nil, note == nil, length == nil, cause == nil else {
                throw Usage.wrong("which alarms? --where FILTER")
            }
            return try list(try options.open(of: actor.identity).store)
        }
        let opened = try options.open(as: actor.identity)
        guard let reason else { throw Usage.wrong("a suppression needs a --reason: \(ReasonArgument.list)") }
        // What cannot be read is said here: the rule alone would suppress nothing.
        let argument = try FilterArgument(filter, view: nil, opened.store, now: Surroundings.live.now())
        guard let read = argument.filter.match else {
            throw Usage.wrong("a filter that asks for nothing suppresses nothing")
        }
        guard !read.asksForClock else {
            throw Usage.wrong("a rule asks for ages (age < 1h), not for times of the clock")
        }
        let sender = try ActSender(opened, asked: actor.identity)
        var fact = SuppressionStarted(filter: filter, reason: SuppressionReason(reason.code, note: note))
        if let length {
            guard let seconds = ShelveCommand.seconds(length), seconds > 0 else {
                throw Usage.wrong("\"\(length)\" is no length of time: 15m, 2h, 3d")
            }
            fact.until = sender.now.adding(seconds: Double(seconds))
        }
        var realm = try exercise ? LatestExercise.realm(opened.store) : .actual
        var status = MessageStatus.actual
        if let cause {
            let found = try AlertFinder(store: opened.store).find(cause)
            guard found.line.alert.isActive(at: sender.now) || found.line.alert.latched else {
                Output.note("\(cause) is over: the rule would end at once")
                throw ExitCode.badData
            }
            fact.cause = found.line.alert.subject
            realm = found.realm
            status = found.line.alert.status
        }
        let event = try sender.event(
            .suppressionStarted, subject: Suppression.subjectPrefix, data: JSONWriter.bytes(fact.write), realm: realm,
            status: status)
        let open = AlertFilter(show: .open, read, argument.vocabulary)
        let count = try opened.store.count(
            AlertQuery(realm: realm, filter: open).at(argument.vocabulary.now), limit: .max)
        Output.note("it is about \(count) alerts that are open now, and about what comes")
        try sender.report.tell(
            try sender.send([event])[0], what: "suppress \(event.id)", id: event.id, json: actor.json)
    }

    private func finish(_ id: String, _ opened: OpenedStore) throws {
        guard let rule = try opened.store.suppressions().first(where: { $0.id == id }) else {
            Output.note("no rule that runs is called \"\(id)\"; impetus suppress lists them")
            throw ExitCode.badData
        }
        let sender = try ActSender(opened, asked: actor.identity)
        let event = try sender.event(
            .suppressionEnded, subject: Suppression.subjectPrefix + id, data: Array("{}".utf8), realm: rule.realm,
            status: rule.realm.actStatus)
        try sender.report.tell(try sender.send([event])[0], what: "end \(id)", id: event.id, json: actor.json)
    }

    private func list(_ store: Store) throws {
        for rule in try store.suppressions() {
            if actor.json {
                var writer = JSONWriter()
                writer.object { writer in
                    writer.member("id", rule.id)
                    writer.member("by", rule.act.by)
                    writer.member("since", rule.act.at.rfc3339)
                    writer.member("realm", rule.realm.name)
                    writer.member("rule", raw: JSONWriter.bytes(rule.rule.open.write))
                }
                Output.json(writer.text)
            } else {
                let ends = [
                    rule.rule.until.map { "until " + $0.rfc3339 }, rule.rule.cause.map { "while \($0) goes on" },
                ].compactMap { $0 }
                let end = ends.isEmpty ? "until it is ended" : ends.joined(separator: ", ")
                Output.row([rule.id, rule.act.by, rule.rule.filter, rule.rule.reason.code.rawValue, end])
            }
        }
    }
}
