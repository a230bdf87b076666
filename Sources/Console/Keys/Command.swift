/// Everything a person can ask the console to do. Each has a name in the palette and may have a key.
public enum Command: String, CaseIterable, Sendable {
    // The list under the cursor
    case down, up, pageDown, pageUp, top, bottom, open
    // Alerts
    case acknowledge, acknowledgeWithNote, assess, close, shelve, startChecklist, showOnMap, search, cycleShow,
        cycleSort, mark, markRange, markAll, chooseView, saveView, deleteView, exportList,
        sortByColumns, chooseColumns, take, decide, showTeam, suppress, endSuppression, groupAlerts, adjustGroups,
        linkCause
    case filterTool, filterDistrict, filterSeverity, clearFilter, follow, refresh
    // Map
    case panLeft, panRight, panUp, panDown, zoomIn, zoomOut, fitOpen, fitCity, nextDistrict, previousDistrict
    case listDistrict, toggleStreets, chooseDistrictSet
    // Assets
    case showAssetAlerts
    // Figures
    case showFrequent, showFlood
    // Another time
    case travel
    // Checklist
    case stepDone, stepNotApplicable, stepBlocked, stepNote, checklistNote, chooseRun
    // Everywhere
    case undo, palette, help, nextPane, previousPane, pane1, pane2, pane3, pane4, pane5, pane6, pane7, zoomPane
    case changeRealm, silence, lock, changeOperator, chooseLayout, chooseTheme, nextLayout, nextTheme, toggleMouse
    case toggleBell, changeLanguage, redraw, suspend, quit
    // Exercise
    case exercisePause, exerciseFaster, exerciseSlower, exerciseStart, exerciseEnd

    /// Those that move the cursor of a list.
    static let motions: Set<Command> = [.down, .up, .pageDown, .pageUp, .top, .bottom]

    /// The name in keymap files and in the palette: `acknowledge-with-note`.
    public var name: String {
        var text = ""
        for character in rawValue {
            if character.isUppercase { text += "-" + character.lowercased() } else { text.append(character) }
        }
        return text
    }

    public init?(name: String) {
        guard let command = Command.allCases.first(where: { $0.name == name }) else { return nil }
        self = command
    }
}

/// Where a key has its meaning.
public enum KeyContext: String, CaseIterable, Sendable {
    case everywhere, alerts, detail, map, assets, checklist, log, metrics

    init(_ pane: PaneKind) {
        switch pane {
        case .alerts: self = .alerts
        case .detail: self = .detail
        case .map: self = .map
        case .assets: self = .assets
        case .checklist: self = .checklist
        case .log: self = .log
        case .metrics: self = .metrics
        }
    }
}
