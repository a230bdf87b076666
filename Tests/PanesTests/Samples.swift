import Console
import ControlRoom

/// The scenes of `SCREENS.md`.
enum Samples {
    static let header = HeaderScene(
        city: "IMPETUS  Padova", banner: nil, breakthrough: nil, who: "Police · operator · op1",
        feed: Span("feed live 0s"),
        outbox: Span("out 0"), clock: "14:03:21")

    static var exercise: HeaderScene {
        var header = header
        header.banner = "EXERCISE crowd-at-signori  04:12 of 20:00  x1"
        return header
    }

    static let tools = ToolStripScene(
        entries: [
            .init(code: "FD", state: Span("ok 3s", .ok)), .init(code: "UAD", state: Span("ok 9s", .ok)),
            .init(code: "SMD", state: Span("ok 41s", .ok)), .init(code: "CTI", state: Span("ok 4m", .ok)),
            .init(code: "CTDR", state: Span("ALERT 12s", .warning)), .init(code: "BD", state: Span("ok 20s", .ok)),
            .init(code: "EO", state: Span("ready")), .init(code: "WMS", state: Span("ok 8s", .ok)),
        ],
        minutes: [1, 0, 3, 5, 2, 1], notes: [Span("10min 6"), Span("shelved 2"), Span("owed 3", .warning)])

    static let tabs = TabsScene(tabs: [
        .init(key: "1", title: "Alerts", count: "7!", selected: true, urgent: true),
        .init(key: "2", title: "Map", count: "", selected: false, urgent: false),
        .init(key: "3", title: "Assets", count: "4", selected: false, urgent: true),
        .init(key: "4", title: "Checklist", count: "3/11", selected: false, urgent: false),
        .init(key: "5", title: "Log", count: "", selected: false, urgent: false),
    ])

    static let footer = FooterScene(
        hints: [
            .init(key: "a", title: "ack"), .init(key: "A", title: "assess"), .init(key: "c", title: "checklist"),
            .init(key: "s", title: "shelve"), .init(key: "m", title: "map"), .init(key: "/", title: "find"),
            .init(key: ":", title: "command"), .init(key: "?", title: "keys"),
        ],
        status: Span("op1 acknowledged \"Reading high\""))

    // MARK: - Lists

    static func alert(
        _ severity: Severity, _ word: String, _ age: String, _ state: String, _ district: String, _ tool: String,
        _ headline: String, _ confidence: String = "", _ occurrence: String = "", quiet: Bool = false
    ) -> AlertsScene.Row {
        AlertsScene.Row(
            severity: severity, severityWord: word, age: age, state: state,
            needsAcknowledgement: state.contains("UNACK") || state.contains("unack"), quiet: quiet,
            district: district, tool: tool, headline: headline, confidence: confidence, occurrence: occurrence)
    }

    static let alerts = AlertsScene(
        title: TitleScene(
            title: "Alerts", notes: [Span("7 unack", .strong), Span("23 active"), Span("1,204 today")],
            right: "by need"),
        columns: AlertColumn.standard,
        rows: [
            alert(.critical, "CRIT", "9s", "UNACK", "Centro", "FD", "Weapon seen, Piazza dei Signori", "96%", "3"),
            alert(.high, "HIGH", "41s", "UNACK", "Centro", "UAD", "Crowd far above normal for 14:00", "81%"),
            alert(.high, "HIGH", "2m", "rtn-unack", "Est", "CTDR", "Camera VLAN: new admin session", "100%", "104"),
            alert(.medium, "MED", "6m", "ack", "Arcella", "SMD", "Topic \"stazione\" rising, 214 posts", "", "12"),
            alert(.low, "LOW", "14m", "ack", "Ovest", "BD", "Reading high, below alarm"),
            alert(.info, "INFO", "3h", "shelved 12m", "Nord", "CTI", "Leaked credentials of a supplier", quiet: true),
        ],
        cursor: 0, empty: ["nothing open", "last alert 3 h ago; feed live"])

    static let assets = AssetsScene(
        title: TitleScene(title: "Assets", notes: [Span("61"), Span("4 to fix now", .severity(.high))]),
        columns: AssetColumn.standard,
        rows: [
            .init(
                risk: 87, fixNow: true, name: "VMS server", reason: "KEV due in 2d · internet-facing",
                owner: "Municipality", kind: "server"),
            .init(
                risk: 63, fixNow: false, name: "Traffic ctl 14", reason: "on path to VMS · EPSS 0.71",
                owner: "Mobility", kind: "plc"),
            .init(risk: 100, fixNow: true, name: "Gateway", reason: "unpatched", owner: "Police", kind: "router"),
            .init(risk: 0, fixNow: false, name: "Kiosk", reason: "", owner: "Transport", kind: "terminal"),
        ],
        cursor: 1, empty: ["no assets known"])

