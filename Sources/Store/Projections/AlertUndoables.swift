import ControlRoom

/// The acts of an alert that can be taken back, in one text column: each with what the alert would be without it. What the
/// alert's source says of it stands in the row alone.
enum AlertUndoables {
    static func text(of alert: Alert) -> String? {
        guard !alert.undoables.isEmpty else { return nil }
        var writer = JSONWriter()
        writer.array { writer in
            for act in alert.undoables { writer.object { write(act, to: &$0) } }
        }
        return writer.text
    }

    private static func write(_ act: Alert.Undoable, to writer: inout JSONWriter) {
        writer.member("id", act.id)
        writer.member("by", act.by)
        writer.member("type", act.type.rawValue)
        writer.member("time", Int(act.time.milliseconds))
        writer.member("recorded", Int(act.recorded.milliseconds))
        writer.member("entered", (act.entered?.milliseconds).map(Int.init))
        writer.key("data")
        act.fact.writeAct(to: &writer)
        writer.member(
            "answer",
            object: { writer in
                writer.member("severity", act.answer.severity.rawValue)
                writer.member("tool", act.answer.tool.rawValue)
                writer.member("seconds", act.answer.seconds)
            })
        write(act.counted.before, "counted_before", to: &writer)
        write(act.counted.after, "counted_after", to: &writer)
        writer.member("without", object: { writeCondition(of: act.without, to: &$0) })
    }

    private static func write(_ answers: AlarmAnswers, _ name: String, to writer: inout JSONWriter) {
        guard answers != AlarmAnswers() else { return }
        writer.member(
            name,
            object: { writer in
                for answer in answers.answers {
                    writer.member(
                        answer.kind == .acknowledged ? "acknowledged" : "assessed",
                        object: { writer in
                            writer.member("by", answer.by)
                            writer.member("at", Int(answer.at.milliseconds))
                            writer.member("severity", answer.severity.rawValue)
                            writer.member("seconds", answer.seconds)
                        })
                }
                guard let judged = answers.judged else { return }
                writer.member(
                    "judged",
                    object: { writer in
                        writer.member("tool", judged.tool.rawValue)
                        writer.member("verdict", judged.verdict.rawValue)
                        writer.member("at", Int(judged.at.milliseconds))
                    })
            })
    }

    private static func writeCondition(of alert: Alert, to writer: inout JSONWriter) {
        for (name, flag) in flags where alert[keyPath: flag] { writer.member(name, true) }
        for (name, number) in numbers { writer.member(name, alert[keyPath: number]) }
        for (name, time) in times { writer.member(name, Int(alert[keyPath: time].milliseconds)) }
        for (name, time) in ends { writer.member(name, (alert[keyPath: time]?.milliseconds).map(Int.init)) }
        writer.member("severity", alert.currentSeverity.rawValue)
        writer.member("latched_severity", alert.latchedSeverity.rawValue)
        writer.member("over", (alert.sourceEnd?.time.milliseconds).map(Int.init))
        writer.member("over_recorded", (alert.sourceEnd?.recorded.milliseconds).map(Int.init))
        writer.member("clock", alert.clock?.rawValue)
        writer.member("replaced_by", alert.replacedBy)
        writer.member("shelved_until", (alert.shelving?.until.milliseconds).map(Int.init))
        writer.member("shelved_from", alert.shelving?.from.rawValue)
        writer.member("acts", AlertActs.text(of: alert))
    }

    // Computed, because key paths cannot be shared between threads as constants.
    private static var flags: [(String, WritableKeyPath<Alert, Bool>)] {
        [("active", \.active), ("acknowledged", \.acknowledged), ("latched", \.latched)]
    }

    private static var numbers: [(String, WritableKeyPath<Alert, Int>)] {
        [("annunciated", \.annunciated), ("alarms", \.alarms)]
    }

    private static var times: [(String, WritableKeyPath<Alert, Timestamp>)] {
        [("since", \.since), ("raised", \.raised), ("wanted", \.wanted)]
    }

    private static var ends: [(String, WritableKeyPath<Alert, Timestamp?>)] {
        [
            ("entered", \.entered), ("entered_before", \.enteredBefore), ("alarmed", \.alarmed),
            ("chattered", \.chattered), ("fleeted", \.fleeted), ("stale", \.stale), ("ended", \.ended),
        ]
    }

    // MARK: - Reading

    /// The column is our own writing; where one act cannot be read none can be taken back, for each rests on those before it.
    static func restore(_ text: String, to alert: inout Alert) {
        let acts = try? JSONReader.read(Array(text.utf8)) { reader in
            var acts: [Alert.Undoable] = []
            try reader.array { reader in acts.append(try undoable(&reader, of: alert)) }
            return acts
        }
        alert.restore(acts ?? [])
    }

