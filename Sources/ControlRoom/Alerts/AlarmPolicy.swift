/// The alarm philosophy of a site (ISA-18.2, 6) as far as the system acts by it (`alarm_policy.set.v1`).
public struct AlarmPolicy: Hashable, Sendable {
    /// For how long somebody may shelve alone; what is longer wants a second person.
    public var shelfSeconds: Int
    /// After how long somebody is reminded of what they acknowledged and what goes on all the same, again and again. By severity;
    /// never where there is none.
    public var reminderSeconds: [Severity: Int]
    /// The first that fits counts.
    public var escalations: [EscalationRule]
    /// Hours of the site's clock at which shifts begin, rising.
    public var shiftHours: [Int] = AlarmPolicy.standardShifts

    /// What a list shows as one row, where it groups.
    public var groups: [GroupingRule] = [.standard]

    public static let standardShifts = [6, 14, 22]

    public init(
        shelfSeconds: Int = AlertShelved.shiftSeconds,
        reminderSeconds: [Severity: Int] = [.critical: 1_800, .high: 7_200],
        escalations: [EscalationRule] = EscalationRule.standard
    ) {
        self.shelfSeconds = shelfSeconds
        self.reminderSeconds = reminderSeconds
        self.escalations = escalations
    }

    public static let standard = AlarmPolicy()

    /// Clocks differ, and acts are some time on their way.
    public static let slackSeconds = 600.0
    static let mostRules = 50
    static let mostSteps = 9

    /// When the shift began in which a time lies; the day where there are no shifts.
    public func shiftStart(at now: Timestamp, _ zone: ZoneTable) -> Timestamp {
        let local = zone.local(now)
        let begun = shiftHours.last { $0 * 3_600 <= local.secondOfDay }
        // Before the first of the day, it is the last of the day before.
        let second = begun.map { $0 * 3_600 } ?? shiftHours.last.map { ($0 - 24) * 3_600 } ?? 0
        let guess = now.adding(seconds: Double(second - local.secondOfDay))
        let change = zone.period(at: now).offset - zone.period(at: guess).offset
        let start = guess.adding(seconds: Double(change)).milliseconds
        return Timestamp(milliseconds: Timestamp.floorDivide(start, 1_000).0 * 1_000)
    }

    /// Whether alerts are due at the same times by both: to whom they go, and when who acknowledged them is reminded.
    public func isDueAlike(_ other: AlarmPolicy) -> Bool {
        reminderSeconds == other.reminderSeconds && escalations == other.escalations
    }

    /// To whom it goes next; nil where nobody is left.
    ///
    /// - Parameter level: how often it was escalated.
    public func step(after level: Int, for alert: Alert) -> EscalationRule.Step? {
        guard let rule = escalations.first(where: { $0.fits(alert) }), rule.steps.indices.contains(level) else {
            return nil
        }
        return rule.steps[level]
    }
}

/// What nobody has acknowledged goes to somebody else.
public struct EscalationRule: Hashable, Sendable {
    /// Whom an alarm goes to when it has waited so long.
    public struct Step: Hashable, Sendable {
        /// Since it began to wait.
        public var seconds: Int
        /// A role or a person.
        public var to: String

        public init(seconds: Int, to: String) {
            self.seconds = seconds
            self.to = to
        }
    }

    /// Alerts of this severity and worse.
    public var severity: Severity
    public var tool: Tool?
    /// The id of a district.
    public var district: String?
    /// Rising in time; none where they are not escalated at all.
    public var steps: [Step]

    public init(severity: Severity, tool: Tool? = nil, district: String? = nil, steps: [Step]) {
        self.severity = severity
        self.tool = tool
        self.district = district
        self.steps = steps
    }

    public static let standard = [
        EscalationRule(severity: .critical, steps: [Step(seconds: 300, to: Role.supervisor.rawValue)]),
        EscalationRule(severity: .high, steps: [Step(seconds: 900, to: Role.supervisor.rawValue)]),
    ]

    func fits(_ alert: Alert) -> Bool {
        alert.latchedSeverity >= severity && (tool == nil || alert.tool == tool)
            && (district == nil || alert.district == district)
    }
}

