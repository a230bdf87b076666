/// Which key means what, and where. A pane's own keys go before those that hold everywhere.
public struct Keymap: Equatable, Sendable {
    private var bindings: [KeyContext: [Key: Command]]

    public init(bindings: [KeyContext: [Key: Command]]) { self.bindings = bindings }

    /// The pane's own meaning of a key, or else the one that it has everywhere; nil for a key that means nothing there.
    public func command(for key: Key, in context: KeyContext) -> Command? {
        bindings[context]?[key] ?? bindings[.everywhere]?[key]
    }

    /// Gives keys to a command in a context; it loses those it had there.
    public mutating func bind(_ command: Command, to keys: [Key], in context: KeyContext) {
        var known = bindings[context] ?? [:]
        known = known.filter { $0.value != command }
        for key in keys { known[key] = command }
        bindings[context] = known
    }

    /// The keys of a command in a context, the shortest name first, and letters before signs: every keyboard has those.
    public func keys(for command: Command, in context: KeyContext) -> [Key] {
        let own = (bindings[context] ?? [:]).filter { $0.value == command }.keys
        let shadowed = context == .everywhere ? [] : Set((bindings[context] ?? [:]).keys)
        let general = (bindings[.everywhere] ?? [:]).filter { $0.value == command && !shadowed.contains($0.key) }.keys
        let all = context == .everywhere ? Array(general) : Array(own) + Array(general)
        func rank(_ key: Key) -> (Int, Int, String) { (key.name.count, key.isLetter ? 0 : 1, key.name) }
        return all.sorted { rank($0) < rank($1) }
    }

    /// The commands that a context binds itself, in the order of `Command`.
    public func commands(in context: KeyContext) -> [Command] {
        let bound = Set((bindings[context] ?? [:]).values)
        return Command.allCases.filter(bound.contains)
    }
}

extension Keymap {
    public static let standard: Keymap = {
        var map = Keymap(bindings: [:])
        for (context, command, keys) in table {
            map.bind(command, to: keys.split(separator: " ").compactMap { Key(String($0)) }, in: context)
        }
        return map
    }()

    private static let movement: [(Command, String)] = [
        (.down, "j down"), (.up, "k up"), (.pageDown, "page-down ctrl-f"), (.pageUp, "page-up ctrl-b"),
        (.top, "g home"), (.bottom, "G end"),
    ]

    private static let table: [(KeyContext, Command, String)] =
        [KeyContext.alerts, .detail, .assets, .checklist, .log, .metrics].flatMap { context in
            movement.map { (context, $0.0, $0.1) }
        } + alerts + map + others + everywhere

    private static let alerts: [(KeyContext, Command, String)] = [
        (.alerts, .acknowledge, "a"), (.alerts, .acknowledgeWithNote, "n"), (.alerts, .assess, "A"),
        (.alerts, .close, "C"), (.alerts, .startChecklist, "c"), (.alerts, .showOnMap, "m"),
        (.alerts, .open, "enter"), (.alerts, .search, "/"), (.alerts, .cycleShow, "o"), (.alerts, .cycleSort, "S"),
        (.alerts, .sortByColumns, "="),
        (.alerts, .shelve, "s"), (.alerts, .mark, "space"), (.alerts, .markRange, "V"), (.alerts, .markAll, "*"),
        (.alerts, .chooseView, "w"), (.alerts, .saveView, "W"), (.alerts, .take, "T"), (.alerts, .decide, "p"),
        (.alerts, .filterTool, "t"), (.alerts, .filterDistrict, "d"), (.alerts, .filterSeverity, "v"),
        (.alerts, .groupAlerts, "x"), (.alerts, .linkCause, "K"), (.alerts, .clearFilter, "0 esc"),
        (.alerts, .follow, "f"),
        (.detail, .acknowledge, "a"), (.detail, .acknowledgeWithNote, "n"), (.detail, .assess, "A"),
        (.detail, .close, "C"), (.detail, .shelve, "s"), (.detail, .startChecklist, "c"), (.detail, .showOnMap, "m"),
        (.detail, .take, "T"), (.detail, .linkCause, "K"), (.detail, .decide, "p"),
    ]

    private static let map: [(KeyContext, Command, String)] = [
        (.map, .panLeft, "h left"), (.map, .panRight, "l right"), (.map, .panUp, "k up"), (.map, .panDown, "j down"),
        (.map, .zoomIn, "+ ="), (.map, .zoomOut, "-"), (.map, .fitOpen, "f"), (.map, .fitCity, "0 home"),
        (.map, .nextDistrict, "n ]"), (.map, .previousDistrict, "p ["), (.map, .listDistrict, "enter"),
        (.map, .toggleStreets, "s"), (.map, .chooseDistrictSet, "D"), (.map, .showOnMap, "m"),
    ]

    private static let others: [(KeyContext, Command, String)] = [
        (.assets, .showOnMap, "m"), (.assets, .showAssetAlerts, "enter"),
        (.checklist, .stepDone, "space"), (.checklist, .stepNotApplicable, "n"), (.checklist, .stepBlocked, "b"),
        (.checklist, .stepNote, "w"), (.checklist, .chooseRun, "enter"), (.checklist, .showOnMap, "m"),
        (.metrics, .showFrequent, "enter"),
    ]

    private static let everywhere: [(KeyContext, Command, String)] = [
        (.everywhere, .undo, "u"), (.everywhere, .palette, ":"), (.everywhere, .help, "? f1"),
        (.everywhere, .nextPane, "tab"), (.everywhere, .previousPane, "shift-tab"), (.everywhere, .pane1, "1"),
        (.everywhere, .pane2, "2"), (.everywhere, .pane3, "3"), (.everywhere, .pane4, "4"),
        (.everywhere, .pane5, "5"), (.everywhere, .pane6, "6"), (.everywhere, .pane7, "7"),
        (.everywhere, .zoomPane, "z"),
        (.everywhere, .changeRealm, "R"), (.everywhere, .silence, "b"), (.everywhere, .lock, "L"),
        (.everywhere, .changeOperator, "O"), (.everywhere, .toggleMouse, "M"), (.everywhere, .redraw, "ctrl-l"),
        (.everywhere, .suspend, "ctrl-z"), (.everywhere, .quit, "q ctrl-c"), (.everywhere, .search, "/"),
        (.everywhere, .showFlood, "F"), (.everywhere, .travel, "@"),
        (.everywhere, .exercisePause, "P"), (.everywhere, .exerciseFaster, ">"), (.everywhere, .exerciseSlower, "<"),
        (.everywhere, .nextLayout, "f2"), (.everywhere, .nextTheme, "f3"),
    ]
}
