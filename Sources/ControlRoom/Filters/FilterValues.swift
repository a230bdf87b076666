/// Reads what stands behind an operator: a name, a number, a duration, a time, a place.
struct FilterValues {
    typealias Tokens = ArraySlice<FilterToken>

    let vocabulary: FilterVocabulary

    struct Taken<Value> {
        var value: Value
        /// Tokens that it was made of.
        var count: Int
        var name = ""
    }

    // MARK: - By field

    func read(
        _ field: FilterField, _ comparison: Filter.Comparison, contains: Bool, _ tokens: Tokens, end: Int
    ) throws(FilterError) -> (filter: Filter, count: Int) {
        let (text, range) = try first(tokens, end: end)
        switch field.kind {
        case .severity:
            let severity = try named(text, range, field, of: Severity.allCases) { $0.name }
            return (.test(.severity(comparison, severity)), 1)
        case .state: return (.test(.state(try states(text, range, field))), 1)
        case .tool: return (.test(try tool(text, range, field)), 1)
        case .status:
            return (.test(.status(try named(text, range, field, of: MessageStatus.allCases) { $0.rawValue })), 1)
        case .verdict:
            return (.test(.verdict(try named(text, range, field, of: Verdict.allCases) { $0.rawValue })), 1)
        case .disposition:
            let found = try named(text, range, field, of: Disposition.allCases) { FilterField.plain($0.rawValue) }
            return (.test(.disposition(found)), 1)
        case .reason:
            let found = try named(text, range, field, of: SuppressionReason.Code.allCases) { $0.rawValue }
            return (.test(.reason(found)), 1)
        case .flag(let flag): return (.test(.flag(flag, try yes(text, range, field))), 1)
        case .by(let deed): return (.test(.by(deed, text)), 1)
        case .district: return try district(tokens, range, field)
        case .text(let field):
            if contains { return (.test(.contains(field, text)), 1) }
            return (equals(field, text), 1)
        case .number(let field):
            let number = try self.number(text, range, isShare: field == .confidence)
            return (.test(.number(field, comparison, number)), 1)
        case .age(let field):
            let taken = try duration(tokens, end: end)
            return (.test(.age(field, comparison, milliseconds: taken.value)), taken.count)
        case .time(let field):
            let taken = try time(tokens, end: end)
            return (.test(.time(field, comparison, taken.value)), taken.count)
        }
    }

    /// A site may be named as the map names it, or by its id.
    private func equals(_ field: Filter.TextField, _ text: String) -> Filter {
        let folded = Folding.fold(text)
        guard field == .site, let site = vocabulary.places.first(where: { Folding.fold($0.name) == folded }),
            Folding.fold(site.id) != folded
        else { return .test(.equals(field, text)) }
        return .any([.test(.equals(.site, site.id)), .test(.equals(.site, site.name))])
    }

    /// The first word or quotation; commas between values are for the eye.
    private func first(_ tokens: Tokens, end: Int) throws(FilterError) -> (String, Range<Int>) {
        guard let token = tokens.first else { throw FilterError(end..<end, .expected(.value)) }
        switch token.kind {
        case .word(let word):
            let text = FilterValues.withoutComma(word)
            guard !text.isEmpty else { throw FilterError(token.range, .expected(.value)) }
            return (text, token.range)
        case .quoted(let text): return (text, token.range)
        case .comparison, .open, .close: throw FilterError(token.range, .expected(.value))
        }
    }

    private static func withoutComma(_ word: String) -> String { word.hasSuffix(",") ? String(word.dropLast()) : word }

    private func unknown(_ text: String, _ range: Range<Int>, _ known: [String]) -> FilterError {
        let near = Likeness.nearest(FilterField.plain(text), known.map { FilterField.plain($0) })
        let shown = near.isEmpty ? known : known.filter { near.contains(FilterField.plain($0)) }
        return FilterError(range, .unknownValue(text, near: shown.count <= 12 ? shown : Array(shown.prefix(6)) + ["…"]))
    }

    private func named<Value>(
        _ text: String, _ range: Range<Int>, _ field: FilterField, of all: [Value], _ name: (Value) -> String
    ) throws(FilterError) -> Value {
        let plain = FilterField.plain(text)
        guard let found = all.first(where: { name($0) == plain }) else {
            throw unknown(text, range, field.values(vocabulary))
        }
        return found
    }

