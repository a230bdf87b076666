public import ControlRoom

/// The alert list.
public struct AlertsScene: Equatable, Sendable {
    /// An alert, or a group of them, in words.
    public struct Row: Equatable, Sendable {
        public var severity: Severity
        /// `CRIT`
        public var severityWord: String
        public var age: String
        /// `UNACK`, `ack`, `rtn-unack`, `shelved 12m`
        public var state: String
        public var needsAcknowledgement: Bool
        /// Suppressed, ended or stale: shown quietly.
        public var quiet: Bool
        public var district: String
        public var tool: String
        public var headline: String
        /// `96%`
        public var confidence: String
        /// `3` for the third occurrence; empty for the first.
        public var occurrence: String
        public var isMarked = false

        public init(
            severity: Severity, severityWord: String, age: String, state: String, needsAcknowledgement: Bool,
            quiet: Bool, district: String, tool: String, headline: String, confidence: String, occurrence: String
        ) {
            self.severity = severity
            self.severityWord = severityWord
            self.age = age
            self.state = state
            self.needsAcknowledgement = needsAcknowledgement
            self.quiet = quiet
            self.district = district
            self.tool = tool
            self.headline = headline
            self.confidence = confidence
            self.occurrence = occurrence
        }
    }

    public var title: TitleScene
    public var columns: [AlertColumn]
    public var rows: [Row]
    /// Index into `rows`; nil for an empty list.
    public var cursor: Int?
    /// What stands in an empty list; never nothing.
    public var empty: [String]

    public init(title: TitleScene, columns: [AlertColumn], rows: [Row], cursor: Int?, empty: [String]) {
        self.title = title
        self.columns = columns
        self.rows = rows
        self.cursor = cursor
        self.empty = empty
    }
}

/// All about one alert, as lines of spans that the painter wraps.
public struct DetailScene: Equatable, Sendable {
    public var title: TitleScene
    public var lines: [[Span]]
    /// First line shown, when there is more than fits.
    public var scroll: Int

    public init(title: TitleScene, lines: [[Span]], scroll: Int) {
        self.title = title
        self.lines = lines
        self.scroll = scroll
    }
}

/// The risk list.
public struct AssetsScene: Equatable, Sendable {
    /// An asset in words.
    public struct Row: Equatable, Sendable {
        /// 0 to 100.
        public var risk: Int
        public var fixNow: Bool
        public var name: String
        /// The reasons in words, the heaviest first.
        public var reason: String
        public var owner: String
        public var kind: String

        public init(risk: Int, fixNow: Bool, name: String, reason: String, owner: String, kind: String) {
            self.risk = risk
            self.fixNow = fixNow
            self.name = name
            self.reason = reason
            self.owner = owner
            self.kind = kind
        }
    }

    public var title: TitleScene
    public var columns: [AssetColumn]
    public var rows: [Row]
    public var cursor: Int?
    public var empty: [String]

    public init(title: TitleScene, columns: [AssetColumn], rows: [Row], cursor: Int?, empty: [String]) {
        self.title = title
        self.columns = columns
        self.rows = rows
        self.cursor = cursor
        self.empty = empty
    }
}

/// A checklist being worked, or the ones on offer.
public struct ChecklistScene: Equatable, Sendable {
    /// A step in words.
    public struct Row: Equatable, Sendable {
        public var number: String
        public var title: String
        public var text: String
        public var state: ChecklistRun.StepState
        /// The next step to do.
        public var isNext: Bool
        /// `op1 14:03:40`, `due 00:24`, `after 3`
        public var note: Span

        public init(
            number: String, title: String, text: String, state: ChecklistRun.StepState, isNext: Bool, note: Span
        ) {
            self.number = number
            self.title = title
            self.text = text
            self.state = state
            self.isNext = isNext
            self.note = note
        }
    }

    public var title: TitleScene
    public var rows: [Row]
    public var cursor: Int?
    public var empty: [String]
    /// One step large, for a responder's small screen.
    public var card: Bool

    public init(title: TitleScene, rows: [Row], cursor: Int?, empty: [String], card: Bool) {
        self.title = title
        self.rows = rows
        self.cursor = cursor
        self.empty = empty
        self.card = card
    }
}

