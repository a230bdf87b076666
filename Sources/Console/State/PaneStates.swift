public import ControlRoom

/// The detail pane: the alert that is read, and how far down; and what was asked of the store for it.
public struct DetailState: Equatable, Sendable {
    public var detail: AlertDetail?
    public var scroll = 0
    /// Row that was asked for and has not come.
    public var asked: Int64?
    /// Details of the alerts next to it; gone as soon as anything changes.
    public var neighbours: [Int64: AlertDetail] = [:]
    static let mostNeighbours = 60
    /// Row whose checklists are to be offered as soon as its detail comes; the next key takes the wish back.
    public var offersChecklist: Int64?

    public init() {}
}

/// The assets pane: the window that is here of all assets, the worst risk first, and the cursor in it.
public struct AssetsState: Equatable, Sendable {
    public var lines: [AssetLine] = []
    public var total = 0
    public var vulnerabilities = 0
    public var cursor = 0
    public var top = 0
    public var isLoaded = false

    public init() {}

    public var current: AssetLine? { lines.indices.contains(cursor) ? lines[cursor] : nil }

    /// A city's assets are some hundreds; beyond this the list says that it is cut.
    public static let limit = 2_000
}

/// The checklist pane: the run that is worked through, and what can be begun.
public struct ChecklistState: Equatable, Sendable {
    public var run: ChecklistRun?
    public var runs: [RunLine] = []
    public var playbooks: [Playbook] = []
    public var cursor = 0
    /// The run that is shown; nil for the newest.
    public var chosen: String?

    public init() {}

    public var currentStep: Playbook.Step? {
        guard let steps = run?.playbook.steps, steps.indices.contains(cursor) else { return nil }
        return steps[cursor]
    }
}

/// The log pane: the newest lines first; `top` is the first that is shown.
public struct LogState: Equatable, Sendable {
    public var lines: [LogLine] = []
    public var cursor = 0
    public var top = 0

    public init() {}
}

/// The figures pane, and when it was last asked for them.
public struct MetricsState: Equatable, Sendable {
    public var report: MetricsReport?
    /// When the figures were last asked for: they move slowly, and a question reads hours of them.
    var asked: Timestamp?
    /// When those of the month were.
    var askedWhole: Timestamp?
    public var cursor = 0
    public var top = 0

    static let everySeconds = 5.0
    static let everySecondsWhole = 60.0

    public init() {}
}

/// Moving a cursor in a list that is whole in memory.
struct ListMotion {
    static func move(_ cursor: inout Int, _ top: inout Int, by delta: Int, count: Int, page: Int) {
        cursor = max(0, min(count - 1, cursor + delta))
        let page = max(1, page)
        if cursor < top { top = cursor }
        if cursor >= top + page { top = cursor - page + 1 }
        top = max(0, min(top, max(0, count - page)))
    }
}
