import ControlRoom

/// A filter as a condition on the rows of `alerts`, with the values that it is bound to.
///
/// No condition is ever NULL, so that `NOT` finds exactly the rest. The pure form that it must agree with stands in the tests.
struct FilterSQL {
    enum Value: Equatable {
        case integer(Int64)
        case double(Double)
        case text(String)
        case bytes([UInt8])
    }

    private(set) var condition = "1"
    private(set) var values: [Value] = []
    private let now: Timestamp
    private let isExercise: Bool
    /// The number of the first value; those before it belong to the window.
    private let firstNumber: Int

    init(_ filter: Filter?, now: Timestamp, isExercise: Bool, firstNumber: Int) {
        self.now = now
        self.isExercise = isExercise
        self.firstNumber = firstNumber
        if let filter { condition = sql(filter) }
    }

    /// Words that the index knows how to look for, and those in which it sees nothing.
    private static func sorted(_ words: [String]) -> (known: [String], strange: [String]) {
        (words.filter { FullText.query($0) != nil }, words.filter { FullText.query($0) == nil })
    }

    /// A query for the rows whose words a test finds; nil where the index of words cannot tell.
    static func textRows(_ test: Filter.Test, firstNumber: Int) -> FilterSQL? {
        if case .words(let words) = test, !sorted(words).strange.isEmpty { return nil }
        var sql = FilterSQL(nil, now: Timestamp(milliseconds: 0), isExercise: false, firstNumber: firstNumber)
        guard let query = sql.textQuery(test) else { return nil }
        sql.condition = query
        return sql
    }

    func bind(to statement: Prepared) {
        for (offset, value) in values.enumerated() {
            let number = Int32(firstNumber + offset)
            switch value {
            case .integer(let integer): statement.bind(number, integer)
            case .double(let double): statement.bind(number, double)
            case .text(let text): statement.bind(number, text)
            case .bytes(let bytes): statement.bind(number, bytes)
            }
        }
    }

    private mutating func mark(_ value: Value) -> String {
        values.append(value)
        return "?\(firstNumber + values.count - 1)"
    }

    // MARK: - Joining

    private mutating func sql(_ filter: Filter) -> String {
        switch filter {
        case .all(let parts): joined(parts, " AND ", empty: "1")
        case .any(let parts): joined(parts, " OR ", empty: "0")
        case .not(let part): "NOT " + sql(part)
        case .test(let test): "(" + sql(test) + ")"
        }
    }

    private mutating func joined(_ parts: [Filter], _ word: String, empty: String) -> String {
        var all: [String] = []
        for part in parts { all.append(sql(part)) }
        return all.isEmpty ? empty : "(" + all.joined(separator: word) + ")"
    }

    // MARK: - Asking

    private mutating func sql(_ test: Filter.Test) -> String {
        switch test {
        case .severity(let comparison, let severity):
            // Stored with the worst first.
            return "latched_severity \(comparison.reversed.rawValue) \(severity.rawValue)"
        case .state(let states): return state(in: states)
        case .flag(let flag, let holds): return (holds ? "" : "NOT ") + "(" + sql(flag) + ")"
        case .tool(let tool): return "tool = \(tool.rawValue)"
        case .otherTool(let known): return "tool NOT IN (\(known.map { String($0.rawValue) }.joined(separator: ",")))"
        case .status(let status):
            // An alert of an exercise is one whatever its data says.
            if isExercise { return status == .exercise ? "1" : "0" }
            return "status = \(MessageStatus.allCases.firstIndex(of: status) ?? 0)"
        case .district(let id): return "coalesce(district = \(mark(.text(id))), 0)"
        case .equals(.asset, let id): return "coalesce(asset = \(mark(.text(id))), 0)"
        case .equals(let field, let text): return compare(FilterFunctions.equals, field, text)
        case .contains(let field, let text): return compare(FilterFunctions.contains, field, text)
        case .number(let field, let comparison, let number):
            return "coalesce(\(column(of: field)) \(comparison.rawValue) \(mark(.double(number))), 0)"
        case .age(let field, let comparison, let milliseconds):
            let limit = mark(.integer(now.milliseconds &- milliseconds))
            return "coalesce(\(start(of: field)) \(comparison.reversed.rawValue) \(limit), 0)"
        case .time(let field, let comparison, let time):
            return "coalesce(\(field.rawValue) \(comparison.rawValue) \(mark(.integer(time.milliseconds))), 0)"
        case .by(let deed, let name):
            let by = act(FilterSQL.member(deed), "by")
            return goesOn(deed) + "\(FilterFunctions.equals)(\(by), \(mark(.bytes(Folding.fold(name)))))"
        case .verdict(let verdict):
            return "coalesce(\(act("assessed", "verdict")) = \(mark(.text(verdict.rawValue))), 0)"
        case .disposition(let disposition):
            let last = "coalesce(\(act("closed", "disposition")), \(act("assessed", "disposition")))"
            return "coalesce(\(last) = \(mark(.text(disposition.rawValue))), 0)"
        case .reason(let code): return reason(code)
        case .within(let metres, let centre, _): return within(metres, of: centre)
        case .words(let words):
            // What the index of words has no word for is looked for in the headline as it is.
            let (known, strange) = FilterSQL.sorted(words)
            var parts = strange.map { compare(FilterFunctions.contains, .headline, $0) }
            if let query = textQuery(.words(known)) { parts.append("id IN (\(query))") }
            return parts.isEmpty ? "1" : parts.joined(separator: " AND ")
        case .phrase(let text):
            return textQuery(test).map { "id IN (\($0))" } ?? compare(FilterFunctions.contains, .headline, text)
        }
    }