extension AlarmPolicy {
    /// Reads the data of a policy event, or a site's file. What it does not say is as shipped; numbers out of their
    /// bounds and lists that are too long are refused, members of other names are passed over.
    public init(reading reader: inout JSONReader) throws {
        // What is not said is as it is everywhere.
        self.init()
        try reader.object { key, reader in
            switch key {
            case "shelf_s": shelfSeconds = try reader.seconds(in: 60...AlertShelved.longestSeconds)
            case "reminders":
                reminderSeconds = [:]
                try reader.object { name, reader in
                    guard let severity = Severity(name: name) else {
                        throw reader.failure("a severity is critical, high, medium, low or info")
                    }
                    reminderSeconds[severity] = try reader.seconds(in: 60...EscalationRule.mostSeconds)
                }
            case "shifts":
                shiftHours = []
                try reader.array { reader in
                    let hour = try reader.integer()
                    guard (0...23).contains(hour), hour > shiftHours.last ?? -1 else {
                        throw reader.failure("shifts are hours from 0 to 23, each later than the one before")
                    }
                    shiftHours.append(hour)
                }
            case "groups":
                groups = []
                try reader.array { reader in
                    guard groups.count < AlarmPolicy.mostRules else { throw reader.failure("too many rules") }
                    groups.append(try GroupingRule(reading: &reader))
                }
            case "escalations":
                escalations = []
                try reader.array { reader in
                    guard escalations.count < AlarmPolicy.mostRules else { throw reader.failure("too many rules") }
                    escalations.append(try EscalationRule(reading: &reader))
                }
            default: try reader.skip()
            }
        }
    }

    public func write(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.member("shelf_s", shelfSeconds)
            writer.member(
                "reminders",
                object: { writer in
                    for severity in Severity.allCases { writer.member(severity.name, reminderSeconds[severity]) }
                })
            writer.key("shifts")
            writer.array { writer in for hour in shiftHours { writer.number(String(hour)) } }
            writer.key("groups")
            writer.array { writer in for rule in groups { rule.write(to: &writer) } }
            writer.key("escalations")
            writer.array { writer in for rule in escalations { rule.write(to: &writer) } }
        }
    }
}

extension EscalationRule {
    static let mostSeconds = 7 * 86_400

    init(reading reader: inout JSONReader) throws {
        self.init(severity: .info, steps: [])
        var (code, hasSeverity): (String?, Bool) = (nil, false)
        try reader.object { key, reader in
            switch key {
            case "severity":
                severity = try reader.named("severity", Severity.init(name:))
                hasSeverity = true
            case "tool": code = try reader.optionalString()
            case "district": district = try reader.optionalString()
            case "steps":
                try reader.array { reader in
                    guard steps.count < AlarmPolicy.mostSteps else { throw reader.failure("too many steps") }
                    steps.append(try Step(reading: &reader))
                }
            default: try reader.skip()
            }
        }
        tool = try code.map { try reader.tool($0) }
        guard hasSeverity else { throw reader.failure("a rule says from which severity on it holds") }
        guard zip(steps, steps.dropFirst()).allSatisfy({ $0.seconds < $1.seconds }) else {
            throw reader.failure("the steps of an escalation rise in time")
        }
    }

    func write(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.member("severity", severity.name)
            writer.member("tool", tool?.code)
            writer.member("district", district)
            writer.key("steps")
            writer.array { writer in
                for step in steps {
                    writer.object { writer in
                        writer.member("after_s", step.seconds)
                        writer.member("to", step.to)
                    }
                }
            }
        }
    }
}

extension EscalationRule.Step {
    init(reading reader: inout JSONReader) throws {
        self.init(seconds: 0, to: "")
        try reader.object { key, reader in
            switch key {
            case "after_s": seconds = try reader.seconds(in: 1...EscalationRule.mostSeconds)
            case "to": to = try reader.string()
            default: try reader.skip()
            }
        }
        guard seconds > 0, !to.isEmpty else { throw reader.failure("a step names when and to whom") }
    }
}

extension JSONReader {
    /// The tool of a rule: a code as it is shown, whether it is registered yet or not.
    func tool(_ code: String) throws -> Tool {
        guard Tool.isCode(code) else {
            throw failure("no tool is called \(code): a code has 1 to \(Tool.mostCharacters) of A-Z, 0-9 and -")
        }
        return Tool(code: code)
    }

    mutating func seconds(in range: ClosedRange<Int>) throws -> Int {
        let seconds = try integer()
        guard range.contains(seconds) else {
            throw failure("\(seconds) s is outside \(range.lowerBound)...\(range.upperBound)")
        }
        return seconds
    }
}