    /// A code that is registered or came; any code where there are more than can be named.
    private func tool(_ text: String, _ range: Range<Int>, _ field: FilterField) throws(FilterError) -> Filter.Test {
        if FilterField.plain(text) == FilterField.otherTool { return .otherTool(than: vocabulary.tools.tools) }
        let tool = Tool(code: text)
        guard vocabulary.tools.known.contains(tool) || vocabulary.tools.hasMore && Tool.isCode(text.uppercased()) else {
            throw unknown(text, range, field.values(vocabulary))
        }
        return .tool(tool)
    }

    private func states(
        _ text: String, _ range: Range<Int>, _ field: FilterField
    ) throws(FilterError) -> Set<AlertState> {
        let plain = FilterField.plain(text)
        if let alias = FilterField.stateAliases[plain] { return [alias] }
        if let group = FilterField.stateGroups.first(where: { $0.name == plain }) { return group.states }
        return [try named(text, range, field, of: AlertState.allCases) { FilterField.plain($0.rawValue) }]
    }

    private func yes(_ text: String, _ range: Range<Int>, _ field: FilterField) throws(FilterError) -> Bool {
        switch text.lowercased() {
        case "yes", "true": return true
        case "no", "false": return false
        default: throw unknown(text, range, field.values(vocabulary))
        }
    }

    // MARK: - Names of several words

    /// The longest row of words from here on that is one of the names; a quotation is a name by itself.
    private func name(_ tokens: Tokens, among names: [String]) -> (index: Int, count: Int)? {
        if case .quoted(let text)? = tokens.first?.kind {
            let folded = Folding.fold(text)
            return names.firstIndex { Folding.fold($0) == folded }.map { ($0, 1) }
        }
        let words = tokens.prefix(8).map(\.word).prefix { $0 != nil }.compactMap { $0 }
        for count in stride(from: words.count, to: 0, by: -1) {
            let folded = Folding.fold(FilterValues.withoutComma(words.prefix(count).joined(separator: " ")))
            if let index = names.firstIndex(where: { Folding.fold($0) == folded }) { return (index, count) }
        }
        return nil
    }

    private func district(
        _ tokens: Tokens, _ range: Range<Int>, _ field: FilterField
    ) throws(FilterError) -> (filter: Filter, count: Int) {
        let districts = vocabulary.districts
        if let found = name(tokens, among: districts.map(\.name)) ?? name(tokens, among: districts.map(\.id)) {
            return (.test(.district(id: districts[found.index].id)), found.count)
        }
        let text = try first(tokens, end: range.upperBound).0
        throw unknown(text, range, field.values(vocabulary))
    }

    /// A place with a name, `here`, or `LATITUDE,LONGITUDE`.
    func place(_ tokens: Tokens, end: Int) throws(FilterError) -> Taken<Coordinate> {
        guard let token = tokens.first else { throw FilterError(end..<end, .expected(.place)) }
        let places = vocabulary.places
        if let found = name(tokens, among: places.map(\.name)) ?? name(tokens, among: places.map(\.id)) {
            let place = vocabulary.places[found.index]
            return Taken(value: place.place, count: found.count, name: place.name)
        }
        if token.isKeyword("here"), let here = vocabulary.here {
            return Taken(value: here, count: 1, name: FilterValues.text(of: here))
        }
        let (text, range) = try first(tokens, end: end)
        if let taken = coordinates(tokens) { return taken }
        // Where the alert under the cursor has no place, other names would only mislead.
        if token.isKeyword("here") { throw FilterError(range, .unknownValue(text, near: [])) }
        throw unknown(text, range, places.map { FilterWriter.quoted($0.name) })
    }

    /// `45.4064,11.8768`, or in two words, as maps copy it.
    private func coordinates(_ tokens: Tokens) -> Taken<Coordinate>? {
        for count in [1, 2] {
            let words = tokens.prefix(count).compactMap(\.word)
            let numbers = words.joined().split(separator: ",").map { Double($0) }
            guard words.count == count, numbers.count == 2, let latitude = numbers[0], let longitude = numbers[1] else {
                continue
            }
            let place = Coordinate(latitude: latitude, longitude: longitude)
            if place.isValid { return Taken(value: place, count: count, name: FilterValues.text(of: place)) }
        }
        return nil
    }

    private static func text(of place: Coordinate) -> String { "\(place.latitude),\(place.longitude)" }

    // MARK: - Numbers

    private func number(_ text: String, _ range: Range<Int>, isShare: Bool) throws(FilterError) -> Double {
        let isPercent = isShare && text.hasSuffix("%")
        guard let number = Double(isPercent ? String(text.dropLast()) : text), number.isFinite else {
            throw FilterError(range, .expected(.number))
        }
        guard isShare else { return number }
        // 80 can only be 80 %.
        let share = isPercent || number > 1 ? number / 100 : number
        guard (0...1).contains(share) else { throw FilterError(range, .expected(.share)) }
        return share
    }