    /// A member of what people did; null where nobody did.
    private func act(_ deed: String, _ member: String) -> String { "json_extract(acts, '$.\(deed).\(member)')" }

    /// That what somebody did is not over by time, as a condition that others follow.
    private mutating func goesOn(_ deed: Filter.Deed) -> String {
        switch deed {
        case .shelved: return "coalesce(\(FilterSQL.isShelved(mark(.integer(now.milliseconds)))), 0) AND "
        case .requested:
            return "coalesce(\(act("asked", "until")) > \(mark(.integer(now.milliseconds))), 1) AND "
        case .acknowledged, .assessed, .closed, .removed: return ""
        }
    }

    /// A reason that is no code, or none, is another: rows from before there were codes hold words.
    private mutating func reason(_ code: SuppressionReason.Code) -> String {
        let codes = SuppressionReason.Code.allCases.filter { $0 != .other }.map { "'\($0.rawValue)'" }
        func holds(_ reason: String) -> String {
            code == .other
                ? "coalesce(\(reason), '') NOT IN (\(codes.joined(separator: ", ")))"
                : "coalesce(\(reason) = '\(code.rawValue)', 0)"
        }
        let one = [Filter.Deed.shelved, .removed, .requested].map { deed in
            let member = FilterSQL.member(deed)
            return goesOn(deed) + "\(act(member, "by")) IS NOT NULL AND \(holds(act(member, "reason")))"
        }
        let now = mark(.integer(now.milliseconds))
        let rule =
            "EXISTS (SELECT 1 FROM json_each(acts, '$.causes') WHERE coalesce(value ->> 'until' > \(now), 1) AND "
            + holds("json_extract(value, '$.reason')") + ")"
        return (one + [rule]).joined(separator: " OR ")
    }

    private func column(of field: Filter.NumberField) -> String {
        switch field {
        case .confidence: "confidence"
        case .occurrence: AlertRows.timesAnnunciated
        }
    }

    /// Since when something is so; null where it is not.
    private mutating func start(of field: Filter.AgeField) -> String {
        switch field {
        case .raised: return "raised"
        case .waiting: return "CASE WHEN \(state(in: AlertState.waiting)) THEN coalesce(wanted, raised) END"
        case .acknowledged: return act("acknowledged", "at")
        case .shelved: return "CASE WHEN \(state(in: [.shelved])) THEN \(act("shelved", "at")) END"
        case .removed: return act("removed", "at")
        }
    }

    private static func member(_ deed: Filter.Deed) -> String {
        switch deed {
        case .acknowledged: "acknowledged"
        case .assessed: "assessed"
        case .shelved: "shelved"
        case .closed: "closed"
        case .removed: "removed"
        case .requested: "asked"
        }
    }

