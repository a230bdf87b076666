import ControlRoom

/// What the figures of the alarm system are made of (`AlarmMetrics`), kept by the fold: annunciations by ten minutes, answers
/// and what troubles by the hour.
///
/// Of an alarm that comes once nothing is kept but one more in its ten minutes. Repeats are kept from the second on, with the
/// first, so that the most frequent are found exactly. An hour's answers of a person are one row, the seconds of each in it.
final class AlarmMeter {
    private let statements: Statements
    private let tools: KnownTools
    private var periods: [Period: [Int]] = [:]
    private var answers: [Answers: [Int64: Int]] = [:]
    private var verdicts: [Verdicts: AlarmMetrics.Verdicts] = [:]

    private struct Period: Hashable {
        let realm: Int64
        let period: Int64
        let tool: Tool
        let tenant: ExactText
    }

    private struct Answers: Hashable {
        let realm: Int64
        let hour: Int64
        let kind: AlarmAnswer.Kind
        let actor: ExactText
    }

    private struct Verdicts: Hashable {
        let realm: Int64
        let hour: Int64
        let tool: Tool
    }

    /// What an alarm adds to an hour: annunciations, and how often it chattered or was fleeting.
    struct Nuisance {
        var hour: Int64
        var count = 0
        var chattering = 0
        var fleeting = 0
        /// Of an alarm that comes for the second time: the hour of the first.
        var first: Int64?

        init(fleetingAt time: Timestamp) {
            hour = AlarmMeter.hour(of: time)
            fleeting = 1
        }

        init(_ before: Before, at now: Timestamp) {
            hour = AlarmMeter.hour(of: now)
            count = before.alarms > 0 ? 1 : 0
            chattering = before.chatters ? 1 : 0
            first = before.alarms == 1 ? before.alarmed.map(AlarmMeter.hour) : nil
        }
    }

    /// What is counted of an alarm that is annunciated once more depends on what it was before.
    struct Before {
        let alarms: Int
        let alarmed: Timestamp?
        let chatters: Bool

        init(_ alert: Alert, at now: Timestamp) {
            alarms = alert.alarms
            alarmed = alert.alarmed
            chatters = alert.chatters(annunciatedAt: now)
        }
    }

    init(_ statements: Statements, _ tools: KnownTools) {
        self.statements = statements
        self.tools = tools
    }

    static func hour(of time: Timestamp) -> Int64 { time.minute >= 0 ? time.minute / 60 : (time.minute - 59) / 60 }

    // MARK: - Noting

    func annunciated(_ fact: AlertRaised, tenant: String, realm: Int64, at now: Timestamp) {
        let period = Period(realm: realm, period: AlarmLoad.period(of: now), tool: fact.tool, tenant: ExactText(tenant))
        periods[period, default: Array(repeating: 0, count: Severity.allCases.count)][fact.severity.rawValue] += 1
    }

    func move(from before: AlarmAnswers, to after: AlarmAnswers, realm: Int64) {
        guard before != after else { return }
        for answer in before.answers { add(answer, realm, -1) }
        for answer in after.answers { add(answer, realm, 1) }
        if let judged = before.judged { add(judged, realm, -1) }
        if let judged = after.judged { add(judged, realm, 1) }
    }

    private func add(_ answer: AlarmAnswer, _ realm: Int64, _ sign: Int) {
        let key = Answers(
            realm: realm, hour: AlarmMeter.hour(of: answer.at), kind: answer.kind, actor: ExactText(answer.by))
        answers[key, default: [:]][AlarmMeter.number(answer), default: 0] += sign
    }

    private func add(_ judged: AlarmJudgement, _ realm: Int64, _ sign: Int) {
        let key = Verdicts(realm: realm, hour: AlarmMeter.hour(of: judged.at), tool: judged.tool)
        var sums = verdicts[key] ?? AlarmMetrics.Verdicts()
        switch judged.verdict {
        case .confirmed: sums.confirmed += sign
        case .rejected: sums.rejected += sign
        }
        verdicts[key] = sums
    }