/// What happened last.
public struct LogScene: Equatable, Sendable {
    public var title: TitleScene
    /// Time, what, about what, by whom.
    public var rows: [[Span]]
    public var cursor: Int?

    public init(title: TitleScene, rows: [[Span]], cursor: Int?) {
        self.title = title
        self.rows = rows
        self.cursor = cursor
    }
}

/// The figures of the alarm system, in lines.
public struct MetricsScene: Equatable, Sendable {
    /// One line of the figures.
    public enum Row: Equatable, Sendable {
        case words([Span])
        /// How much came in each part of a time, the last one now.
        case load([Span], [Int])
    }

    public var title: TitleScene
    public var rows: [Row]
    public var cursor: Int?
    /// Instead of rows.
    public var empty: [String]

    public init(title: TitleScene, rows: [Row], cursor: Int?, empty: [String]) {
        self.title = title
        self.rows = rows
        self.cursor = cursor
        self.empty = empty
    }
}

/// The map. Coordinates are in braille dots from the top left of the pane's inside: a cell is 2 dots wide, 4 high.
public struct MapScene: Equatable, Sendable {
    /// Outlines of districts and lines of streets, projected; equal as long as the version is.
    public struct Lines: Equatable, Sendable {
        public var version: Int
        public var outlines: [[(x: Double, y: Double)]]
        public var streets: [(x0: Double, y0: Double, x1: Double, y1: Double)]
        /// The outline that is selected, drawn over the others.
        public var selected: [[(x: Double, y: Double)]]

        public init(
            version: Int, outlines: [[(x: Double, y: Double)]],
            streets: [(x0: Double, y0: Double, x1: Double, y1: Double)], selected: [[(x: Double, y: Double)]]
        ) {
            self.version = version
            self.outlines = outlines
            self.streets = streets
            self.selected = selected
        }

        public static func == (a: Lines, b: Lines) -> Bool { a.version == b.version }
    }

    /// A name on the map, before it has found its place.
    public struct Label: Equatable, Sendable {
        /// Cell in which the text should be centred.
        public var column: Int
        public var row: Int
        public var text: String
        public var selected: Bool
        /// Worst open severity of the district; nil when nothing is open. Tints the label.
        public var worst: Severity?
        /// The higher, the earlier it gets its place.
        public var priority: Int

        public init(column: Int, row: Int, text: String, selected: Bool, worst: Severity?, priority: Int) {
            self.column = column
            self.row = row
            self.text = text
            self.selected = selected
            self.worst = worst
            self.priority = priority
        }
    }

    /// Alerts at one cell or close to it.
    public struct Marker: Equatable, Sendable {
        public var column: Int
        public var row: Int
        public var severity: Severity
        public var count: Int
        public var unacknowledged: Bool
        /// The alert under the list's cursor is among them.
        public var selected: Bool

        public init(column: Int, row: Int, severity: Severity, count: Int, unacknowledged: Bool, selected: Bool) {
            self.column = column
            self.row = row
            self.severity = severity
            self.count = count
            self.unacknowledged = unacknowledged
            self.selected = selected
        }
    }

    public var title: TitleScene
    public var lines: Lines
    /// Worst open severity of the district that each cell lies in, row by row; nil where none is open. Tints the cell.
    public var tints: [Severity?]
    public var labels: [Label]
    public var markers: [Marker]
    /// `500 m` and how many cells that is.
    public var scale: (text: String, cells: Int)
    /// Said over the map: nothing loaded, an alert that lies outside.
    public var notes: [Span]

    public init(
        title: TitleScene, lines: Lines, tints: [Severity?], labels: [Label], markers: [Marker],
        scale: (text: String, cells: Int), notes: [Span]
    ) {
        self.title = title
        self.lines = lines
        self.tints = tints
        self.labels = labels
        self.markers = markers
        self.scale = scale
        self.notes = notes
    }

    public static func == (a: MapScene, b: MapScene) -> Bool {
        a.title == b.title && a.lines == b.lines && a.tints == b.tints && a.labels == b.labels
            && a.markers == b.markers && a.scale == b.scale && a.notes == b.notes
    }
}
