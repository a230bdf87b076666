public import ControlRoom

/// What is on the screen, as values: each pane says what it shows, and a painter makes cells of it. Equal scenes need no
/// new paint.
public struct Scene: Equatable, Sendable {
    public var header: HeaderScene
    public var tools: ToolStripScene
    /// Tabs instead of panes side by side, when the terminal is small.
    public var tabs: TabsScene?
    public var panes: [PlacedPane]
    public var footer: FooterScene
    public var modal: ModalScene?
    /// Instead of all else: a locked console, or a terminal that is too small.
    public var cover: CoverScene?

    public init(
        header: HeaderScene, tools: ToolStripScene, tabs: TabsScene?, panes: [PlacedPane], footer: FooterScene,
        modal: ModalScene?, cover: CoverScene?
    ) {
        self.header = header
        self.tools = tools
        self.tabs = tabs
        self.panes = panes
        self.footer = footer
        self.modal = modal
        self.cover = cover
    }
}

/// A pane and the cells it has, its title line included.
public struct PlacedPane: Equatable, Sendable {
    public var area: Area
    public var pane: PaneScene
    public var focused: Bool

    public init(area: Area, pane: PaneScene, focused: Bool) {
        self.area = area
        self.pane = pane
        self.focused = focused
    }
}

/// A part of the screen in cells.
public struct Area: Equatable, Hashable, Sendable {
    public var x: Int
    public var y: Int
    public var width: Int
    public var height: Int

    public init(x: Int, y: Int, width: Int, height: Int) {
        self.x = x
        self.y = y
        self.width = max(0, width)
        self.height = max(0, height)
    }
}

/// What one pane shows, as values: all that a painter needs, with nothing to look up.
public enum PaneScene: Equatable, Sendable {
    case alerts(AlertsScene)
    case detail(DetailScene)
    case map(MapScene)
    case assets(AssetsScene)
    case checklist(ChecklistScene)
    case log(LogScene)
    case metrics(MetricsScene)
}

/// How serious something is, for the painter to choose a role; the words are always in the text beside it.
public enum Tone: Hashable, Sendable {
    case plain, dim, strong, ok, warning, offline, error
    case severity(Severity)
}

/// A piece of text with its tone.
public struct Span: Equatable, Sendable {
    public var text: String
    public var tone: Tone

    public init(_ text: String, _ tone: Tone = .plain) {
        self.text = text
        self.tone = tone
    }
}

/// First line of the screen: where am I, who am I, can I trust the picture.
public struct HeaderScene: Equatable, Sendable {
    public var city: String
    /// `EXERCISE crowd-at-signori  04:12 of 20:00  x1`; nil in the Actual realm.
    public var banner: String?
    /// `EXERCISE`, with what is unusual about it, where there is little room.
    public var shortBanner: String?
    /// `ACTUAL ALERT: 1 critical` while an exercise is on the screen; outranks everything.
    public var breakthrough: String?
    /// The same where there is little room.
    public var shortBreakthrough: String?
    /// Tenant, role, person.
    public var who: String
    public var feed: Span
    public var outbox: Span
    public var clock: String

    public init(
        city: String, banner: String?, breakthrough: String?, shortBreakthrough: String? = nil, who: String, feed: Span,
        outbox: Span, clock: String
    ) {
        self.city = city
        self.banner = banner
        self.breakthrough = breakthrough
        self.shortBreakthrough = shortBreakthrough
        self.who = who
        self.feed = feed
        self.outbox = outbox
        self.clock = clock
    }
}

/// Second line: the eight tools and those of the site, and the load of the last ten minutes.
public struct ToolStripScene: Equatable, Sendable {
    /// One tool and its state in a word.
    public struct Entry: Equatable, Sendable {
        public var code: String
        /// `ok 3s`, `ALERT 12s`, `silent 6m`, `off`
        public var state: Span
        /// What stands for it where there is little room; nil for the state itself.
        public var short: String?

        public init(code: String, state: Span, short: String? = nil) {
            self.code = code
            self.state = state
            self.short = short
        }
    }

    public var entries: [Entry]
    /// Annunciations in each of the last ten minutes.
    public var minutes: [Int]
    /// `10min 6`, `shelved 2`
    public var notes: [Span]

    public init(entries: [Entry], minutes: [Int], notes: [Span]) {
        self.entries = entries
        self.minutes = minutes
        self.notes = notes
    }
}

/// `[1 Alerts 7!] 2 Map  3 Assets 4!`
public struct TabsScene: Equatable, Sendable {
    /// One pane, where there is room for one at a time.
    public struct Tab: Equatable, Sendable {
        public var key: String
        public var title: String
        public var count: String
        public var selected: Bool
        public var urgent: Bool

        public init(key: String, title: String, count: String, selected: Bool, urgent: Bool) {
            self.key = key
            self.title = title
            self.count = count
            self.selected = selected
            self.urgent = urgent
        }
    }

    public var tabs: [Tab]

    public init(tabs: [Tab]) { self.tabs = tabs }
}

/// Last line: the keys of the focused pane on the left, what just happened on the right.
public struct FooterScene: Equatable, Sendable {
    /// A key and what it does now.
    public struct Hint: Equatable, Sendable {
        public var key: String
        public var title: String

        public init(key: String, title: String) {
            self.key = key
            self.title = title
        }
    }

    public var hints: [Hint]
    public var status: Span?

    public init(hints: [Hint], status: Span?) {
        self.hints = hints
        self.status = status
    }
}

/// A line that is being typed.
public struct InputScene: Equatable, Sendable {
    public var prompt: String
    public var text: String
    /// Characters before the cursor.
    public var cursor: Int
    /// Characters that cannot be read.
    public var wrong: Range<Int>?

    public init(prompt: String, text: String, cursor: Int) {
        self.prompt = prompt
        self.text = text
        self.cursor = cursor
    }
}

/// The title line of a pane: `Alerts · 7 unack · 23 active ──── by need ─`
public struct TitleScene: Equatable, Sendable {
    public var title: String
    public var notes: [Span]
    /// At the right end.
    public var right: String

    public init(title: String, notes: [Span] = [], right: String = "") {
        self.title = title
        self.notes = notes
        self.right = right
    }
}