    func forget() {
        periods.removeAll(keepingCapacity: true)
        answers.removeAll(keepingCapacity: true)
        verdicts.removeAll(keepingCapacity: true)
    }

    // MARK: - An answer as a number

    static func number(_ answer: AlarmAnswer) -> Int64 { Int64(answer.seconds) << 3 | Int64(answer.severity.rawValue) }

    static func answer(_ number: Int64) -> (severity: Severity, seconds: Int) {
        (Severity(rawValue: Int(number & 7)) ?? .info, Int(number >> 3))
    }

    // MARK: - Writing

    /// Called before the transaction ends.
    func flush() throws {
        for (period, counts) in periods { try write(period, counts) }
        for (key, changes) in answers { try write(key, changes) }
        for (key, sums) in verdicts where sums != AlarmMetrics.Verdicts() { try write(key, sums) }
        forget()
    }

    private func write(_ period: Period, _ counts: [Int]) throws {
        let upsert = try statements(
            """
            INSERT INTO alarm_periods (realm, period, tool, tenant, critical, high, medium, low, info)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
            ON CONFLICT DO UPDATE SET critical = critical + excluded.critical, high = high + excluded.high,
                medium = medium + excluded.medium, low = low + excluded.low, info = info + excluded.info
            """)
        upsert.bind(1, period.realm)
        upsert.bind(2, period.period)
        upsert.bind(3, try tools.counted(period.tool).rawValue)
        upsert.bind(4, period.tenant.text)
        for (index, count) in counts.enumerated() { upsert.bind(Int32(5 + index), count) }
        try upsert.run()
    }

    /// So many stand in one list: the ten thousandth answer of an hour costs what the tenth does.
    private static let mostListed = 256

    private static let ofKey = "realm = ? AND hour = ? AND kind = ? AND actor = ?"

    private func write(_ key: Answers, _ changes: [Int64: Int]) throws {
        let added = changes.filter { $0.value > 0 }.flatMap { repeatElement($0.key, count: $0.value) }
        if !added.isEmpty { try append(added, key) }
        let taken = changes.filter { $0.value < 0 }.mapValues { -$0 }
        if !taken.isEmpty { try take(taken, key) }
    }

    /// Fills the last list, and begins others.
    private func append(_ added: [Int64], _ key: Answers) throws {
        let select = try statements(
            "SELECT list, answers FROM alarm_answers WHERE \(AlarmMeter.ofKey) ORDER BY list DESC LIMIT 1")
        bind(key, to: select, from: 1)
        var (list, numbers) = try select.first { ($0.integer(0), AlarmMeter.numbers($0.blob(1))) } ?? (0, [])
        var rest = added[...]
        while !rest.isEmpty {
            if numbers.count >= AlarmMeter.mostListed { (list, numbers) = (list + 1, []) }
            let room = AlarmMeter.mostListed - numbers.count
            numbers += rest.prefix(room)
            rest = rest.dropFirst(room)
            try write(numbers.sorted(), key, list)
        }
    }

    /// What is taken back was answered lately.
    private func take(_ taken: [Int64: Int], _ key: Answers) throws {
        var taken = taken
        let select = try statements(
            "SELECT list, answers FROM alarm_answers WHERE \(AlarmMeter.ofKey) ORDER BY list DESC")
        bind(key, to: select, from: 1)
        for (list, numbers) in try select.all({ ($0.integer(0), AlarmMeter.numbers($0.blob(1))) }) where !taken.isEmpty
        {
            let left = numbers.filter { number in
                guard let count = taken[number] else { return true }
                taken[number] = count > 1 ? count - 1 : nil
                return false
            }
            if left.count < numbers.count { try write(left, key, list) }
        }
    }

    private static func numbers(_ packed: [UInt8]) -> [Int64] {
        var numbers: [Int64] = []
        RisingNumbers.unpack(packed) { numbers.append($0) }
        return numbers
    }

