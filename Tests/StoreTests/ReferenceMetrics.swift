import ControlRoom

/// The figures as somebody would find them who has all that ever happened in a list, and walks it for every question.
struct ReferenceMetrics {
    private var fold = ReferenceFold()
    private var raises: [Raise] = []
    private var answers: [Answer] = []
    private var fleeting: [(alarm: Alarm, at: Timestamp)] = []
    /// Verdicts of others than whoever gave the first.
    private var dissents: [Answer] = []
    /// What stood in the place of an assessment before its author gave another.
    private var replaced: [String: Answer] = [:]
    /// How often each was forgotten: what is raised again later is another.
    private var lives: [Alarm: Int] = [:]
    /// What was before it a trim has forgotten.
    private var cut: Int64 = 0
    private var stays: [Alarm: Int] = [:]

    struct Alarm: Hashable {
        var realm: Realm
        var subject: String
        var life = 0
    }

    private struct Raise {
        var alarm: Alarm
        var at: Timestamp
        var severity: Severity
        var tool: Tool
        /// It was not active before.
        var isEntry: Bool
        /// It was that, or is worse, and is not kept quiet.
        var isAlarm: Bool
    }

    private struct Answer {
        /// Id of the act.
        var id: String
        var alarm: Alarm
        var type: EventType
        var by: String
        var at: Timestamp
        var severity: Severity
        var seconds: Int
        var tool: Tool
        var verdict: Verdict?
        /// Which stay in the active state it was an answer to: of one that is over nobody can take anything back.
        var stay: Int
    }

    mutating func fold(_ event: Event, now: Timestamp) throws {
        let fact = try Fact(of: event)
        let (realm, subject) = (fact.realm(of: event), event.subject ?? "")
        let name = Alarm(realm: realm, subject: subject)
        let before = fold.alerts[realm]?[subject]
        let known = fold.alerts
        try fold.fold(event, now: now)
        for (realm, alerts) in known {
            for subject in alerts.keys where fold.alerts[realm]?[subject] == nil {
                lives[Alarm(realm: realm, subject: subject), default: 0] += 1
            }
        }
        var alarm = name
        alarm.life = lives[name] ?? 0
        let after = fold.alerts[realm]?[subject]
        let actor = event.actor ?? event.source
        switch fact {
        case .logTrimmed(let trim): forget(before: trim.recorded)
        case .alertRaised(let raised):
            guard before != after else { break }
            if let before, !before.isActive(at: now) { stays[alarm, default: 0] += 1 }
            let isEntry = !(before?.isActive(at: now) ?? false)
            let isAlarm =
                (isEntry || after?.alarms ?? 0 > before?.alarms ?? 0) && after?.isSuppressed == false
            raises.append(
                Raise(
                    alarm: alarm, at: now, severity: raised.severity, tool: raised.tool, isEntry: isEntry,
                    isAlarm: isAlarm))
        case .alertAcknowledged where before?.acknowledged == false && after?.acknowledged == true:
            answer(event.id, alarm, event.type, actor, now, before, nil)
        case .alertAssessed(let judged) where before != nil && judged.occurrence >= before?.annunciated ?? 0:
            // The first verdict of a stay counts; whoever gave it may give another.
            guard before?.assessment.map({ $0.act.by == actor }) ?? true else {
                dissent(event.id, alarm, actor, now, before, judged.verdict)
                break
            }
            replaced[event.id] = assessment(of: alarm).map { answers.remove(at: $0) }
            answer(event.id, alarm, event.type, actor, now, before, judged.verdict)
        case .alertClosed(let judged) where before?.closing == nil && after?.closing != nil:
            answer(event.id, alarm, event.type, actor, now, before, judged.verdict)
        case .actUndone(let undone) where before != after:
            if let later = replaced.first(where: { $0.value.id == undone.act }) {
                replaced[later.key] = replaced[undone.act]
            } else if let index = answers.firstIndex(where: { $0.id == undone.act }) {
                answers.remove(at: index)
                if let old = replaced[undone.act] {
                    answers.append(old)
                } else if undone.type == .alertAssessed,
                    let next = dissents.firstIndex(where: { $0.alarm == alarm && $0.stay == stays[alarm] ?? 0 })
                {
                    answers.append(dissents.remove(at: next))
                }
            } else if let index = dissents.firstIndex(where: { $0.id == undone.act }) {
                dissents.remove(at: index)
                if let old = replaced[undone.act] { dissents.append(old) }
            }
        case .alertCleared where before?.active == true && after?.active == false && before?.acknowledged == false:
            let last = raises.last { $0.alarm == alarm && $0.isEntry }
            if let last, now.seconds(since: last.at) < 60 { fleeting.append((alarm, now)) }
        default: break
        }
    }

