import ArgumentParser
import ControlRoom
import Shell
import Store

struct ToolsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "tools", abstract: "The tools of the site: list them, register one, rename it, or remove it.",
        discussion: """
            impetus tools add NOISE --name "noise meters" --silent-after 10m --as sup1
            Nine are shipped; they can be renamed, and not removed. Alerts of a tool that is not registered show its code all the same. A \
            supervisor or administrator registers tools, and it holds for everybody who reads the log.
            """,
        subcommands: [List.self, Add.self, Remove.self], defaultSubcommand: List.self)

    struct List: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract:
                "Code, name, how long its silence is normal, its state, its last word, and whether it is registered.")
        @Flag(help: "One JSON object a line.") var json = false
        @OptionGroup var options: NamedStoreOptions

        func run() throws {
            let store = try options.open().store
            let (register, now) = (try store.toolRegister(), Surroundings.live.now())
            let reports = try store.toolReports(.actual)
            let lines = register.entries + register.seen.map { ToolRegister.Entry(tool: $0, name: "") }
            if !json { Output.row(ToolLine.heading) }
            for entry in lines {
                let line = ToolLine(entry, register, reports.first { $0.tool == entry.tool }, now)
                if json { Output.json(line.object) } else { Output.row(line.fields) }
            }
            if register.hasMore {
                Output.note("\(ToolRegister.mostSeen) tools that nobody has registered are named; there are more")
            }
        }
    }

    struct Add: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Register a tool, or change what is registered of it. What is not given stays as it is.")
        @Argument(help: "Its code, as its alerts have it: 1 to 12 of A-Z, 0-9 and -.") var code: String
        @Option(help: "What the site calls it; needed for a new tool.") var name: String?
        @Option(
            help: ArgumentHelp(
                "How long its silence is normal: 30s, 3m, 2h, 1d. A new tool has 3m.", valueName: "length"))
        var silentAfter: String?
        @OptionGroup var actor: ActorOptions
        @OptionGroup var options: StoreOptions

        func run() throws {
            let tool = try ToolsCommand.tool(code)
            let seconds = try silentAfter.map(ToolsCommand.seconds)
            let opened = try options.open(as: actor.identity)
            let known = try opened.store.toolRegister()[tool]
            guard let name = name ?? known?.name, !name.isEmpty else {
                throw Usage.wrong("a tool has a name: impetus tools add \(tool.code) --name NAME")
            }
            guard name.utf8.count <= ToolRegister.longestName else {
                throw Usage.wrong("a name has at most \(ToolRegister.longestName) bytes")
            }
            let fact = ToolRegistered(
                name: name,
                silentAfterSeconds: seconds ?? known?.silentAfterSeconds ?? ToolReport.silentAfterSeconds)
            try ToolsCommand.send(
                .toolRegistered, tool, JSONWriter.bytes(fact.write), "register \(tool.code)", actor, opened)
        }
    }

    struct Remove: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Take a tool off the register; its alerts keep its code.")
        @Argument(help: "Its code.") var code: String
        @OptionGroup var actor: ActorOptions
        @OptionGroup var options: StoreOptions

        func run() throws {
            let tool = try ToolsCommand.tool(code)
            guard !tool.isShipped else {
                throw Usage.wrong("\(tool.code) is shipped: it can be renamed (impetus tools add), not removed")
            }
            let opened = try options.open(as: actor.identity)
            guard try opened.store.toolRegister()[tool] != nil else {
                Output.note("\(tool.code) is not registered; impetus tools lists what is")
                throw ExitCode.badData
            }
            try ToolsCommand.send(.toolRemoved, tool, Array("{}".utf8), "remove \(tool.code)", actor, opened)
        }
    }

    // MARK: - Shared

    private static func send(
        _ type: EventType, _ tool: Tool, _ data: [UInt8], _ what: String, _ actor: ActorOptions, _ opened: OpenedStore
    ) throws {
        let sender = try ActSender(opened, asked: actor.identity)
        let event = try sender.event(type, subject: tool.code, data: data, realm: .actual, status: .actual)
        try sender.report.tell(try sender.send([event])[0], what: what, id: event.id, json: actor.json)
    }

    private static func tool(_ text: String) throws -> Tool {
        let code = text.uppercased()
        if ToolRegister.mayRegister(code) { return Tool(code: code) }
        guard Tool.isCode(code) else {
            throw Usage.wrong(
                "\"\(text)\" is no code (1 to \(Tool.mostCharacters) of A-Z, 0-9 and -): alerts that name such a tool show as "
                    + Tool.form(of: text))
        }
        throw Usage.wrong("\(code) is what filters call all that is not registered: choose another code")
    }

    private static func seconds(_ text: String) throws -> Int {
        let plain = text.hasSuffix("s") ? Int(text.dropLast()) : ShelveCommand.seconds(text)
        guard let seconds = plain, ToolRegister.silenceRange.contains(seconds) else {
            throw Usage.wrong("\"\(text)\" is no length from 10s to 7d: 30s, 3m, 2h, 1d")
        }
        return seconds
    }
}

/// A tool as the list shows it.
private struct ToolLine {
    let entry: ToolRegister.Entry
    let isRegistered: Bool
    /// `ok`, `degraded`, `off`, `silent`; nil where nothing was heard from it.
    let state: String?
    let heard: String?

    init(_ entry: ToolRegister.Entry, _ register: ToolRegister, _ report: ToolReport?, _ now: Timestamp) {
        self.entry = entry
        isRegistered = register[entry.tool] != nil
        heard = report?.heard.rfc3339
        state = report.map { $0.isSilent(at: now, after: entry.silentAfterSeconds) ? "silent" : $0.state.rawValue }
    }

    static let heading = ["CODE", "NAME", "SILENT AFTER", "STATE", "LAST WORD", "REGISTER"]

    /// What comes in CAP messages is from many: there is no tool that could fall silent.
    private var isNoTool: Bool { entry.tool == .cap }

    private var origin: String { !isRegistered ? "not registered" : entry.tool.isShipped ? "shipped" : "registered" }

    var fields: [String] {
        [
            entry.tool.code, entry.name.isEmpty ? "-" : entry.name,
            isNoTool ? "never" : "\(entry.silentAfterSeconds) s", state ?? (isNoTool ? "many sources" : "-"),
            heard ?? "-", origin,
        ]
    }

    var object: String {
        var writer = JSONWriter()
        writer.object { writer in
            writer.member("code", entry.tool.code)
            writer.member("name", isRegistered ? entry.name : nil)
            writer.member("silent_after_s", entry.silentAfterSeconds)
            writer.member("state", state)
            writer.member("heard", heard)
            writer.member("registered", isRegistered)
            writer.member("shipped", entry.tool.isShipped)
        }
        return writer.text
    }
}
