import Answers
import Appearance
import Cells
import Console
import ControlRoom
import Foundation
import Panes
import Settings
import Standards
import Store

/// One console in front of a real store: the reducer and the painters as they are, the shell's threads left out. Keys go
/// in, the screen comes out, and everything between happens before the next line of the test.
final class Session {
    let house: House
    private(set) var state: State
    private var painter: Panes.Painter
    private let library = Library(
        environment: [:], themesDirectory: Repository.path("Themes"), layoutsDirectory: Repository.path("Layouts"))
    private let traveller: Traveller
    private var unsettled: [(id: String, act: Act)] = []
    private var unsettledMasses: [(ids: [String], mass: MassAct)] = []
    private var lateFetches: [Fetch] = []
    private var acts = 0
    private let name: String

    // MARK: What the shell was asked for
    private(set) var bells = 0
    private(set) var notices: [String] = []
    private(set) var alarms: [AlarmNotice] = []
    private(set) var hasQuit = false
    private(set) var wasSuspended = false
    private(set) var mouseIsOn = false
    private(set) var recorded: [Act] = []
    private(set) var exported: [(query: AlertQuery, path: String)] = []

    /// Answers wait until `answers()`: a slow disk.
    private var passphrase = ""
    var isSlow = false
    /// Acts wait until the house settles: a busy feed.
    var settlesAtOnce = true

    init(
        _ size: String = "120x40", in house: House? = nil, as actor: String = "op1", layout: String = "operator",
        theme: String = "calm", language: Language = .english, keymap: Keymap = .standard, unicode: Bool = true
    ) throws {
        let house = try house ?? House()
        self.house = house
        name = actor
        let folder = house.folder
        let path = house.store.path
        traveller = Traveller(
            open: { try Store(path: path) { "" } },
            makePath: { folder.appending(path: "past-\(UUID().uuidString)").path }, remove: { _ in })
        let (width, height) = Session.size(size)
        let answering = Answering(store: house.store, zone: house.zone, now: house.now)
        let city = try answering.cityView()
        let identities = Identity.embedded(tenant: city.city.tenant)
        state = State(
            now: house.now, zone: house.zone, width: width, height: height, texts: Texts(language), keymap: keymap,
            identity: identities.first { $0.actor == actor } ?? identities[0], identities: identities, city: city,
            realm: .actual, layout: library.layout(named: layout).value ?? Library.builtInLayout,
            layoutNames: library.layoutNames(), themeName: theme, themeNames: library.themeNames())
        painter = Panes.Painter(
            widths: libraryWidths(unicode: unicode), theme: library.theme(named: theme).value ?? Library.builtInTheme,
            braille: unicode)
        house.join(self)
        try perform(state.open())
        try house.tell()
    }

    private static func size(_ text: String) -> (Int, Int) {
        let parts = text.split(separator: "x").compactMap { Int($0) }
        return (parts[0], parts[1])
    }

    // MARK: - In

    func send(_ message: Message) throws { try perform(reduce(into: &state, message)) }

    @discardableResult
    func press(_ keys: String...) throws -> Session {
        for name in keys {
            guard let key = Key(name) else { throw Trouble("no key is called \(name)") }
            try send(.key(key))
        }
        return self
    }

    @discardableResult
    func type(_ text: String) throws -> Session {
        for character in text { try send(.key(.character(character))) }
        return self
    }

    /// Runs a command by its name in the palette.
    @discardableResult
    func command(_ title: String) throws -> Session { try press(":").type(title).press("enter") }

    @discardableResult
    func paste(_ text: String) throws -> Session {
        try send(.paste(text))
        return self
    }

    @discardableResult
    func resize(_ size: String) throws -> Session {
        let (width, height) = Session.size(size)
        try send(.resized(width: width, height: height))
        return self
    }

    /// Goes to an item of the list that is being chosen from, and takes it.
    @discardableResult
    func choose(_ text: String) throws -> Session {
        guard case .choice(let choice) = state.modal else { throw Trouble("nothing is to be chosen:\n" + screen) }
        guard let index = choice.items.firstIndex(where: { $0.text.contains(text) }) else {
            throw Trouble("\"\(text)\" cannot be chosen:\n" + screen)
        }
        try press("home")
        for _ in 0..<index { try press("down") }
        return try press("enter")
    }

    func sound(_ change: (inout SoundPlan) -> Void) { change(&state.bell.plan) }

    /// From now on a locked console is unlocked by this alone.
    func wantsPassphrase(_ text: String) {
        passphrase = text
        state.wantsPassphrase = true
    }

    /// Lets what was asked for be answered.
    @discardableResult
    func answers() throws -> Session {
        while !lateFetches.isEmpty { try answer(lateFetches.removeFirst()) }
        return self
    }

    // MARK: - Out

    private func perform(_ effects: [Effect]) throws { for effect in effects { try perform(effect) } }