    private func write(_ numbers: [Int64], _ key: Answers, _ list: Int64) throws {
        let write = try statements(
            numbers.isEmpty
                ? "DELETE FROM alarm_answers WHERE \(AlarmMeter.ofKey) AND list = ?"
                : "INSERT OR REPLACE INTO alarm_answers (realm, hour, kind, actor, list, answers) VALUES (?, ?, ?, ?, ?, ?)"
        )
        bind(key, to: write, from: 1)
        write.bind(5, list)
        if !numbers.isEmpty { write.bind(6, RisingNumbers.pack(numbers)) }
        try write.run()
    }

    private func bind(_ key: Answers, to statement: Prepared, from index: Int32) {
        statement.bind(index, key.realm)
        statement.bind(index + 1, key.hour)
        statement.bind(index + 2, key.kind.rawValue)
        statement.bind(index + 3, key.actor.text)
    }

    private func write(_ key: Verdicts, _ sums: AlarmMetrics.Verdicts) throws {
        let upsert = try statements(
            """
            INSERT INTO alarm_verdicts (realm, hour, tool, confirmed, rejected) SELECT ?1, ?2, ?3, ?4, ?5
            -- Of an hour that was forgotten nothing is taken back.
            WHERE min(?4, ?5) >= 0 OR EXISTS (
                SELECT 1 FROM alarm_verdicts WHERE realm = ?1 AND hour = ?2 AND tool = ?3)
            ON CONFLICT DO UPDATE SET confirmed = confirmed + excluded.confirmed, rejected = rejected + excluded.rejected
            """)
        upsert.bind(1, key.realm)
        upsert.bind(2, key.hour)
        upsert.bind(3, key.tool.rawValue)
        upsert.bind(4, sums.confirmed)
        upsert.bind(5, sums.rejected)
        try upsert.run()
    }

    /// What one alarm adds, now that it has its row.
    func write(_ nuisances: [Nuisance], of row: Int64, realm: Int64) throws {
        for nuisance in nuisances {
            try write(nuisance, of: row, realm: realm)
            guard let first = nuisance.first else { continue }
            var once = nuisance
            (once.hour, once.count, once.chattering, once.fleeting) = (first, 1, 0, 0)
            try write(once, of: row, realm: realm)
        }
    }

    private func write(_ nuisance: Nuisance, of row: Int64, realm: Int64) throws {
        let upsert = try statements(
            """
            INSERT INTO alarm_repeats (realm, hour, alert, count, chattering, fleeting) VALUES (?, ?, ?, ?, ?, ?)
            ON CONFLICT DO UPDATE SET count = count + excluded.count, chattering = chattering + excluded.chattering,
                fleeting = fleeting + excluded.fleeting
            """)
        upsert.bind(1, realm)
        upsert.bind(2, nuisance.hour)
        upsert.bind(3, row)
        upsert.bind(4, nuisance.count)
        upsert.bind(5, nuisance.chattering)
        upsert.bind(6, nuisance.fleeting)
        try upsert.run()
    }

    // MARK: - Forgetting

    /// A trim forgets what was counted before the hour of its place. A part of the fold.
    static func forget(before time: Timestamp, _ statements: Statements) throws {
        try forget(hour: hour(of: time), statements)
    }

    /// Realm by realm, for by that their keys begin.
    private static func forget(hour: Int64, _ statements: Statements) throws {
        for realm in try statements("SELECT DISTINCT realm FROM alarm_periods").all({ $0.integer(0) }) {
            for (table, column, first) in [
                ("alarm_periods", "period", hour * 6), ("alarm_repeats", "hour", hour),
                ("alarm_answers", "hour", hour), ("alarm_verdicts", "hour", hour),
            ] {
                let delete = try statements("DELETE FROM \(table) WHERE realm = ? AND \(column) < ?")
                delete.bind(1, realm)
                delete.bind(2, first)
                try delete.run()
            }
        }
    }
}