    static func step(
        _ number: Int, _ title: String, _ state: ChecklistRun.StepState = .open, next: Bool = false,
        note: Span = Span(""),
        text: String = ""
    ) -> ChecklistScene.Row {
        .init(number: String(number), title: title, text: text, state: state, isNext: next, note: note)
    }

    static let checklist = ChecklistScene(
        title: TitleScene(title: "Checklist", notes: [Span("Armed person v4"), Span("2 of 6"), Span("00:51")]),
        rows: [
            step(1, "Confirm on a second camera", .done, note: Span("op1 14:03:40")),
            step(2, "Alert patrol in Centro", .notApplicable, note: Span("op1 14:03:58")),
            step(
                3, "Close entrances of the square", next: true, note: Span("due 00:24", .warning),
                text: "Via Fiume, Via Manin, Piazza Cavour. Nobody goes in. People may leave by Via Monte di Pietà."),
            step(4, "Announce: leave by Via Monte di Pietà"),
            step(5, "Ask EO for two exit plans", .blocked, note: Span("after 3")),
            step(6, "Hand over"),
        ],
        cursor: 2, empty: ["no checklist is running", "c starts one"], card: false)

    static let detail = DetailScene(
        title: TitleScene(title: "Detail"),
        lines: [
            [Span("‼ CRIT", .severity(.critical)), Span("  Weapon seen, Piazza dei Signori", .strong)],
            [Span("FD camera 12 · confidence 96 % · occurrence 3 · since 14:03:12")],
            [Span("image masked "), Span("(u to ask for unmasking)", .dim), Span(" · nearest unit 2 min")],
            [],
            [Span("timeline  14:03:12 raised  14:03:15 again")],
        ],
        scroll: 0)

    static let log = LogScene(
        title: TitleScene(title: "Log"),
        rows: [
            [Span("14:03:21  ", .dim), Span("acknowledged  "), Span("Reading high, below alarm"), Span("  op1", .dim)],
            [Span("14:03:12  ", .dim), Span("raised  "), Span("Weapon seen, Piazza dei Signori"), Span("  FD", .dim)],
        ],
        cursor: nil)

    static let map = MapScene(
        title: TitleScene(title: "Map", notes: [Span("Padova")]),
        lines: .init(
            version: 1, outlines: [[(4, 4), (76, 4), (76, 44), (4, 44), (4, 4)]],
            streets: [(4, 24, 76, 24)], selected: [[(30, 12), (50, 12), (50, 32), (30, 32), (30, 12)]]),
        tints: [],
        labels: [
            .init(column: 20, row: 5, text: "Centro", selected: true, worst: .critical, priority: 9),
            .init(column: 34, row: 3, text: "Est", selected: false, worst: nil, priority: 2),
            .init(column: 6, row: 9, text: "Ovest", selected: false, worst: nil, priority: 1),
        ],
        markers: [
            .init(column: 21, row: 5, severity: .critical, count: 3, unacknowledged: true, selected: true),
            .init(column: 34, row: 8, severity: .low, count: 2, unacknowledged: false, selected: false),
        ],
        scale: (text: "500 m", cells: 4), notes: [])

    static let modal = ModalScene(
        title: "Acknowledge", text: [Span("Weapon seen, Piazza dei Signori. Only this occurrence is acknowledged.")],
        input: InputScene(prompt: "note: ", text: "seen", cursor: 4),
        items: [
            .init(text: "confirmed", note: "c", matched: [0, 3]), .init(text: "false alarm", note: "f", tone: .warning),
            .init(text: "cannot tell", note: "t"),
        ],
        cursor: 1, keys: "Enter acknowledge   Esc back", width: 46)

    // MARK: - Whole screens

    static func placed(_ x: Int, _ y: Int, _ width: Int, _ height: Int, _ pane: PaneScene, focused: Bool = false)
        -> PlacedPane
    {
        PlacedPane(area: Area(x: x, y: y, width: width, height: height), pane: pane, focused: focused)
    }

    static let screen = Scene(
        header: exercise, tools: tools, tabs: nil,
        panes: [
            placed(0, 2, 74, 18, .alerts(alerts), focused: true), placed(74, 2, 46, 20, .map(map)),
            placed(0, 20, 74, 9, .detail(detail)), placed(0, 29, 74, 6, .assets(assets)),
            placed(74, 22, 46, 13, .checklist(checklist)), placed(0, 35, 120, 4, .log(log)),
        ],
        footer: footer, modal: nil, cover: nil)
}