    private mutating func answer(
        _ id: String, _ alarm: Alarm, _ type: EventType, _ by: String, _ at: Timestamp, _ before: Alert?,
        _ verdict: Verdict?
    ) {
        guard let before else { return }
        answers.append(
            Answer(
                id: id, alarm: alarm, type: type, by: by, at: at, severity: before.latchedSeverity,
                seconds: Int(max(0, at.seconds(since: before.wanted))), tool: before.tool, verdict: verdict,
                stay: stays[alarm] ?? 0))
    }

    /// Somebody else has judged it before.
    private mutating func dissent(
        _ id: String, _ alarm: Alarm, _ by: String, _ at: Timestamp, _ before: Alert?, _ verdict: Verdict?
    ) {
        let own = dissents.firstIndex { $0.alarm == alarm && $0.stay == stays[alarm] ?? 0 && $0.by == by }
        replaced[id] = own.map { dissents.remove(at: $0) }
        answer(id, alarm, .alertAssessed, by, at, before, verdict)
        if let last = answers.popLast() { dissents.append(last) }
    }

    private func assessment(of alarm: Alarm) -> Int? {
        answers.lastIndex { $0.alarm == alarm && $0.type == .alertAssessed && $0.stay == stays[alarm] ?? 0 }
    }

    private static func hour(_ time: Timestamp) -> Timestamp {
        Timestamp(milliseconds: time.milliseconds / 3_600_000 * 3_600_000)
    }

    private mutating func forget(before time: Timestamp) {
        cut = max(cut, ReferenceMetrics.hour(time).milliseconds)
    }

    // MARK: - Asking

    func metrics(_ realm: Realm, from: Timestamp, now: Timestamp) -> AlarmMetrics {
        var metrics = AlarmMetrics(start: from, end: now)
        let period: Int64 = 600_000
        let own = raises.filter { $0.alarm.realm == realm && $0.at.milliseconds >= cut && $0.isAlarm }
        guard let first = own.map(\.at.milliseconds).min().map({ $0 / period * period }) else { return metrics }
        let hour = max(ReferenceMetrics.hour(from).milliseconds, first / 3_600_000 * 3_600_000)
        metrics.start = Timestamp(milliseconds: max(hour, first))
        let counted = own.filter { $0.at.milliseconds >= hour }
        let periods = stride(from: metrics.start.milliseconds, through: now.milliseconds, by: Int(period))
        metrics.load = AlarmLoad(
            counts: periods.map { start in counted.count { (start..<start + period).contains($0.at.milliseconds) } })
        for raise in counted {
            metrics.severities[raise.severity, default: 0] += 1
            metrics.tools[raise.tool, default: 0] += 1
            metrics.tenants["", default: 0] += 1
        }
        let often = Dictionary(grouping: counted, by: \.alarm).mapValues(\.count)
        let ten = often.values.sorted(by: >).prefix(10).reduce(0, +)
        metrics.frequentShare = counted.isEmpty ? nil : Double(ten) / Double(counted.count)
        metrics.chattering = chattering(realm, from: hour)
        metrics.fleeting =
            Set(fleeting.filter { $0.alarm.realm == realm && $0.at.milliseconds >= hour }.map(\.alarm)).count
        judge(realm, hour, &metrics)
        metrics.ratePerPosition = ratePerPosition(realm, counted, metrics)
        return metrics
    }