    private mutating func compare(_ function: String, _ field: Filter.TextField, _ text: String) -> String {
        let wanted = mark(.bytes(Folding.fold(text)))
        let columns =
            switch field {
            case .id: ["subject", "external_id"]
            case .headline: ["headline"]
            case .kind: ["kind"]
            case .owner: ["owner"]
            case .area: ["area_name"]
            case .site: ["site"]
            case .asset: ["asset"]
            case .cause: ["cause"]
            }
        return columns.map { "\(function)(\($0), \(wanted))" }.joined(separator: " OR ")
    }

    private mutating func sql(_ flag: Filter.Flag) -> String {
        switch flag {
        case .active: return FilterSQL.isActive(mark(.integer(now.milliseconds)))
        case .acknowledged: return "acknowledged = 1"
        case .latching: return "latching = 1"
        case .assessed: return act("assessed", "by") + " IS NOT NULL"
        case .closed: return act("closed", "by") + " IS NOT NULL"
        case .owned: return "owner IS NOT NULL"
        case .escalated: return "escalation > 0"
        case .reminded: return "json_extract(acts, '$.reminded') IS NOT NULL"
        case .requested: return "requested = 1"
        case .chattering: return "coalesce(chattered > \(nuisanceStart), 0)"
        case .fleeting: return "coalesce(fleeted > \(nuisanceStart), 0)"
        }
    }

    private var nuisanceStart: Int64 { now.adding(seconds: -Alert.nuisanceLastsSeconds).milliseconds }

    // MARK: - States, as `Alert.state(at:)` has them

    private static func isActive(_ now: String) -> String { "active = 1 AND (stale IS NULL OR stale > \(now))" }

    private static func isShelved(_ now: String) -> String {
        "suppression & 1 AND shelved_until > \(now) "
            + "AND NOT (coalesce(json_extract(acts, '$.shelved.once'), 0) AND NOT (\(isActive(now))))"
    }

    private mutating func state(in states: Set<AlertState>) -> String {
        let now = mark(.integer(self.now.milliseconds))
        let isActive = FilterSQL.isActive(now)
        let names: [(AlertState, String)] = [
            (.outOfService, "suppression & 4"), (.suppressed, "designed_until IS NOT NULL AND designed_until > \(now)"),
            (.shelved, FilterSQL.isShelved(now)),
            (.acknowledged, isActive + " AND acknowledged = 1"), (.unacknowledged, isActive),
            (.latchedAcknowledged, "latching = 1 AND (latched = 1 OR active = 1) AND acknowledged = 1"),
            (.latchedUnacknowledged, "latching = 1 AND (latched = 1 OR active = 1)"),
            (.normal, "acknowledged = 1"),
        ]
        let cases = names.map { "WHEN \($0.1) THEN \(states.contains($0.0) ? 1 : 0)" }.joined(separator: " ")
        return "CASE \(cases) ELSE \(states.contains(.rtnUnacknowledged) ? 1 : 0) END"
    }

    // MARK: - Places

    /// Within a box by the key, which costs little, and then by the way across the ground.
    private mutating func within(_ metres: Double, of centre: Coordinate) -> String {
        let circle = MultiPolygon.circle(around: centre, radiusMetres: metres * 1.01 + 2).box
        var near = ""
        if let box = circle, box.west >= -180, box.east <= 180 {
            let band = PlaceKey.band(box).keys
            near = "place BETWEEN \(mark(.integer(band.lowerBound))) AND \(mark(.integer(band.upperBound))) AND "
        }
        let place = "\(mark(.double(centre.latitude))), \(mark(.double(centre.longitude)))"
        return "coalesce(\(near)\(FilterFunctions.within)(place, \(place), \(mark(.double(metres)))), 0)"
    }

    // MARK: - Words

    private mutating func textQuery(_ test: Filter.Test) -> String? {
        switch test {
        case .words(let words):
            guard let query = FullText.query(words.joined(separator: " ")) else { return nil }
            return "SELECT rowid FROM alert_text WHERE alert_text MATCH \(mark(.text(query)))"
        case .phrase(let text):
            guard let query = FullText.query(text, isPhrase: true) else { return nil }
            let (words, wanted) = (mark(.text(query)), mark(.bytes(Folding.fold(text))))
            let parts = ["headline", "body", "place"].map { "\(FilterFunctions.contains)(alert_text.\($0), \(wanted))" }
            return
                "SELECT rowid FROM alert_text WHERE alert_text MATCH \(words) AND (\(parts.joined(separator: " OR ")))"
        default: return nil
        }
    }
}
