import ArgumentParser
import ControlRoom
import Shell
import Store

struct ShelveCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "shelve",
        abstract: "Shelve an alert: quiet for a while, listed as shelved, with who and why.")

    @Argument(help: "The alert, by id.") var id: String
    @Option(name: .customLong("for"), help: "For how long: 15m, 2h; at most 8h, a shift.") var length: String
    @Flag(help: "No longer than until it returns to normal.") var once = false
    @Option(help: "Why; needed for more than an hour.") var reason: String?
    @OptionGroup var actor: ActorOptions
    @OptionGroup var options: StoreOptions

    func run() throws {
        guard let seconds = ShelveCommand.seconds(length), seconds > 0 else {
            throw Usage.wrong("\"\(length)\" is no length of time: 15m, 2h")
        }
        guard seconds <= AlertShelved.longestSeconds else {
            throw Usage.wrong(
                "nothing is shelved for more than \(AlertShelved.longestSeconds / 3_600)h: shelve it again then")
        }
        let why = reason.flatMap { $0.isEmpty ? nil : $0 }
        guard why != nil || seconds <= AlertShelved.reasonlessSeconds else {
            throw Usage.wrong("for more than an hour it needs a --reason")
        }
        let opened = try options.open(as: actor.identity)
        let (line, realm) = try AlertFinder(store: opened.store).find(id)
        let sender = try ActSender(opened, asked: actor.identity)
        let fact = AlertShelved(until: sender.now.adding(seconds: Double(seconds)), once: once, reason: why)
        let event = try sender.event(
            .alertShelved, subject: line.alert.subject, data: JSONWriter.bytes(fact.write), realm: realm,
            status: line.alert.status)
        try ActReport.tell(try sender.send([event])[0], what: "shelve \(id)", id: event.id, json: actor.json)
    }

    /// - Returns: nil for what is no length of time.
    static func seconds(_ text: String) -> Int? {
        guard let unit = text.last, let number = Int(text.dropLast()), (0...100_000).contains(number) else {
            return nil
        }
        switch unit {
        case "m": return number * 60
        case "h": return number * 3_600
        default: return nil
        }
    }
}

struct UnshelveCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "unshelve", abstract: "Take an alert off the shelf; what was acknowledged stays so.")

    @Argument(help: "The alert, by id.") var id: String
    @OptionGroup var actor: ActorOptions
    @OptionGroup var options: StoreOptions

    func run() throws {
        let opened = try options.open(as: actor.identity)
        let (line, realm) = try AlertFinder(store: opened.store).find(id)
        let sender = try ActSender(opened, asked: actor.identity)
        let event = try sender.event(
            .alertUnshelved, subject: line.alert.subject, data: Array("{\"reason\":\"operator\"}".utf8), realm: realm,
            status: line.alert.status)
        try ActReport.tell(try sender.send([event])[0], what: "unshelve \(id)", id: event.id, json: actor.json)
    }
}
