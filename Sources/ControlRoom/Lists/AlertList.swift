/// Which alerts a list shows, and in which order.
public struct AlertQuery: Hashable, Sendable {
    public var realm: Realm
    public var order: AlertOrder
    public var filter: AlertFilter
    /// Nil where each alarm has a row of its own.
    public var grouping: AlertGrouping?
    /// When it is asked, for ages and states.
    public var now = Timestamp(milliseconds: 0)

    public init(realm: Realm, order: AlertOrder = .need, filter: AlertFilter = AlertFilter()) {
        self.realm = realm
        self.order = order
        self.filter = filter
    }

    /// The same, asked at a time.
    public func at(_ now: Timestamp) -> AlertQuery {
        var query = self
        query.now = now
        return query
    }
}

extension AlertQuery {
    /// Whether it is answered from columns in memory where they have been read.
    public var asksColumns: Bool { filter.match != nil || order.isByColumns || grouping != nil }

    /// The same with each alarm for itself: all of them, or those of the group that is open.
    public var each: AlertQuery {
        var query = self
        if grouping?.inside == nil { query.grouping = nil }
        return query
    }

    /// The members of a group.
    public func inside(_ group: AlertGroup) -> AlertQuery {
        var query = self
        query.grouping?.inside = group.rows
        return query
    }
}

/// Which alerts a list shows: what `o` and the keys for tool, district and severity chose, and what was written in the
/// filter language.
public struct AlertFilter: Hashable, Sendable {
    /// What is shown beside the filter: what `o` goes through. `unacknowledged` is what waits for an acknowledgement.
    public enum Show: String, CaseIterable, Sendable { case open, unacknowledged, shelved, all }

    public var show: Show
    public var tool: Tool?
    public var district: String?
    public var minimumSeverity: Severity?
    /// What was written in the filter language.
    public private(set) var text = ""
    /// What it was read as; nil where it asks for nothing.
    public private(set) var match: Filter?

    public init(
        show: Show = .open, tool: Tool? = nil, district: String? = nil, minimumSeverity: Severity? = nil
    ) {
        self.show = show
        self.tool = tool
        self.district = district
        self.minimumSeverity = minimumSeverity
    }

    /// Alerts that a filter finds; its text is written from it.
    public init(show: Show, _ match: Filter, _ vocabulary: FilterVocabulary) {
        self.init(show: show)
        self.match = match
        name(by: vocabulary)
    }

    /// Reads a text of the filter language in place of the one that was there.
    ///
    /// - Throws: `FilterError`; all stays as it was.
    public mutating func read(_ text: String, _ vocabulary: FilterVocabulary) throws(FilterError) {
        match = try FilterParser.parse(text, vocabulary)
        self.text = match == nil ? "" : text
    }

    /// Writes its text anew from what it was read as.
    public mutating func name(by vocabulary: FilterVocabulary) {
        text = match.map { FilterWriter(vocabulary).text($0) } ?? ""
    }

    /// Which alerts are looked at; a text that itself asks for states is not narrowed to what is open.
    public var shown: Show { show == .open && match?.asksForState ?? false ? .all : show }

    /// Whether it leaves out anything besides what is over.
    public var isNarrowed: Bool {
        show == .unacknowledged || show == .shelved || tool != nil || district != nil || minimumSeverity != nil
            || match != nil
    }
}

/// The place of an alert in an order; lists are read from one key to the next.
public struct AlertKey: Hashable, Comparable, Sendable {
    /// Rises in the order of the list; what it is made of is the order's.
    public var value: Int64
    /// Number of the alert in the store; it decides where the values are equal.
    public var row: Int64

    public init(value: Int64, row: Int64) {
        self.value = value
        self.row = row
    }

    public static func < (a: AlertKey, b: AlertKey) -> Bool { (a.value, a.row) < (b.value, b.row) }
}

/// One line of a list.
public struct AlertLine: Equatable, Sendable {
    /// Its number in the store, which stays the same.
    public var row: Int64
    public var key: AlertKey
    public var alert: Alert
    /// The group that it stands for; nil where it stands for itself.
    public var group: AlertGroup?

    public init(row: Int64, key: AlertKey, alert: Alert, group: AlertGroup? = nil) {
        self.row = row
        self.key = key
        self.alert = alert
        self.group = group
    }
}

/// Where a window begins.
public enum AlertAnchor: Hashable, Sendable {
    case start, end
    /// From this key on, itself included.
    case from(AlertKey)
    case after(AlertKey)
    /// The lines just before this key.
    case before(AlertKey)

    /// Whether a window is read from its end.
    public var isBackwards: Bool {
        switch self {
        case .end, .before: true
        case .start, .from, .after: false
        }
    }