    private func perform(_ effect: Effect) throws {
        switch effect {
        case .fetch(let fetch): try ask(fetch)
        case .record(let act): try record(act)
        case .recordMany(let mass): try record(mass)
        case .export(let query, let path): exported.append((query, path))
        case .saveView(let view): try send(.views(state.views.filter { $0.name != view.name } + [view]))
        case .deleteView(let name): try send(.views(state.views.filter { $0.name != name }))
        case .exercise(let order): try house.carryOut(order)
        case .loadTheme(let name): try loadTheme(name)
        case .loadLayout(let name): try loadLayout(name)
        case .bell: bells += 1
        case .alarm(let notice): alarms.append(notice)
        case .notify(let text): notices.append(text)
        case .setMouse(let on): mouseIsOn = on
        case .unlock(let identity, let text, let number):
            try send(.unlocked(identity, text == passphrase, number: number))
        case .toldVerdicts(let actor, let place): try house.store.noteVerdicts(toldTo: actor, through: place)
        case .redraw: break
        case .suspend: wasSuspended = true
        case .quit: hasQuit = true
        }
    }

    /// An act that was on its way already.
    func carryOut(_ act: Act) throws { try record(act) }

    private func ask(_ fetch: Fetch) throws {
        guard isSlow else { return try answer(fetch) }
        lateFetches.removeAll { $0.lane == fetch.lane }
        lateFetches.append(fetch)
    }

    private func answer(_ fetch: Fetch) throws {
        // As the program does between its answers.
        if case .alerts(let request) = fetch, request.query.grouping != nil {
            while try house.store.readColumns(for: nil) {}
        }
        switch fetch {
        case .travel(let number, let time):
            return try send(.fetched(traveller.build(number, at: time, now: house.now)))
        case .enterPast(let number, let realm):
            return try send(.fetched(try traveller.enter(number, realm: realm, zone: house.zone)))
        case .returnToNow(let number):
            traveller.leave(number)
            return try send(.fetched(.past(number, nil)))
        default: break
        }
        let answering = Answering(store: house.store, zone: house.zone, now: house.now, past: traveller.past)
        try send(.fetched(try answering.answer(fetch)))
    }

    private func record(_ mass: MassAct) throws {
        acts += 1
        let name = "\(name)-\(acts)"
        var ids: [String] = []
        for index in 0..<mass.count {
            guard let act = mass.act(index) else { continue }
            ids.append(Store.massID(name, index + 1))
            try enqueue(act, id: Store.massID(name, index + 1))
        }
        unsettledMasses.append((ids, mass))
        if settlesAtOnce { try house.settle() }
    }

    /// As `ActRecorder` keeps it and `ActEvent` names it.
    private func record(_ act: Act) throws {
        acts += 1
        let id = "\(name)-\(acts)"
        try enqueue(act, id: id)
        unsettled.append((id, act))
        if settlesAtOnce { try house.settle() }
    }

    private func enqueue(_ act: Act, id: String) throws {
        recorded.append(act)
        let subject = act.subject(of: id)
        var event = Event(
            id: id, source: "urn:impetus:console", type: act.type, subject: subject, time: house.now,
            data: .json(act.data))
        event.actor = act.actor
        event.occurred = HybridTime(milliseconds: house.now.milliseconds, counter: 0)
        event.exercise = act.realm.exercise
        if act.realm == .technical { event.extensions["status"] = act.status.rawValue }
        try house.store.enqueue([(id: id, subject: subject, event: CloudEventWriter.json(event))], now: house.now)
    }

    func hearSettlements() throws {
        let masses = unsettledMasses
        unsettledMasses = []
        for (ids, mass) in masses {
            let outcomes = try ids.compactMap { try outcome(of: $0) }
            if outcomes.count == ids.count {
                let all = outcomes.map { MassOutcome.Failure(outcome: $0, count: 1) }
                try send(.settledMany(mass, MassOutcome(all)))
            } else {
                unsettledMasses.append((ids, mass))
            }
        }
        let waiting = unsettled
        unsettled = []
        for (id, act) in waiting {
            if let outcome = try outcome(of: id) {
                try send(.settled(act, outcome))
            } else {
                unsettled.append((id, act))
            }
        }
    }

    private func outcome(of id: String) throws -> ActOutcome? {
        switch try house.store.settlement(of: id) {
        case nil, .waiting?: nil
        case .applied?, .duplicate?: .applied
        case .refused(let code)?: Outcome.Reason(code: code).map(ActOutcome.refused) ?? .rejected(code)
        case .rejected(let reason)?, .denied(let reason)?: .rejected(reason)
        }
    }

    private func loadTheme(_ name: String) throws {
        let loaded = library.theme(named: name)
        if let theme = loaded.value { painter.setTheme(theme) }
        try send(.theme(name: name, warnings: loaded.warnings.map(\.description)))
    }

    private func loadLayout(_ name: String) throws {
        let loaded = library.layout(named: name)
        try send(.layout(loaded.value ?? state.layout, warnings: loaded.warnings.map(\.description)))
    }

    // MARK: - The screen

    func canvas() -> Canvas { painter.paint(state.scene(), width: state.width, height: state.height) }

    var lines: [String] {
        let canvas = canvas()
        return (0..<canvas.height).map { canvas.line($0) }
    }

    var screen: String { lines.joined(separator: "\n") }

    /// The last line.
    var footer: String { lines.last ?? "" }

    /// The headline of the alert under the cursor.
    var current: String? { state.alerts.current?.alert.headline }
}

/// A test that cannot go on.
struct Trouble: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) { self.description = description }
}
