import Console
import ControlRoom

/// Scenes made of a seed: sensible ones, and such as nobody would send who means well.
struct RandomScenes {
    var numbers: SeededNumbers
    var isHostile: Bool

    init(seed: UInt64, hostile: Bool = false) {
        numbers = SeededNumbers(seed: seed)
        isHostile = hostile
    }

    mutating func below(_ limit: Int) -> Int { Int.random(in: 0..<max(1, limit), using: &numbers) }

    mutating func chance(_ percent: Int) -> Bool { below(100) < percent }

    static let hostileTexts: [String] = [
        "e" + String(repeating: "\u{301}", count: 1_000), String(repeating: "\u{301}", count: 300),
        String(repeating: "東", count: 200), "a\u{1B}[31mred\u{7}\r\n\tb", "\u{202E}evil\u{2066}\u{200F}",
        "👩‍👩‍👧‍👦 family 🇮🇹", "\u{0}\u{7F}\u{9B}2J", "x\u{FEFF}\u{AD}\u{200B}y", "\u{2028}\u{2029}", "ﷺ",
        String(repeating: "word ", count: 400), "", " ", "\u{1F468}\u{E0041}",
    ]

    mutating func text() -> String {
        if isHostile { return RandomScenes.hostileTexts[below(RandomScenes.hostileTexts.count)] }
        let words = ["alert", "Città", "città vecchia", "東京", "a", "0", "long reason here", "", "Via Monte di Pietà"]
        return (0..<1 + below(3)).map { _ in words[below(words.count)] }.joined(separator: " ")
    }

    mutating func number() -> Int {
        isHostile ? [Int.max, .min, -1, 0, 1, 7, 100_000][below(7)] : below(120)
    }

    mutating func cursor(_ count: Int) -> Int? {
        isHostile && chance(30) ? number() : chance(20) || count == 0 ? nil : below(count)
    }

    mutating func severity() -> Severity { Severity.allCases[below(5)] }

    mutating func span() -> Span {
        let tones: [Tone] = [.plain, .dim, .strong, .ok, .warning, .offline, .error, .severity(.high)]
        return Span(text(), tones[below(tones.count)])
    }

    mutating func spans(_ most: Int) -> [Span] { (0..<below(most + 1)).map { _ in span() } }

    // MARK: - Panes

    mutating func title() -> TitleScene { TitleScene(title: text(), notes: spans(3), right: chance(50) ? text() : "") }

    mutating func alerts() -> AlertsScene {
        let rows = (0..<below(8)).map { _ in
            AlertsScene.Row(
                severity: severity(), severityWord: text(), age: text(), state: text(),
                needsAcknowledgement: chance(40),
                quiet: chance(20), district: text(), tool: text(), headline: text(), confidence: text(),
                occurrence: text())
        }
        let columns = chance(70) ? AlertColumn.standard : AlertColumn.allCases.filter { _ in chance(60) }
        return AlertsScene(
            title: title(), columns: columns, rows: rows, cursor: cursor(rows.count), empty: [text(), text()])
    }

    mutating func assets() -> AssetsScene {
        let rows = (0..<below(8)).map { _ in
            AssetsScene.Row(
                risk: number(), fixNow: chance(30), name: text(), reason: text(), owner: text(), kind: text())
        }
        let columns = AssetColumn.allCases.filter { _ in chance(80) }
        return AssetsScene(title: title(), columns: columns, rows: rows, cursor: cursor(rows.count), empty: [text()])
    }

    mutating func checklist() -> ChecklistScene {
        let rows = (0..<below(9)).map { index in
            ChecklistScene.Row(
                number: isHostile ? text() : String(index + 1), title: text(), text: text(),
                state: ChecklistRun.StepState.allCases[below(4)], isNext: chance(20), note: span())
        }
        return ChecklistScene(title: title(), rows: rows, cursor: cursor(rows.count), empty: [text()], card: chance(40))
    }

    mutating func map(_ area: Area) -> MapScene {
        func point(_ scenes: inout RandomScenes) -> (x: Double, y: Double) {
            (Double(scenes.below(area.width * 3)) - 9, Double(scenes.below(area.height * 5)) - 9)
        }
        let outlines = (0..<below(4)).map { _ in (0..<below(6)).map { _ in point(&self) } }
        let labels = (0..<below(6)).map { _ in
            MapScene.Label(
                column: isHostile ? number() : below(area.width), row: below(area.height), text: text(),
                selected: chance(20),
                worst: chance(50) ? severity() : nil, priority: below(9))
        }
        let markers = (0..<below(6)).map { _ in
            MapScene.Marker(
                column: below(area.width + 4) - 2, row: isHostile ? number() : below(area.height), severity: severity(),
                count: number(), unacknowledged: chance(50), selected: chance(20))
        }
        let cells = max(0, area.width * max(0, area.height - 1))
        return MapScene(
            title: title(),
            lines: .init(
                version: Int(numbers.next() >> 8), outlines: outlines, streets: [], selected: outlines.suffix(1)),
            tints: chance(50) ? (0..<cells).map { _ in chance(50) ? severity() : nil } : [], labels: labels,
            markers: markers, scale: (text(), number()), notes: spans(2))
    }