    private static func undoable(_ reader: inout JSONReader, of alert: Alert) throws -> Alert.Undoable {
        var (id, by, type) = ("", "", "")
        var (time, recorded) = (Timestamp(milliseconds: 0), Timestamp(milliseconds: 0))
        var entered: Timestamp?
        var data: [UInt8] = []
        var without = alert
        var counted = (before: AlarmAnswers(), after: AlarmAnswers())
        var answer = AnswerMembers()
        try reader.object { key, reader in
            switch key {
            case "id": id = try reader.string()
            case "by": by = try reader.string()
            case "type": type = try reader.string()
            case "time": time = Timestamp(milliseconds: Int64(try reader.integer()))
            case "recorded": recorded = Timestamp(milliseconds: Int64(try reader.integer()))
            case "entered": entered = try reader.milliseconds()
            case "data":
                reader.skipWhitespace()
                data = try reader.raw()
            case "answer": answer = try AnswerMembers(reading: &reader)
            case "counted_before": counted.before = try answers(&reader)
            case "counted_after": counted.after = try answers(&reader)
            case "without": without = try condition(&reader, of: alert)
            default: try reader.skip()
            }
        }
        let event = Event(id: id, source: "", type: EventType(rawValue: type), data: .json(data))
        return Alert.Undoable(
            id: id, by: by, fact: try Fact(of: event), type: event.type, time: time, recorded: recorded,
            without: without,
            answer: Alert.Answer(severity: answer.severity, tool: answer.tool, seconds: answer.seconds),
            entered: entered, counted: counted)
    }

    /// Every member that an answer has.
    private struct AnswerMembers {
        var (by, verdict, tool, severity, seconds) = ("", "", Tool.other, Severity.info, 0)
        var at = Timestamp(milliseconds: 0)

        init() {}

        init(reading reader: inout JSONReader) throws {
            try reader.object { key, reader in
                switch key {
                case "by": by = try reader.string()
                case "verdict": verdict = try reader.string()
                case "tool": tool = Tool(rawValue: try reader.integer()) ?? .other
                case "severity": severity = Severity(rawValue: try reader.integer()) ?? .info
                case "seconds": seconds = try reader.integer()
                case "at": at = try reader.milliseconds()
                default: try reader.skip()
                }
            }
        }

        func answer(_ kind: AlarmAnswer.Kind) -> AlarmAnswer {
            AlarmAnswer(kind, by: by, at: at, severity: severity, seconds: seconds)
        }
    }

    private static func answers(_ reader: inout JSONReader) throws -> AlarmAnswers {
        var answers = AlarmAnswers()
        try reader.object { kind, reader in
            let read = try AnswerMembers(reading: &reader)
            switch kind {
            case "judged":
                answers.judged = Verdict(rawValue: read.verdict).map {
                    AlarmJudgement(tool: read.tool, verdict: $0, at: read.at)
                }
            case "acknowledged": answers.acknowledged = read.answer(.acknowledged)
            default: answers.assessed = read.answer(.assessed)
            }
        }
        return answers
    }

    private static func condition(_ reader: inout JSONReader, of alert: Alert) throws -> Alert {
        var members = ConditionMembers(of: alert)
        try reader.object { key, reader in try members.take(key, &reader) }
        return members.condition
    }

    /// What is read of a condition, member by member.
    private struct ConditionMembers {
        private var alert: Alert
        private var (over, overRecorded): (Timestamp?, Timestamp?) = (nil, nil)
        private var shelf: (until: Timestamp?, from: Severity) = (nil, .info)
        private var acts: String?

        /// - Parameter alert: what its source says of it.
        init(of alert: Alert) {
            self.alert = Alert(
                subject: alert.subject, tool: alert.tool, kind: alert.kind, severity: alert.currentSeverity,
                headline: alert.headline, since: alert.since)
            self.alert.takeDescription(of: alert)
            self.alert.active = false
        }

        mutating func take(_ key: String, _ reader: inout JSONReader) throws {
            if let (_, flag) = flags.first(where: { $0.0 == key }) {
                alert[keyPath: flag] = try reader.bool()
            } else if let (_, number) = numbers.first(where: { $0.0 == key }) {
                alert[keyPath: number] = try reader.integer()
            } else if let (_, time) = times.first(where: { $0.0 == key }) {
                alert[keyPath: time] = try reader.milliseconds()
            } else if let (_, time) = ends.first(where: { $0.0 == key }) {
                alert[keyPath: time] = try reader.milliseconds()
            } else {
                try takeRest(key, &reader)
            }
        }

        private mutating func takeRest(_ key: String, _ reader: inout JSONReader) throws {
            switch key {
            case "severity": alert.currentSeverity = Severity(rawValue: try reader.integer()) ?? .info
            case "latched_severity": alert.latchedSeverity = Severity(rawValue: try reader.integer()) ?? .info
            case "over": over = try reader.milliseconds()
            case "over_recorded": overRecorded = try reader.milliseconds()
            case "clock": alert.clock = Alert.ClockMark(rawValue: try reader.string())
            case "replaced_by": alert.replacedBy = try reader.string()
            case "shelved_until": shelf.until = try reader.milliseconds()
            case "shelved_from": shelf.from = Severity(rawValue: try reader.integer()) ?? .info
            case "acts": acts = try reader.string()
            default: try reader.skip()
            }
        }

        var condition: Alert {
            var alert = alert
            if let over, let overRecorded { alert.sourceEnd = Alert.SourceEnd(time: over, recorded: overRecorded) }
            if let until = shelf.until {
                alert.shelving = Alert.Shelving(
                    act: Alert.Act(by: "", at: until), until: until, from: shelf.from, isOnce: false,
                    reason: SuppressionReason(.other))
            }
            if let acts { AlertActs.restore(acts, to: &alert) }
            return alert
        }
    }
}

extension JSONReader {
    fileprivate mutating func milliseconds() throws -> Timestamp { Timestamp(milliseconds: Int64(try integer())) }
}
