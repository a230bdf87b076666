public import ControlRoom

/// The figures of the alarm system, from what the fold keeps (`AlarmMeter`). The cost grows with the ten minutes, the alarms
/// that repeat and the answers of the time that is asked for, not with the alerts.
extension Store {
    /// - Parameter start: rounded down to a whole hour of universal time.
    public func metrics(_ realm: Realm, from start: Timestamp, now: Timestamp) throws -> AlarmMetrics {
        try read { try MetricsReader(reader: $0, realm: realm, start: start, now: now).read() }
    }

    /// What stands now, with shelves measured by the site's policy.
    public func standing(_ realm: Realm, now: Timestamp) throws -> AlarmStanding {
        try read { reader in
            guard let id = try reader.realm(realm) else { return AlarmStanding() }
            let stale = try reader.statements(
                """
                SELECT count(*) FROM alerts INDEXED BY alerts_standing
                WHERE active = 1 AND suppression = 0 AND realm = ? AND since < ? AND (stale IS NULL OR stale > ?)
                """)
            stale.bind(1, id)
            stale.bind(2, now.adding(seconds: -AlarmStanding.staleSeconds).milliseconds)
            stale.bind(3, now.milliseconds)
            let policy = try Meta(statements: reader.statements).policy
            let alone = try reader.statements(
                """
                SELECT count(*) FROM alerts INDEXED BY alerts_shelved
                WHERE shelved_until > ?1 AND realm = ?2 AND json_extract(acts, '$.shelved.approved') IS NULL
                    AND shelved_until - json_extract(acts, '$.shelved.at') > ?3
                """)
            alone.bind(1, now.milliseconds)
            alone.bind(2, id)
            alone.bind(3, Int64((Double(policy.shelfSeconds) + AlarmPolicy.slackSeconds) * 1_000))
            return AlarmStanding(
                stale: try stale.first { $0.int(0) } ?? 0, unauthorised: try alone.first { $0.int(0) } ?? 0)
        }
    }

    /// The shift that began at a time beside the last thirty days.
    ///
    /// - Parameter isWhole: whether the thirty days are read too; the shift moves more quickly.
    public func metricsReport(
        _ realm: Realm, shift: Timestamp, now: Timestamp, isWhole: Bool = true
    ) throws -> MetricsReport {
        let month = now.adding(seconds: -MetricsReport.monthSeconds)
        return MetricsReport(
            shift: try metrics(realm, from: shift, now: now),
            month: try isWhole ? metrics(realm, from: month, now: now) : AlarmMetrics(start: now, end: now),
            standing: try standing(realm, now: now))
    }
}

private struct MetricsReader {
    let reader: StoreReader
    let realm: Realm
    let start: Timestamp
    let now: Timestamp

    func read() throws -> AlarmMetrics {
        var metrics = AlarmMetrics(start: start, end: now)
        guard let id = try reader.realm(realm), let first = try firstPeriod(id) else { return metrics }
        let hour = max(AlarmMeter.hour(of: start), first / 6)
        metrics.start = AlarmLoad.start(of: max(hour * 6, first))
        try readPeriods(id, from: max(hour * 6, first), &metrics)
        try readRepeats(id, hour, &metrics)
        try readAnswers(id, hour, &metrics)
        try readVerdicts(id, hour, &metrics)
        return metrics
    }

    private func firstPeriod(_ id: Int64) throws -> Int64? {
        let first = try reader.statements("SELECT min(period) FROM alarm_periods WHERE realm = ?")
        first.bind(1, id)
        return try first.first { $0.optionalInteger(0) } ?? nil
    }

    private func readPeriods(_ id: Int64, from first: Int64, _ metrics: inout AlarmMetrics) throws {
        let last = AlarmLoad.period(of: now)
        var counts = Array(repeating: 0, count: max(0, Int(last - first) + 1))
        let select = try reader.statements(
            """
            SELECT period, tool, tenant, critical, high, medium, low, info FROM alarm_periods
            WHERE realm = ? AND period BETWEEN ? AND ?
            """)
        select.bind(1, id)
        select.bind(2, first)
        select.bind(3, last)
        var severities = Array(repeating: 0, count: Severity.allCases.count)
        try select.each { row in
            let place = Int(row.integer(0) - first)
            guard counts.indices.contains(place) else { return true }
            var sum = 0
            for severity in severities.indices {
                let count = row.int(Int32(3 + severity))
                severities[severity] += count
                sum += count
            }
            counts[place] += sum
            metrics.tools[Tool(rawValue: row.int(1)) ?? .other, default: 0] += sum
            metrics.tenants[row.text(2), default: 0] += sum
            return true
        }
        metrics.load = AlarmLoad(counts: counts)
        for severity in Severity.allCases where severities[severity.rawValue] > 0 {
            metrics.severities[severity] = severities[severity.rawValue]
        }
    }

