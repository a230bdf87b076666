public import ControlRoom

/// All that the console knows. It changes in `reduce` alone.
public struct State: Sendable {
    // MARK: Where and when
    public var now: Timestamp
    public var zone: ZoneTable
    public var width: Int
    public var height: Int
    public var texts: Texts
    public var keymap: Keymap

    // MARK: Who
    public var identity: Identity
    public var identities: [Identity]
    /// Without a hub the people are those of the city; with one, those who were unlocked.
    public var isEmbedded = true
    public var isLocked = false
    /// With a hub a person's key signs what they do: whoever unlocks the console says the passphrase of it.
    public var wantsPassphrase = false
    /// What the locked screen says of the last try.
    var lockWord = ""
    /// Tells the answer to a try of this lock from one to a try before it.
    var unlockTry = 0
    var isUnlocking = false

    // MARK: What is watched
    public var city: CityView
    public var realm: Realm
    public var situation: Situation?
    /// What waits for a second person, what was escalated, and by which policy.
    public var handling = Handling()
    var isHandlingKnown = false
    public var feed: FeedStatus
    public var tools: [ToolReport] = []
    /// The tools of the site, and those that came without being registered.
    public var toolRegister = ToolRegister.shipped
    public var totals = AlertTotals()

    /// The time that is looked at instead of now.
    public var past: PastView?
    var journey = Journey()

    // MARK: Screen
    public var layout: Layout
    public var layoutNames: [String]
    public var themeName: String
    public var themeNames: [String]
    public var focus: PaneKind
    /// The focused pane fills the screen.
    public var isZoomed = false
    public var modal: Modal?
    public var status: Status?
    public var mouse = false

    // MARK: Panes
    public var alerts: AlertsState
    public var detail = DetailState()
    public var map = MapState()
    public var assets = AssetsState()
    public var checklist = ChecklistState()
    public var log = LogState()
    public var metrics = MetricsState()

    /// Views of the person's own, by name.
    public var views: [AlertView] = []
    /// Filters that were shown, the last one first.
    var recentFilters: [String] = []

    // MARK: Sound
    public var bell = BellState()

    /// What the flood is made of was asked for.
    var awaitsFlood = false
    /// The flood that was said last, by its beginning.
    var saidFlood: Timestamp?
    /// The minute in which it was looked whether it goes on.
    var floodLooked: Int64 = 0

    /// Up to which place of which realm's log it was looked for verdicts beside which others' stand, and who was told of them.
    var verdictsThrough: Int64?
    var verdictsRealm: Realm?
    var verdictsActor: String?

    /// Acts that were sent and are not settled.
    public var pendingActs = 0
    /// Acts on many that are still being kept.
    var massesUnderWay = 0

    public init(
        now: Timestamp, zone: ZoneTable, width: Int, height: Int, texts: Texts, keymap: Keymap, identity: Identity,
        identities: [Identity], city: CityView, realm: Realm, layout: Layout, layoutNames: [String],
        themeName: String, themeNames: [String]
    ) {
        self.now = now
        self.zone = zone
        self.width = width
        self.height = height
        self.texts = texts
        self.keymap = keymap
        self.identity = identity
        self.identities = identities
        self.city = city
        self.realm = realm
        self.layout = layout
        self.layoutNames = layoutNames
        self.themeName = themeName
        self.themeNames = themeNames
        focus = layout.focus
        feed = FeedStatus(state: .starting, heard: now, outbox: 0, exercise: nil)
        alerts = AlertsState(query: AlertQuery(realm: realm))
        map.fit(city.districts)
    }

    /// Something just happened, said in the last line for a while.
    public struct Status: Equatable, Sendable {
        public var text: String
        public var isError: Bool
        public var until: Timestamp

        public init(text: String, isError: Bool, until: Timestamp) {
            self.text = text
            self.isError = isError
            self.until = until
        }
    }

    /// A line for the operator, for 6 s, or 12 s where it is an error; the next one takes its place.
    public mutating func say(_ text: String, isError: Bool = false) {
        status = Status(text: text, isError: isError, until: now.adding(seconds: isError ? 12 : 6))
    }
}

extension State {
    /// Whether panes stand side by side, or one is shown with tabs for the others.
    public var isCompact: Bool {
        isZoomed || width < layout.minimumWidth || height < layout.minimumHeight
    }

    /// The least that anything can be shown in.
    public var isTooSmall: Bool { width < 60 || height < 16 }

    /// The panes that can be reached, in the order of their numbers.
    public var panes: [PaneKind] {
        [.alerts, .map, .assets, .checklist, .log, .detail, .metrics]
    }

    public func may(_ right: Right) -> Bool { identity.role.may(right) }

    public var language: Language { texts.language }
}
