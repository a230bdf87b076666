public import ControlRoom

/// What reaches the console: keys, the clock, and answers. Nothing else changes its state.
public enum Message: Sendable {
    case key(Key)
    case paste(String)
    case mouse(x: Int, y: Int, MouseAction)
    case resized(width: Int, height: Int)
    case tick(Timestamp)
    /// Somebody wrote to the store.
    case changed
    case fetched(Answer)
    /// The store could not be read or written; work goes on with what is on the screen.
    case failed(String)
    case settled(Act, ActOutcome)
    case settledMany(MassAct, MassOutcome)
    case feed(FeedStatus)
    case layout(Layout, warnings: [String])
    case theme(name: String, warnings: [String])
    case say(String)
    case views([AlertView])
    /// What was wished is done.
    case done(String)
    /// Somebody's passphrase was right, or was not.
    case unlocked(Identity, Bool, number: Int)
}

/// What a mouse did on the screen.
public enum MouseAction: Sendable { case press, wheelUp, wheelDown }

/// What became of an act.
public enum ActOutcome: Equatable, Sendable {
    case applied
    case refused(Outcome.Reason)
    case rejected(String)
    /// It could not even be kept: a full disk. The text of the error.
    case notKept(String)
}

/// What became of many acts.
public struct MassOutcome: Equatable, Sendable {
    /// One way in which acts of a deed on many had no effect, and how many it met.
    public struct Failure: Equatable, Sendable {
        public var outcome: ActOutcome
        public var count: Int

        public init(outcome: ActOutcome, count: Int) {
            self.outcome = outcome
            self.count = count
        }
    }

    public private(set) var applied = 0
    /// The commonest first.
    public private(set) var failures: [Failure] = []

    /// - Parameter outcomes: with how many had each; those of one outcome are added up.
    public init(_ outcomes: [Failure]) {
        for one in outcomes {
            if one.outcome == .applied {
                applied += one.count
            } else if let known = failures.firstIndex(where: { $0.outcome == one.outcome }) {
                failures[known].count += one.count
            } else {
                failures.append(one)
            }
        }
        failures.sort { $0.count > $1.count }
    }
}

/// What a `Fetch` brings. Nil where there is nothing of the kind.
public enum Answer: Sendable {
    case alerts(AlertRequest, AlertPage)
    case totals(Realm, AlertTotals)
    case count(AlertQuery, Int, waiting: Int)
    case draft(AlertQuery, Int?)
    case detail(AlertDetail?)
    case neighbours([AlertDetail])
    case places(Realm, [PlaceCount])
    case openBox(GeoBox?)
    case tools(Realm, [ToolReport], ToolRegister)
    case assets(Realm, [AssetLine], total: Int, vulnerabilities: Int)
    case runs(Realm, [RunLine])
    case run(ChecklistRun?)
    case log(Realm, [LogLine])
    case playbooks([Playbook])
    case city(CityView)
    case situation(Situation)
    case handling(Realm, Handling)
    case team(Realm, [TeamLoad])
    case metrics(Realm, MetricsReport, isWhole: Bool)
    case flood(Realm, FloodReport?)
    case pastReady(Int, PastProblem?)
    /// Which time the answers behind it are of; nil for now.
    case past(Int, PastView?)
    /// The last act, or all that were done with it at once; the last first.
    case undoable([Event])
    /// Verdicts beside which others' stand, and up to which place of the log was looked.
    case verdicts(Realm, of: String, [SecondVerdict], through: Int64)
    /// What a query finds, up to a limit, and how many in all.
    case selection(AlertQuery, [AlertLine], total: Int)
}

/// The city as the map needs it.
public struct CityView: Sendable {
    public var city: City
    public var districts: [District]
    public var sites: [Site]
    public var streets: [Streets]
    public var sets: [String]

    public init(city: City, districts: [District], sites: [Site], streets: [Streets], sets: [String]) {
        self.city = city
        self.districts = districts
        self.sites = sites
        self.streets = streets
        self.sets = sets
    }
}

/// What goes on in the realms that are not on the screen.
public struct Situation: Equatable, Sendable {
    public var exercise: ExerciseRun?
    /// Actual alerts that wait for a person, and the worst of them; not those that had ended before the exercise began.
    public var actualUnacknowledged: Int
    public var actualWorst: Severity?
    public var actualTotal: Int
    /// When the last Actual alert was annunciated.
    public var actualLast: Timestamp?
    /// Events that the full-text index is behind the log.
    public var textLag: Int64
    /// Older events that have not come yet.
    public var olderLag: Int64
    /// Events that are still to be folded anew after a change of the fold.
    public var refoldLag: Int64
    /// Another number than before: the map has changed.
    public var mapMark: Int64

    public init(
        exercise: ExerciseRun?, actualUnacknowledged: Int, actualWorst: Severity?, actualTotal: Int,
        actualLast: Timestamp?, textLag: Int64, olderLag: Int64, refoldLag: Int64 = 0, mapMark: Int64
    ) {
        self.exercise = exercise
        self.actualUnacknowledged = actualUnacknowledged
        self.actualWorst = actualWorst
        self.actualTotal = actualTotal
        self.actualLast = actualLast
        self.textLag = textLag
        self.olderLag = olderLag
        self.refoldLag = refoldLag
        self.mapMark = mapMark
    }
}

/// What the shell knows of the feed.
public struct FeedStatus: Equatable, Sendable {
    /// How the feed goes, for the word in the top line; whether another process runs it is told beside it.
    public enum State: Equatable, Sendable {
        case starting
        case live
        /// The process that runs it has said nothing since then: how it goes is not known.
        case silent(since: Timestamp)
        case offline(since: Timestamp)
        /// Events of a hub are read that came while nobody listened.
        case catchingUp(at: Int64, of: Int64)
        /// The hub will not have us; why.
        case refused(String)
        case failing(String)
    }

    public var state: State
    /// Another process runs it.
    public var isElsewhere = false
    /// The last time the feed did its round.
    public var heard: Timestamp
    public var outbox: Int
    public var exercise: ExerciseStatus?
    /// Milliseconds that this machine's clock is behind the hub's, where that is worth a word; times are set right by it.
    public var clockOffset: Int64 = 0
    /// Seconds that the hub is behind with what it says by rules; 0 where it is not.
    public var hubBehind = 0

    public init(state: State, heard: Timestamp, outbox: Int, exercise: ExerciseStatus?) {
        self.state = state
        self.heard = heard
        self.outbox = outbox
        self.exercise = exercise
    }
}

/// The exercise that this process plays.
public struct ExerciseStatus: Equatable, Sendable {
    public var run: String
    public var title: String
    public var elapsed: Double
    public var duration: Double
    public var speed: Double
    public var paused: Bool

    public init(run: String, title: String, elapsed: Double, duration: Double, speed: Double, paused: Bool) {
        self.run = run
        self.title = title
        self.elapsed = elapsed
        self.duration = duration
        self.speed = speed
        self.paused = paused
    }
}