    /// Whether a line of this key can stand in the window.
    public func isPassed(by key: AlertKey) -> Bool {
        switch self {
        case .start, .end: true
        case .from(let first): key >= first
        case .after(let last): key > last
        case .before(let next): key < next
        }
    }
}

/// A window of a list, in its order.
public struct AlertPage: Equatable, Sendable {
    public var lines: [AlertLine]
    /// Nothing stands before it.
    public var reachesStart: Bool
    /// Nothing stands behind it.
    public var reachesEnd: Bool
    /// Whether groups could be told; where not, each alarm has a row whatever was asked.
    public var isGrouped = false

    public init(lines: [AlertLine], reachesStart: Bool, reachesEnd: Bool) {
        self.lines = lines
        self.reachesStart = reachesStart
        self.reachesEnd = reachesEnd
    }
}

/// Counts over the whole of a realm.
public struct AlertTotals: Equatable, Sendable {
    /// How many alerts one tool has in one district with one severity.
    public struct Group: Equatable, Sendable {
        public var district: String
        public var tool: Tool
        public var severity: Severity
        public var unacknowledged: Int
        public var open: Int
        public var suppressed: Int
        public var total: Int

        public init(
            district: String, tool: Tool, severity: Severity, unacknowledged: Int, open: Int, suppressed: Int,
            total: Int
        ) {
            self.district = district
            self.tool = tool
            self.severity = severity
            self.unacknowledged = unacknowledged
            self.open = open
            self.suppressed = suppressed
            self.total = total
        }
    }

    public let groups: [Group]
    /// Annunciations since local midnight.
    public var today: Int
    /// Annunciations in each of the last ten minutes, the current one last.
    public var lastMinutes: [Int]
    /// When the last alert of the realm was annunciated.
    public var last: Timestamp?
    /// The flood that goes on, where one does.
    public var flood: Flood?

    // Sums of the groups, made once: a screen asks for them at every key.
    public private(set) var unacknowledged = 0
    public private(set) var open = 0
    public private(set) var suppressed = 0
    public private(set) var total = 0
    public private(set) var worstUnacknowledged: Severity?
    private var byDistrict: [String: Part] = [:]
    private var byTool: [Tool: Part] = [:]

    /// What is open in a part of the whole.
    public struct Part: Equatable, Sendable {
        public var open = 0
        public var worst: Severity?
        public var worstUnacknowledged: Severity?
    }

    public init(groups: [Group] = [], today: Int = 0, lastMinutes: [Int] = [], last: Timestamp? = nil) {
        self.groups = groups
        self.today = today
        self.lastMinutes = lastMinutes
        self.last = last
        for group in groups { add(group) }
    }

    private mutating func add(_ group: Group) {
        unacknowledged += group.unacknowledged
        open += group.open
        suppressed += group.suppressed
        total += group.total
        if group.unacknowledged > 0 {
            worstUnacknowledged = max(worstUnacknowledged ?? group.severity, group.severity)
        }
        AlertTotals.add(group, to: &byDistrict[group.district, default: Part()])
        AlertTotals.add(group, to: &byTool[group.tool, default: Part()])
    }

    private static func add(_ group: Group, to part: inout Part) {
        part.open += group.open
        if group.open > 0 { part.worst = max(part.worst ?? group.severity, group.severity) }
        guard group.unacknowledged > 0 else { return }
        part.worstUnacknowledged = max(part.worstUnacknowledged ?? group.severity, group.severity)
    }

    /// - Parameter district: its id; empty for what has none.
    public func open(district: String) -> (count: Int, worst: Severity?) {
        let part = byDistrict[district] ?? Part()
        return (part.open, part.worst)
    }

    public func part(of tool: Tool) -> Part { byTool[tool] ?? Part() }

    /// Unacknowledged alerts at or above a severity.
    public func unacknowledged(from severity: Severity) -> Int {
        groups.reduce(0) { $1.severity >= severity ? $0 + $1.unacknowledged : $0 }
    }

    /// Unacknowledged alerts of a severity.
    public func unacknowledged(of severity: Severity) -> Int {
        groups.reduce(0) { $1.severity == severity ? $0 + $1.unacknowledged : $0 }
    }

    /// The sums of the groups that a filter lets through; text is not counted here.
    public func matching(_ filter: AlertFilter) -> AlertTotals {
        guard filter.tool != nil || filter.district != nil || filter.minimumSeverity != nil else { return self }
        let passed = groups.filter { group in
            (filter.tool == nil || group.tool == filter.tool)
                && (filter.district == nil || group.district == filter.district)
                && (filter.minimumSeverity.map { group.severity >= $0 } ?? true)
        }
        return AlertTotals(groups: passed, today: today, lastMinutes: lastMinutes, last: last)
    }
}