    /// How often every alarm became active in a minute before each time.
    private func chattering(_ realm: Realm, from hour: Int64) -> Int {
        let all = Dictionary(grouping: raises.filter { $0.alarm.realm == realm && $0.isEntry }, by: \.alarm)
        return all.values.count { raises in
            raises.indices.dropFirst(2).contains { index in
                raises[index].isAlarm && raises[index].at.milliseconds >= hour
                    && raises[index].at.seconds(since: raises[index - 2].at) <= 60
            }
        }
    }

    /// Each hour's alarms among those who acknowledged in it.
    private func ratePerPosition(_ realm: Realm, _ counted: [Raise], _ metrics: AlarmMetrics) -> Double? {
        guard !metrics.load.counts.isEmpty else { return nil }
        var sum = 0.0
        for (hour, raises) in Dictionary(grouping: counted, by: { ReferenceMetrics.hour($0.at) }) {
            let persons = Set(
                answers.filter {
                    $0.alarm.realm == realm && $0.type == .alertAcknowledged && ReferenceMetrics.hour($0.at) == hour
                }.map(\.by))
            sum += Double(raises.count) / Double(max(1, persons.count))
        }
        return sum / Double(metrics.load.counts.count)
    }

    private func judge(_ realm: Realm, _ hour: Int64, _ metrics: inout AlarmMetrics) {
        let mine = answers.filter { $0.alarm.realm == realm }
        let acknowledged = mine.filter { $0.type == .alertAcknowledged }
        // An assessment counts; a closing where there was none in the same stay.
        let assessed = mine.filter { answer in
            answer.type == .alertAssessed
                || answer.type == .alertClosed && !isAssessed(answer, among: mine)
        }
        let recent: ([Answer]) -> [Answer] = { $0.filter { $0.at.milliseconds >= hour } }
        metrics.acknowledged = ReferenceMetrics.summaries(recent(acknowledged))
        metrics.assessed = ReferenceMetrics.summaries(recent(assessed))
        for (person, own) in Dictionary(grouping: recent(acknowledged + assessed), by: \.by) {
            metrics.positions.append(
                AlarmMetrics.Position(
                    person: person,
                    acknowledged: ReferenceMetrics.summary(own.filter { $0.type == .alertAcknowledged }),
                    assessed: ReferenceMetrics.summary(own.filter { $0.type != .alertAcknowledged })))
        }
        metrics.positions.sort { $0.person < $1.person }
        // The closing has the last word, where it says whether it was real.
        let judged = mine.filter { answer in
            guard answer.verdict != nil else { return false }
            return answer.type == .alertClosed || answer.type == .alertAssessed && !isClosed(answer, among: mine)
        }
        for answer in recent(judged) {
            var sums = metrics.verdicts[answer.tool] ?? AlarmMetrics.Verdicts()
            if answer.verdict == .confirmed { sums.confirmed += 1 } else { sums.rejected += 1 }
            metrics.verdicts[answer.tool] = sums
        }
    }

    private func isAssessed(_ closing: Answer, among all: [Answer]) -> Bool {
        all.contains { $0.type == .alertAssessed && $0.alarm == closing.alarm && $0.stay == closing.stay }
    }

    private func isClosed(_ assessment: Answer, among all: [Answer]) -> Bool {
        all.contains {
            $0.type == .alertClosed && $0.verdict != nil && $0.alarm == assessment.alarm && $0.stay == assessment.stay
        }
    }

    private static func summaries(_ answers: [Answer]) -> [Severity: AnswerTimes.Summary] {
        Dictionary(grouping: answers, by: \.severity).compactMapValues(summary)
    }

    /// The median and the 95th percentile by nearest rank, of all in order.
    private static func summary(_ answers: [Answer]) -> AnswerTimes.Summary? {
        let seconds = answers.map(\.seconds).sorted()
        guard !seconds.isEmpty else { return nil }
        func rank(_ percent: Int) -> Int { seconds[(seconds.count * percent + 99) / 100 - 1] }
        return AnswerTimes.Summary(count: seconds.count, median: rank(50), p95: rank(95))
    }
}
