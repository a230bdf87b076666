import Answers
import Appearance
import ArgumentParser
import Cells
import Cities
import Console
import ControlRoom
import Feed
import Foundation
import Settings
import Shell
import Store
import Sync
import Terminal

struct ConsoleCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "console", abstract: "Open the console (what impetus does without a subcommand).")

    @Option(help: ArgumentHelp("The store.", valueName: "file")) var store: String?
    @Option(help: ArgumentHelp("A city pack: padova, oslo, or a folder.", valueName: "name|dir")) var city: String?
    @Option(help: ArgumentHelp("How the panes share the screen.", valueName: "name")) var layout: String?
    @Option(help: ArgumentHelp("Colours: calm, high-contrast, colour-blind, light, mono.", valueName: "name"))
    var theme: String?
    @Option(
        name: .customLong("as"),
        help: ArgumentHelp(
            "Who works here: op1, sup1 or resp1; with a hub, an identity enrolled here.", valueName: "identity"))
    var identity: String?
    @Option(help: ArgumentHelp("The hub; without it, that of the identity enrolled here.", valueName: "url"))
    var hub: String?
    @Flag(help: "Start quiet, without the city's exercise.") var noExercise = false
    @Flag(help: "Start with the mouse on.") var mouse = false
    @Flag(help: "Start without the bell.") var noBell = false
    @Option(help: ArgumentHelp("A folder of themes to look in first.", valueName: "dir")) var themes: String?
    @Option(help: ArgumentHelp("A folder of layouts to look in first.", valueName: "dir")) var layouts: String?

    @Argument(help: .hidden) var others: [String] = []

    func run() throws {
        if let word = others.first {
            let commands = Impetus.configuration.subcommands.compactMap { $0.configuration.commandName }
            if commands.contains(word) {
                throw Usage.wrong("options stand behind the command: impetus \(word) --as NAME, and so on")
            }
            throw Usage.wrong("there is no command \"\(Output.printable(word))\"; impetus --help lists them")
        }
        let opened = try open()
        let surroundings = opened.session?.surroundings ?? .live
        let environment = ProcessInfo.processInfo.environment
        let library = Library(environment: environment, themesDirectory: themes, layoutsDirectory: layouts)
        let inbox = Inbox()
        let known = try opened.store.city() ?? opened.pack.city
        let zone = LocalZone.table(known.timeZone, around: surroundings.now())
        let worker = StoreWorker(store: opened.store, inbox: inbox, now: surroundings.now, zone: zone)
        let identities = people(opened, tenant: known.tenant)
        guard
            let person = identities.first(where: { $0.actor == identity })
                ?? (identity == nil || opened.isEnrolled ? identities.first : nil)
        else {
            let enrolled = EnrolledIdentity.names(in: Membership.folder)
            let names = enrolled + (opened.isEnrolled ? [] : identities.map(\.actor))
            throw Usage.wrong("--as is one of \(names.joined(separator: ", "))")
        }
        var notices: [String] = []
        let screen = try openTerminal(environment)
        let look = appearance(library, screen.capabilities, environment, &notices)
        let keys = KeymapFile.load(Paths.live.keymapFile)
        let views = ViewsFile(path: Paths.live.viewsFile).load()
        let sound = SoundFile.load(Paths.live.soundFile)
        notices += (keys.warnings + views.warnings + sound.warnings).map(\.description)

        var state = State(
            now: surroundings.now(), zone: zone, width: screen.size.width, height: screen.size.height,
            texts: Texts(Language(environment: environment)), keymap: keys.keymap, identity: person,
            identities: identities,
            city: try Answering(store: opened.store, zone: zone, now: surroundings.now()).cityView(), realm: .actual,
            layout: look.layout, layoutNames: library.layoutNames(), themeName: look.theme.name,
            themeNames: library.themeNames())
        state.isEmbedded = opened.session == nil
        state.wantsPassphrase = opened.isEnrolled
        state.bell.isOn = !noBell
        state.bell.plan = sound.plan
        state.views = views.views
        state.mouse = mouse
        if let report = opened.report {
            notices.insert(
                "the store was damaged and rebuilt from \(report.events) events; see \(report.setAside)", at: 0)
        }
        if let first = notices.first {
            let more = notices.count > 1 ? " (+\(notices.count - 1): impetus doctor)" : ""
            state.say(first + more, isError: true)
        }

        let feed = driver(opened, inbox, identities)
        let recorder = ActRecorder(
            store: opened.store, inbox: inbox,
            maker: opened.session.map(ActMaker.hub) ?? .embedded(surroundings),
            actors: identities.map(\.actor), texts: state.texts, wroteSomething: feed.poke)
        let app = ConsoleApp(
            state: state, terminal: screen, theme: look.theme, inbox: inbox, worker: worker, recorder: recorder,
            feed: feed, library: library, alarmCommand: AlarmCommand(sound.command),
            unlock: { opened.session?.isPassphrase($1, of: $0) ?? true },
            exports: { query, path, format in
                try Exporter(opened.store, format, surroundings).write([query], toFile: path)
            }, now: surroundings.now)
        worker.onChange {
            feed.poke()
            recorder.poke()
        }
        worker.start()
        recorder.start()
        feed.start()
        let signal = app.run()
        screen.close()
        recorder.stop()
        feed.stop()
        worker.stop()
        opened.store.close()
        opened.session?.end()
        if let signal { throw ExitCode(128 + signal) }
    }

    private func open() throws -> OpenedStore {
        guard let membership = try Membership.chosen(hub: hub, identity: identity, store: store, city: city) else {
            let opened = try OpenedStore.open(path: store, city: city)
            guard opened.store.mirror == nil else {
                throw Usage.wrong(
                    "\(opened.store.path) follows a hub, and nobody here is enrolled there: --as or --hub")
            }
            return opened
        }
        return try OpenedStore.open(try HubSession(membership), path: store)
    }

    private func people(_ opened: OpenedStore, tenant: String) -> [Identity] {
        guard opened.isEnrolled, let session = opened.session else { return Identity.embedded(tenant: tenant) }
        return session.identities
    }

    private func driver(_ opened: OpenedStore, _ inbox: Inbox, _ identities: [Identity]) -> any FeedDriver {
        if let session = opened.session { return SyncRunner(session, store: opened.store, inbox: inbox) }
        return FeedRunner(
            store: opened.store, inbox: inbox, surroundings: .live, script: opened.pack.exercises.first,
            opening: noExercise ? .quiet : .exercise, identities: identities)
    }

    private func openTerminal(_ environment: [String: String]) throws -> Terminal {
        do {
            let noColour = environment["NO_COLOR"].map { !$0.isEmpty } ?? false
            return try Terminal(noColour: noColour, unicode: nil, mouse: mouse)
        } catch {
            Output.note("\(error)")
            throw ExitCode.software
        }
    }

    private func appearance(
        _ library: Library, _ capabilities: Terminal.Capabilities, _ environment: [String: String],
        _ notices: inout [String]
    ) -> (theme: Theme, layout: Layout) {
        let standard = capabilities.colours == 0 ? "mono" : Library.builtInTheme.name
        let wantedTheme = theme ?? environment["IMPETUS_THEME"] ?? standard
        let wantedLayout = layout ?? environment["IMPETUS_LAYOUT"] ?? Library.builtInLayout.name
        let loadedTheme = library.theme(named: wantedTheme)
        let loadedLayout = library.layout(named: wantedLayout)
        notices += (loadedTheme.warnings + loadedLayout.warnings).map(\.description)
        return (loadedTheme.value ?? Library.builtInTheme, loadedLayout.value ?? Library.builtInLayout)
    }
}