    private mutating func metrics() -> MetricsScene {
        let rows = (0..<below(30)).map { _ in
            chance(20)
                ? MetricsScene.Row.load(spans(2), (0..<below(200)).map { _ in number() })
                : MetricsScene.Row.words(spans(4))
        }
        return MetricsScene(title: title(), rows: rows, cursor: cursor(30), empty: [text()])
    }

    mutating func pane(_ area: Area) -> PaneScene {
        switch below(7) {
        case 0: .alerts(alerts())
        case 1: .detail(DetailScene(title: title(), lines: (0..<below(9)).map { _ in spans(3) }, scroll: number()))
        case 2: .map(map(area))
        case 3: .assets(assets())
        case 4: .checklist(checklist())
        case 5: .metrics(metrics())
        default: .log(LogScene(title: title(), rows: (0..<below(9)).map { _ in spans(4) }, cursor: cursor(5)))
        }
    }

    // MARK: - Screens

    mutating func header() -> HeaderScene {
        HeaderScene(
            city: text(), banner: chance(40) ? text() : nil, breakthrough: chance(20) ? text() : nil, who: text(),
            feed: span(), outbox: span(), clock: text())
    }

    mutating func input() -> InputScene {
        var input = InputScene(prompt: text(), text: text(), cursor: number())
        if chance(30) { input.wrong = below(9)..<9 + below(9) }
        return input
    }

    mutating func footer() -> FooterScene {
        FooterScene(
            hints: (0..<below(6)).map { _ in .init(key: text(), title: text()) }, status: chance(50) ? span() : nil)
    }

    mutating func tools() -> ToolStripScene {
        ToolStripScene(
            entries: (0..<1 + below(8)).map { _ in .init(code: text(), state: span()) },
            minutes: (0..<below(11)).map { _ in number() }, notes: spans(3))
    }

    mutating func tabs() -> TabsScene {
        TabsScene(
            tabs: (0..<below(6)).map { index in
                .init(key: "\(index)", title: text(), count: text(), selected: index == 1, urgent: chance(30))
            })
    }

    mutating func modal() -> ModalScene {
        let items = (0..<below(30)).map { _ in
            ModalScene.Item(text: text(), note: text(), tone: span().tone, matched: [0, 2, number()])
        }
        return ModalScene(
            title: text(), text: spans(4), input: chance(50) ? input() : nil, items: items, cursor: cursor(items.count),
            keys: text(), width: number())
    }

    /// Areas that share a screen without a gap, as a layout makes them.
    mutating func areas(_ area: Area, depth: Int = 3) -> [Area] {
        let across = chance(50)
        let size = across ? area.width : area.height
        guard depth > 0, size > 1, chance(80) else { return [area] }
        let first = 1 + below(size - 1)
        let (a, b) =
            across
            ? (
                Area(x: area.x, y: area.y, width: first, height: area.height),
                Area(x: area.x + first, y: area.y, width: size - first, height: area.height)
            )
            : (
                Area(x: area.x, y: area.y, width: area.width, height: first),
                Area(x: area.x, y: area.y + first, width: area.width, height: size - first)
            )
        return areas(a, depth: depth - 1) + areas(b, depth: depth - 1)
    }

    mutating func scene(_ width: Int, _ height: Int) -> Scene {
        let whole = Area(x: 0, y: 2, width: width, height: max(0, height - 3))
        let panes = areas(whole).map { PlacedPane(area: $0, pane: pane($0), focused: chance(20)) }
        return Scene(
            header: header(), tools: tools(), tabs: chance(20) ? tabs() : nil, panes: panes, footer: footer(),
            modal: chance(20) ? modal() : nil, cover: chance(5) ? CoverScene(lines: spans(4)) : nil)
    }

    /// The next scene of a sequence: mostly a few things change.
    mutating func change(_ scene: inout Scene, _ width: Int, _ height: Int) {
        if chance(10) { scene = self.scene(width, height) }
        if chance(30) { scene.header = header() }
        if chance(30) { scene.tools = tools() }
        if chance(30) { scene.footer = footer() }
        if scene.tabs != nil { scene.tabs = tabs() }
        for index in scene.panes.indices where chance(40) {
            scene.panes[index].pane = pane(scene.panes[index].area)
            scene.panes[index].focused = chance(30)
        }
        for index in scene.panes.indices where chance(30) { scene.panes[index].focused.toggle() }
        if let index = scene.panes.indices.first, case .map(var map) = scene.panes[index].pane {
            map.tints = map.tints.map { _ in severity() }
            scene.panes[index].pane = .map(map)
        }
        scene.modal = chance(25) ? modal() : nil
        scene.cover = chance(5) ? CoverScene(lines: spans(4)) : nil
    }
}