    /// A number with its unit, in one word or in two: `90m`, `2 h`, `300 m`.
    private func quantity(
        _ tokens: Tokens, _ units: [String: Double], _ what: FilterError.Expected, end: Int
    ) throws(FilterError) -> Taken<Double> {
        let (text, range) = try first(tokens, end: end)
        let digits = text.prefix { $0.isNumber || $0 == "." }
        var unit = String(text.dropFirst(digits.count)).lowercased()
        var count = 1
        if unit.isEmpty, let next = tokens.dropFirst().first?.word {
            unit = FilterValues.withoutComma(next).lowercased()
            count = 2
        }
        guard let number = Double(digits), let factor = units[unit], number * factor <= 1e14 else {
            throw FilterError(range, .expected(what))
        }
        return Taken(value: number * factor, count: count)
    }

    /// Whole metres; places are kept no finer.
    func length(_ tokens: Tokens, end: Int) throws(FilterError) -> Taken<Double> {
        var taken = try quantity(tokens, ["m": 1, "km": 1_000], .length, end: end)
        taken.value = taken.value.rounded()
        return taken
    }

    static let durationUnits: [String: Double] = [
        "s": 1_000, "m": 60_000, "min": 60_000, "h": 3_600_000, "d": 86_400_000, "w": 604_800_000,
    ]

    private func duration(_ tokens: Tokens, end: Int) throws(FilterError) -> Taken<Int64> {
        let taken = try quantity(tokens, FilterValues.durationUnits, .duration, end: end)
        // 4.29 m are a little less than 257,400 ms in binary.
        return Taken(value: Int64(taken.value.rounded()), count: taken.count)
    }

    // MARK: - Times

    /// `14:05` of today, `yesterday 14:05`, `2026-11-26`, `2026-11-26 14:05`, RFC 3339, `now`.
    private func time(_ tokens: Tokens, end: Int) throws(FilterError) -> Taken<Timestamp> {
        let (text, range) = try first(tokens, end: end)
        if text.lowercased() == "now" { return Taken(value: vocabulary.now, count: 1) }
        if let whole = Timestamp(rfc3339: text) { return Taken(value: whole, count: 1) }
        let today = vocabulary.zone.midnight(before: vocabulary.now)
        if let clock = FilterValues.clock(text) { return Taken(value: wall(today, clock), count: 1) }
        guard let midnight = day(text, today: today) else { throw FilterError(range, .expected(.time)) }
        guard let next = tokens.dropFirst().first?.word, let clock = FilterValues.clock(FilterValues.withoutComma(next))
        else { return Taken(value: midnight, count: 1) }
        return Taken(value: wall(midnight, clock), count: 2)
    }

    /// What the clocks show so many seconds into a day, also on the two days on which they change.
    private func wall(_ midnight: Timestamp, _ seconds: Int64) -> Timestamp {
        let guess = Timestamp(milliseconds: midnight.milliseconds + seconds * 1_000)
        let shift = vocabulary.zone.period(at: midnight).offset - vocabulary.zone.period(at: guess).offset
        return Timestamp(milliseconds: guess.milliseconds + Int64(shift) * 1_000)
    }

    private func day(_ text: String, today: Timestamp) -> Timestamp? {
        switch text.lowercased() {
        case "today": return today
        case "yesterday": return vocabulary.zone.midnight(before: today.adding(seconds: -1))
        default:
            guard text.count == 10, let noon = Timestamp(rfc3339: text + "T12:00:00Z") else { return nil }
            let local = Timestamp(
                milliseconds: noon.milliseconds - Int64(vocabulary.zone.period(at: noon).offset) * 1_000)
            return vocabulary.zone.midnight(before: local)
        }
    }

    /// Seconds of a day: `6:30`, `14:05`, `14:05:30`.
    private static func clock(_ text: String) -> Int64? {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        guard (2...3).contains(parts.count), parts[0].count <= 2, parts.dropFirst().allSatisfy({ $0.count == 2 }) else {
            return nil
        }
        let numbers = parts.compactMap { $0.allSatisfy(\.isNumber) ? Int64($0) : nil }
        guard numbers.count == parts.count, numbers[0] < 24, numbers.dropFirst().allSatisfy({ $0 < 60 }) else {
            return nil
        }
        return numbers[0] * 3_600 + numbers[1] * 60 + (numbers.count == 3 ? numbers[2] : 0)
    }
}
