import ArgumentParser
import Console
import ControlRoom
import Shell
import Store

struct ShelveCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "shelve",
        abstract: "Shelve alerts: quiet for a while, listed as shelved, with who and why.",
        discussion: "For longer than the site's limit (impetus policy) it wants a second person: --ask asks for one.")

    @Argument(help: "Alerts, by id.") var ids: [String] = []
    @Option(name: .customLong("for"), help: "For how long: 15m, 2h, 3d; at most a week.") var length: String
    @Flag(help: "No longer than until it returns to normal.") var once = false
    @Flag(help: "Ask a supervisor for it.") var ask = false
    @Option(help: "Why.") var reason: ReasonArgument
    @Option(help: "More about why; shown in the detail alone.") var note: String?
    @OptionGroup var mass: MassOptions
    @OptionGroup var actor: ActorOptions
    @OptionGroup var options: StoreOptions

    func run() throws {
        guard let seconds = ShelveCommand.seconds(length), seconds > 0 else {
            throw Usage.wrong("\"\(length)\" is no length of time: 15m, 2h, 3d")
        }
        guard seconds <= AlertShelved.longestSeconds else {
            throw Usage.wrong("nothing is shelved for more than a week: take it out of service")
        }
        try DeedRunner(verb: "shelve", mass: mass, actor: actor, options: options, note: note).run(ids) { now in
            let until = now.adding(seconds: Double(seconds))
            return ask
                ? .request(.shelve(until: until, isOnce: once), reason.code)
                : .shelve(until: until, isOnce: once, reason: reason.code)
        }
    }

    /// - Returns: nil for what is no length of time.
    static func seconds(_ text: String) -> Int? {
        guard let unit = text.last, let number = Int(text.dropLast()), (0...100_000).contains(number) else {
            return nil
        }
        switch unit {
        case "m": return number * 60
        case "h": return number * 3_600
        case "d": return number * 86_400
        default: return nil
        }
    }
}

struct UnshelveCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "unshelve", abstract: "Take alerts off the shelf; what was acknowledged stays so.")

    @Argument(help: "Alerts, by id.") var ids: [String] = []
    @OptionGroup var mass: MassOptions
    @OptionGroup var actor: ActorOptions
    @OptionGroup var options: StoreOptions

    func run() throws {
        try DeedRunner(verb: "unshelve", mass: mass, actor: actor, options: options).run(ids) { _ in .unshelve }
    }
}

struct ServiceCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "service", abstract: "Take alarms out of service, for maintenance, or return them.",
        discussion: """
            What is out of service is not annunciated, whatever it says, until somebody returns it; it stays listed. An \
            operator asks for it with --ask, and a supervisor approves.
            """)

    @Argument(help: ArgumentHelp("out or back, and then alerts, by id.", valueName: "out|back id ..."))
    var words: [String]
    @Flag(help: "Ask a supervisor for it.") var ask = false
    @Option(help: "Why; needed to take something out.") var reason: ReasonArgument?
    @Option(help: "More about why; shown in the detail alone.") var note: String?
    @OptionGroup var mass: MassOptions
    @OptionGroup var actor: ActorOptions
    @OptionGroup var options: StoreOptions

    func run() throws {
        let ids = Array(words.dropFirst())
        let runner = DeedRunner(
            verb: "service", mass: mass, actor: actor, options: options, note: note)
        switch words.first {
        case "out":
            guard let reason else {
                throw Usage.wrong("out of service needs a --reason: \(ReasonArgument.list)")
            }
            try runner.run(ids) { _ in ask ? .request(.removeFromService, reason.code) : .removeFromService(reason.code)
            }
        case "back":
            guard reason == nil, note == nil, !ask else {
                throw Usage.wrong("service back needs neither --reason, --note nor --ask")
            }
            try runner.run(ids) { _ in .returnToService }
        default: throw Usage.wrong("service out ID ..., or service back ID ...")
        }
    }
}

struct ApproveCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "approve", abstract: "Approve what somebody else asks for, or refuse it.",
        discussion:
            "impetus alerts 'requested = yes' lists what is asked for. Nobody can approve their own request.")

    @Argument(help: "Alerts, by id.") var ids: [String] = []
    @Flag(help: "Refuse it.") var refuse = false
    @Option(help: "A note.") var note: String?
    @OptionGroup var mass: MassOptions
    @OptionGroup var actor: ActorOptions
    @OptionGroup var options: StoreOptions

    func run() throws {
        let verb = refuse ? "refuse" : "approve"
        try DeedRunner(verb: verb, mass: mass, actor: actor, options: options, note: note)
            .run(ids) { _ in .decide(isGranted: !refuse) }
    }
}

struct AssignCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "assign", abstract: "Take alerts, or give them to somebody.",
        discussion: """
            Without --to they are yours from now on; only a supervisor gives them to others. \
            impetus assign --where 'owner = op2 and state = open' --to op3 takes over what an absent operator has.
            """)

    @Argument(help: "Alerts, by id.") var ids: [String] = []
    @Option(help: ArgumentHelp("Whose they are from now on.", valueName: "identity")) var to: String?
    @Flag(help: "Nobody's.") var nobody = false
    @OptionGroup var mass: MassOptions
    @OptionGroup var actor: ActorOptions
    @OptionGroup var options: StoreOptions

    func run() throws {
        guard to == nil || !nobody else { throw Usage.wrong("--to or --nobody, not both") }
        try DeedRunner(verb: "assign", mass: mass, actor: actor, options: options).run(ids) { _ in
            nobody || to != nil ? .assign(to: to) : .take
        }
    }
}
