/// How alarms that belong together are shown as one row. Nothing is dropped: a group is found when a list is read, and each of
/// its members stays an alarm of its own.
///
/// In the order in which they were annunciated, an alarm belongs to the nearest group of its tool and kind whose first member
/// lies within the radius and whose last was annunciated within the time before it.
public struct AlertGrouping: Hashable, Sendable {
    /// The first that fits an alarm counts; what none fits stands alone.
    public var rules: [GroupingRule]
    /// Only the members of the group that one of these rows belongs to, each in a row of its own; nil for the groups.
    public var inside: [Int64]?

    public init(rules: [GroupingRule] = [.standard], inside: [Int64]? = nil) {
        self.rules = rules
        self.inside = inside
    }
}

/// How near alarms of a source must be to each other to belong together.
public struct GroupingRule: Hashable, Sendable {
    /// Nil for any.
    public var tool: Tool?
    public var kind: String?
    /// From the first of the group; what has no place is with what has none in the same district.
    public var metres: Int
    /// Since the last of the group. No time at all where they are not grouped.
    public var seconds: Int

    public init(tool: Tool? = nil, kind: String? = nil, metres: Int, seconds: Int) {
        self.tool = tool
        self.kind = kind
        self.metres = metres
        self.seconds = seconds
    }

    /// 150 m and ten minutes, for every tool and kind.
    public static let standard = GroupingRule(metres: 150, seconds: 600)

    /// A rule that names no tool, or no kind, fits all of them.
    public func fits(_ tool: Tool, _ kind: String) -> Bool {
        (self.tool == nil || self.tool == tool) && (self.kind == nil || self.kind == kind)
    }

    static let metresRange = 0...100_000
    static let secondsRange = 0...86_400
}

/// What a row stands for that shows a group by one of it, the one that needs attention most.
public struct AlertGroup: Equatable, Sendable {
    /// An alarm of it as it was when the row was read.
    public struct Member: Equatable, Sendable {
        public var row: Int64
        /// How often it was annunciated.
        public var occurrence: Int
        public var severity: Severity

        public init(row: Int64, occurrence: Int, severity: Severity) {
            self.row = row
            self.occurrence = occurrence
            self.severity = severity
        }
    }

    /// More than one.
    public var count: Int
    /// Of them, those that wait for an acknowledgement.
    public var waiting: Int
    /// Of those that are open.
    public var worst: Severity?
    /// What the alarm says that explains the others, where the row shows another.
    public var cause: String?
    /// In the order in which they were annunciated; of a very large group the first ones.
    public var members: [Member]

    public static let mostMembers = 10_000

    public init(count: Int, waiting: Int, worst: Severity?, members: [Member]) {
        self.count = count
        self.waiting = waiting
        self.worst = worst
        self.members = members
    }

    public var rows: [Int64] { members.map(\.row) }

    public func holds(_ row: Int64) -> Bool { members.contains { $0.row == row } }

    /// Those of these alarms that were among them, and are as they were then: what came or rose since nobody has seen.
    public func shown(among lines: [AlertLine]) -> [AlertLine] {
        let known = Dictionary(members.map { ($0.row, $0) }, uniquingKeysWith: { first, _ in first })
        return lines.filter { line in
            known[line.row].map {
                $0.occurrence == line.alert.timesAnnunciated && $0.severity == line.alert.latchedSeverity
            } ?? false
        }
    }
}

extension GroupingRule {
    init(reading reader: inout JSONReader) throws {
        self.init(metres: GroupingRule.standard.metres, seconds: GroupingRule.standard.seconds)
        try reader.object { key, reader in
            switch key {
            case "tool": tool = try reader.tool(try reader.string())
            case "kind": kind = try reader.string()
            case "radius_m":
                metres = try reader.integer()
                guard GroupingRule.metresRange.contains(metres) else {
                    throw reader.failure("\(metres) m is outside \(GroupingRule.metresRange)")
                }
            case "window_s": seconds = try reader.seconds(in: GroupingRule.secondsRange)
            default: throw reader.failure("a group has tool, kind, radius_m and window_s")
            }
        }
    }

    func write(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.member("tool", tool?.code)
            writer.member("kind", kind)
            writer.member("radius_m", metres)
            writer.member("window_s", seconds)
        }
    }
}
