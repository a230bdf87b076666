public import ControlRoom

/// What the reducer wants done by the shell around it.
public enum Effect: Equatable, Sendable {
    /// Reads something from the store; the answer comes as `Message.fetched`.
    case fetch(Fetch)
    /// Records a person's act; what became of it comes as `Message.settled`.
    case record(Act)
    /// The same on many; what became of them comes as `Message.settledMany`.
    case recordMany(MassAct)
    /// Writes what a query finds into a file, as its ending says; how it went comes as a `Message`.
    case export(AlertQuery, path: String)
    /// Keeps a view under its name; all that there are then come as `Message.views`.
    case saveView(AlertView)
    case deleteView(String)
    case exercise(ExerciseOrder)
    case loadTheme(String)
    case loadLayout(String)
    case bell
    /// New alarms: for the terminal's own notification, and for the command that the site runs then.
    case alarm(AlarmNotice)
    /// A word for the terminal's own notification, where it has one.
    case notify(String)
    case setMouse(Bool)
    /// Whether this is the passphrase of somebody's key; the answer comes as `Message.unlocked`.
    case unlock(Identity, passphrase: String, number: Int)
    /// A person was told of the verdicts beside theirs up to a place of the log: it is kept, so that nobody tells them again.
    case toldVerdicts(of: String, through: Int64)
    case redraw
    case suspend
    case quit
}

/// What is read from the store. Answers to old questions are told by their token.
public enum Fetch: Hashable, Sendable {
    case alerts(AlertRequest)
    case totals(Realm)
    case count(AlertQuery)
    /// How many a filter would find that is being written, where that can be told at once.
    case draft(AlertQuery)
    case detail(row: Int64)
    /// The details beside the one that is shown, so that the next key finds them.
    case neighbours([Int64])
    case places(Realm, GeoBox)
    /// The box around all that is open, to fit the map to.
    case openBox(Realm)
    case tools(Realm)
    case assets(Realm, limit: Int)
    case runs(Realm)
    case run(String)
    case log(Realm, limit: Int)
    case playbooks
    case city
    case situation
    case handling(Realm)
    /// What everybody has in hand.
    case team(Realm)
    /// The figures of the shift that began then; and of the last thirty days, which cost more to read.
    case metrics(Realm, shift: Timestamp, isWhole: Bool)
    /// Builds what stood at a time, beside everything else; that it is ready comes as an answer. Numbered.
    case travel(Int, Timestamp)
    /// From here on everything is answered as it stood then.
    case enterPast(Int, Realm)
    /// From here on as it is now.
    case returnToNow(Int)
    /// What the flood is made of that goes on.
    case flood(Realm)
    case undoable(actor: String, realm: Realm)
    /// Verdicts behind a place of the log beside which others' stand; nil asks for those beside a person's that they were not
    /// told of yet, and where the log ends.
    case verdicts(Realm, of: String, after: Int64?)
    /// All that a query finds, to be marked.
    case selection(AlertQuery, limit: Int)

    /// Fetches of one kind replace each other while they wait.
    public var lane: Int {
        switch self {
        case .alerts(let request): request.purpose.rawValue
        case .totals: 10
        case .count: 11
        case .detail: 12
        case .places: 13
        case .openBox: 14
        case .tools: 15
        case .assets: 16
        case .runs: 17
        case .run: 18
        case .log: 19
        case .playbooks: 20
        case .city: 21
        case .situation: 22
        case .undoable: 23
        case .neighbours: 24
        case .draft: 25
        case .selection: 26
        case .handling: 27
        case .team: 28
        case .metrics: 29
        case .flood: 30
        case .travel: 31
        case .enterPast: 32
        case .returnToNow: 33
        case .verdicts: 34
        }
    }
}

/// A window of the alert list.
public struct AlertRequest: Hashable, Sendable {
    /// What a window of the list is asked for.
    public enum Purpose: Int, Hashable, Sendable {
        /// Shown when it comes.
        case show
        /// Added below or above what is there.
        case extend
        /// Kept for a jump to the end or the start.
        case head, tail
    }

    public var query: AlertQuery
    public var anchor: AlertAnchor
    public var limit: Int
    /// Lines before an anchor of `from`, in the same answer.
    public var before: Int
    public var purpose: Purpose
    /// The list's generation; an answer of an older one is dropped.
    public var generation: Int

    public init(
        query: AlertQuery, anchor: AlertAnchor, limit: Int, before: Int = 0, purpose: Purpose, generation: Int
    ) {
        self.query = query
        self.anchor = anchor
        self.limit = limit
        self.before = before
        self.purpose = purpose
        self.generation = generation
    }
}

/// A person's act, before it has an id and a time.
public struct Act: Equatable, Sendable {
    public var type: EventType
    public var subject: String
    public var data: [UInt8]
    public var actor: String
    public var realm: Realm
    /// For acts on technical messages, which status they have.
    public var status: MessageStatus
    /// Said when it is done: `acknowledged "Weapon seen"`.
    public var words: String

    public init(
        type: EventType, subject: String, data: [UInt8], actor: String, realm: Realm, status: MessageStatus,
        words: String
    ) {
        self.type = type
        self.subject = subject
        self.data = data
        self.actor = actor
        self.realm = realm
        self.status = status
        self.words = words
    }

    /// A new checklist run, or rule, is named by the event that starts it.
    public func subject(of event: String) -> String {
        switch type {
        case .checklistStarted: subject + "/" + event
        case .suppressionStarted: subject + event
        default: subject
        }
    }
}

/// What is asked of the exercise; `speed` is seconds of it in a second of the clock.
public enum ExerciseOrder: Equatable, Sendable {
    case start, end, pause, resume
    case speed(Double)
}