    private func readRepeats(_ id: Int64, _ hour: Int64, _ metrics: inout AlarmMetrics) throws {
        let select = try reader.statements(
            """
            SELECT alert, sum(count), sum(chattering), sum(fleeting) FROM alarm_repeats
            WHERE realm = ? AND hour BETWEEN ? AND ? GROUP BY alert
            """)
        select.bind(1, id)
        select.bind(2, hour)
        select.bind(3, AlarmMeter.hour(of: now))
        var most: [(row: Int64, count: Int, chatters: Bool, fleets: Bool)] = []
        var counts: [Int] = []
        try select.each { row in
            let one = (row.integer(0), row.int(1), row.int(2) > 0, row.int(3) > 0)
            if one.2 { metrics.chattering += 1 }
            if one.3 { metrics.fleeting += 1 }
            if one.1 > 0 { counts.append(one.1) }
            guard one.1 > 1 else { return true }
            let place = most.firstIndex { ($0.count, one.0) < (one.1, $0.row) } ?? most.count
            most.insert(one, at: place)
            if most.count > AlarmMetrics.frequentCount { most.removeLast() }
            return true
        }
        metrics.frequentShare = AlarmMetrics.frequentShare(repeats: counts, annunciations: metrics.load.total)
        let alert = try reader.statements("SELECT subject, headline, latched_severity FROM alerts WHERE id = ?")
        metrics.frequent = try most.map { one in
            alert.bind(1, one.row)
            let known = try alert.first { ($0.text(0), $0.text(1), Severity(rawValue: $0.int(2)) ?? .info) }
            return AlarmMetrics.Frequent(
                subject: known?.0 ?? "", headline: known?.1, severity: known?.2 ?? .info, count: one.count,
                isChattering: one.chatters, isFleeting: one.fleets)
        }
    }

    private func readAnswers(_ id: Int64, _ hour: Int64, _ metrics: inout AlarmMetrics) throws {
        let select = try reader.statements(
            "SELECT kind, actor, answers, hour FROM alarm_answers WHERE realm = ? AND hour BETWEEN ? AND ?")
        select.bind(1, id)
        select.bind(2, hour)
        select.bind(3, AlarmMeter.hour(of: now))
        let none = Array(repeating: AnswerTimes(), count: Severity.allCases.count)
        var all = Array(repeating: none, count: AlarmAnswer.Kind.allCases.count)
        var persons: [String: [AnswerTimes]] = [:]
        // Who acknowledged in each hour: so many positions there were.
        var positions: [Int64: Set<String>] = [:]
        try select.each { row in
            guard all.indices.contains(row.int(0)) else { return true }
            let (kind, person) = (row.int(0), row.text(1))
            var own = persons[person] ?? Array(repeating: AnswerTimes(), count: all.count)
            let answers = row.blob(2)
            if kind == AlarmAnswer.Kind.acknowledged.rawValue, !answers.isEmpty {
                positions[row.integer(3), default: []].insert(person)
            }
            RisingNumbers.unpack(answers) { number in
                let (severity, seconds) = AlarmMeter.answer(number)
                all[kind][severity.rawValue].add(seconds)
                own[kind].add(seconds)
            }
            persons[person] = own
            return true
        }
        rate(&metrics, positions.mapValues(\.count))
        for severity in Severity.allCases {
            metrics.acknowledged[severity] = all[AlarmAnswer.Kind.acknowledged.rawValue][severity.rawValue].summary
            metrics.assessed[severity] = all[AlarmAnswer.Kind.assessed.rawValue][severity.rawValue].summary
        }
        metrics.positions = persons.sorted { $0.key < $1.key }.compactMap { person, times in
            let position = AlarmMetrics.Position(
                person: person, acknowledged: times[AlarmAnswer.Kind.acknowledged.rawValue].summary,
                assessed: times[AlarmAnswer.Kind.assessed.rawValue].summary)
            return position.acknowledged == nil && position.assessed == nil ? nil : position
        }
    }

    private func rate(_ metrics: inout AlarmMetrics, _ positions: [Int64: Int]) {
        guard !metrics.load.counts.isEmpty else { return }
        let first = AlarmLoad.period(of: metrics.start)
        var sum = 0.0
        for (index, count) in metrics.load.counts.enumerated() where count > 0 {
            sum += Double(count) / Double(max(1, positions[(first + Int64(index)) / 6] ?? 0))
        }
        metrics.ratePerPosition = sum / Double(metrics.load.counts.count)
    }

    private func readVerdicts(_ id: Int64, _ hour: Int64, _ metrics: inout AlarmMetrics) throws {
        let select = try reader.statements(
            """
            SELECT tool, sum(confirmed), sum(rejected) FROM alarm_verdicts WHERE realm = ? AND hour BETWEEN ? AND ?
            GROUP BY tool
            """)
        select.bind(1, id)
        select.bind(2, hour)
        select.bind(3, AlarmMeter.hour(of: now))
        for (tool, confirmed, rejected) in try select.all({ ($0.int(0), $0.int(1), $0.int(2)) })
        where confirmed + rejected > 0 {
            metrics.verdicts[Tool(rawValue: tool) ?? .other] = AlarmMetrics.Verdicts(
                confirmed: confirmed, rejected: rejected)
        }
    }
}
