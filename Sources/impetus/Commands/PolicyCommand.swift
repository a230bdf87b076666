import ArgumentParser
import ControlRoom
import Foundation
import Shell
import Store

struct PolicyCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "policy", abstract: "The alarm policy of the site: show it, or set it from a file.",
        discussion: """
            For how long somebody shelves alone (shelf_s), after how long they are reminded of what they acknowledged and what \
            goes on (reminders, by severity), at which hours shifts begin (shifts), what a list groups (groups), and to whom goes what nobody answers \
            (escalations: the first rule that fits counts). Shown as the JSON that --set reads; a supervisor or administrator sets it, and it holds for everybody \
            who reads the log.
            """)

    @Option(help: ArgumentHelp("Set it from a JSON file; - reads standard input.", valueName: "file")) var set: String?
    @OptionGroup var actor: ActorOptions
    @OptionGroup var options: StoreOptions

    func run() throws {
        guard let set else {
            let opened = try options.open(of: actor.identity)
            return Output.json(
                String(decoding: JSONWriter.bytes(try opened.store.alarmPolicy().write), as: UTF8.self))
        }
        let opened = try options.open(as: actor.identity)
        let bytes = try PolicyCommand.read(set)
        let policy: AlarmPolicy
        do {
            policy = try JSONReader.read(bytes) { reader in
                try PolicyCommand.refuseOthers(reader)
                let policy = try AlarmPolicy(reading: &reader)
                try reader.end()
                return policy
            }
        } catch {
            Output.note("\(set): \(error)")
            throw ExitCode.badData
        }
        let sender = try ActSender(opened, asked: actor.identity)
        let known = try opened.store.people() + Role.allCases.map(\.rawValue)
        for name in Set(policy.escalations.flatMap { $0.steps.map(\.to) }).sorted() where !known.contains(name) {
            Output.note("\(name) is no role, and nobody is called so here: nobody hears of what goes to \(name)")
        }
        let register = try opened.store.toolRegister()
        let named = policy.escalations.compactMap(\.tool) + policy.groups.compactMap(\.tool)
        for tool in Set(named).subtracting(register.tools).sorted(by: { $0.code < $1.code }) {
            Output.note(
                "\(tool.code) is not registered (impetus tools add): what is said of it holds where alerts name it")
        }
        let event = try sender.event(
            .alarmPolicySet, subject: "alarm-policy", data: JSONWriter.bytes(policy.write), realm: .actual,
            status: .actual)
        try sender.report.tell(try sender.send([event])[0], what: "set the policy", id: event.id, json: actor.json)
    }

    /// What is misspelled would mean the standard, or a rule that holds everywhere.
    private static func refuseOthers(_ start: JSONReader) throws {
        var reader = start
        try members(of: &reader, "a policy", ["shelf_s", "reminders", "shifts", "groups", "escalations"]) {
            key, reader in
            guard key == "escalations" else { return _ = try reader.skip() }
            try reader.array { reader in
                try members(of: &reader, "an escalation", ["severity", "tool", "district", "steps"]) { key, reader in
                    guard key == "steps" else { return _ = try reader.skip() }
                    try reader.array { reader in
                        try members(of: &reader, "a step", ["after_s", "to"]) { _, reader in _ = try reader.skip() }
                    }
                }
            }
        }
    }

    private static func members(
        of reader: inout JSONReader, _ what: String, _ names: [String],
        _ body: (String, inout JSONReader) throws -> Void
    ) throws {
        try reader.object { key, reader in
            guard names.contains(key) else {
                let known = names.dropLast().joined(separator: ", ") + " and \(names.last ?? "")"
                throw reader.failure("\(what) has no \(key): it has \(known)")
            }
            try body(key, &reader)
        }
    }

    private static let mostBytes = 1 << 20

    private static func read(_ path: String) throws -> [UInt8] {
        let handle = path == "-" ? FileHandle.standardInput : FileHandle(forReadingAtPath: path)
        guard let data = try handle?.read(upToCount: mostBytes) else {
            Output.note("\(path) cannot be read")
            throw ExitCode.noInput
        }
        return Array(data)
    }
}

struct TeamCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "team", abstract: "What everybody has in hand.",
        discussion: """
            A supervisor sees the whole team; everybody else sees what they have in hand. With a hub it is shown for the passphrase \
            alone.
            """)

    @Flag(help: "Of the last exercise, not what is Actual.") var exercise = false
    @OptionGroup var actor: ActorOptions
    @OptionGroup var options: StoreOptions

    func run() throws {
        let viewer = try Viewer(options, asked: actor.identity)
        let store = try options.open(of: viewer.name ?? actor.identity).store
        let seesAll = viewer.role?.may(.assign) ?? false
        let realm = try exercise ? LatestExercise.realm(store) : .actual
        let loads = try store.team(realm, now: Surroundings.live.now())
            .filter { seesAll || $0.person == viewer.actor }
        guard try !loads.isEmpty && viewer.isProven() else { return }
        for load in loads {
            if actor.json {
                Output.json(TeamCommand.object(load))
            } else {
                let oldest = load.oldestWaiting?.rfc3339 ?? "-"
                Output.row([load.person, "\(load.open) open", "\(load.waiting) unack", oldest, "\(load.acts) acts/h"])
            }
        }
    }

    private static func object(_ load: TeamLoad) -> String {
        var writer = JSONWriter()
        writer.object { writer in
            writer.member("person", load.person)
            writer.member("open", load.open)
            writer.member("unacknowledged", load.waiting)
            writer.member("oldest_waiting", load.oldestWaiting?.rfc3339)
            writer.member("acts_last_hour", load.acts)
        }
        return writer.text
    }
}
