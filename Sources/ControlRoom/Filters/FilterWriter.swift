/// Writes a filter as text of its language, with all that was left out or short said in full: it tells how a filter was read.
public struct FilterWriter {
    private let vocabulary: FilterVocabulary

    public init(_ vocabulary: FilterVocabulary) { self.vocabulary = vocabulary }

    /// Read again, it asks for the same; in full it may be longer than what may be read.
    public func text(_ filter: Filter) -> String { text(filter, inside: .or) }

    /// How tightly what stands around a part binds.
    private enum Binding: Int { case or, and, not }

    private func text(_ filter: Filter, inside outer: Binding) -> String {
        switch filter {
        case .all(let parts):
            let text = parts.map { self.text($0, inside: .and) }.joined(separator: " and ")
            return outer.rawValue > Binding.or.rawValue ? "(" + text + ")" : text
        case .any(let parts):
            let text = parts.map { self.text($0, inside: .and) }.joined(separator: " or ")
            return outer.rawValue > Binding.or.rawValue ? "(" + text + ")" : text
        case .not(let part): return "not " + text(part, inside: .not)
        case .test(.words(let words)) where words.count > 1 && outer == .not: return "(" + text(words) + ")"
        case .test(let test): return text(test)
        }
    }

    private func text(_ test: Filter.Test) -> String {
        switch test {
        case .severity(let comparison, let severity): "severity \(comparison.rawValue) \(severity.name)"
        case .state(let states): text(states)
        case .flag(let flag, let holds): "\(flag.rawValue) = \(holds ? "yes" : "no")"
        case .tool(let tool): "tool = " + FilterWriter.quoted(tool.code)
        case .otherTool: "tool = " + FilterField.otherTool
        case .status(let status): "status = " + status.rawValue
        case .district(let id):
            "in district " + FilterWriter.quoted(vocabulary.districts.first { $0.id == id }?.name ?? id)
        case .equals(let field, let text): "\(field.rawValue) = " + FilterWriter.quoted(text)
        case .contains(let field, let text): "\(field.rawValue) ~ " + FilterWriter.quoted(text)
        case .number(.confidence, let comparison, let share):
            "confidence \(comparison.rawValue) " + FilterWriter.percent(share)
        case .number(let field, let comparison, let number): "\(field.rawValue) \(comparison.rawValue) \(number)"
        case .age(let field, let comparison, let milliseconds):
            "\(field.rawValue) \(comparison.rawValue) " + FilterWriter.duration(milliseconds)
        case .time(let field, let comparison, let time): "\(field.rawValue) \(comparison.rawValue) " + text(time)
        case .by(let deed, let name): "\(deed.rawValue) = " + FilterWriter.quoted(name)
        case .verdict(let verdict): "verdict = " + verdict.rawValue
        case .disposition(let disposition): "disposition = " + FilterField.plain(disposition.rawValue)
        case .reason(let code): "reason = " + code.rawValue
        case .within(let metres, _, let name): "within \(Int(metres))m of " + FilterWriter.quoted(name)
        case .words(let words): text(words)
        case .phrase(let text): FilterWriter.quoted(text, always: true)
        }
    }

    /// A word that is also one of the language stands alone.
    private func text(_ words: [String]) -> String {
        words.map { ["in", "within"].contains($0.lowercased()) ? "(" + $0 + ")" : $0 }.joined(separator: " ")
    }

    private func text(_ states: Set<AlertState>) -> String {
        if let group = FilterField.stateGroups.first(where: { $0.states == states }) { return "state = " + group.name }
        let names = AlertState.allCases.filter(states.contains).map { FilterField.plain($0.rawValue) }
        return names.count == 1 ? "state = " + names[0] : "state in (" + names.joined(separator: " ") + ")"
    }

    /// A word stays as it is; anything else is quoted.
    public static func quoted(_ text: String, always: Bool = false) -> String {
        let tokens = try? FilterScanner.tokens(of: Array(text))
        if !always, let tokens, tokens.count == 1, tokens[0].word == text, !text.hasSuffix(",") { return text }
        return "\"" + text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"") + "\""
    }

    private static func percent(_ share: Double) -> String {
        let percent = (share * 100).rounded()
        return percent / 100 == share ? "\(Int(percent))%" : "\(share)"
    }

    static func duration(_ milliseconds: Int64) -> String {
        let units: [(String, Int64)] = [("d", 86_400_000), ("h", 3_600_000), ("m", 60_000), ("s", 1_000)]
        let unit = units.first { milliseconds % $0.1 == 0 && milliseconds > 0 }
        return unit.map { "\(milliseconds / $0.1)\($0.0)" } ?? "\(Double(milliseconds) / 1_000)s"
    }

    /// As the clocks of the city show it.
    private func text(_ time: Timestamp) -> String {
        guard time.milliseconds % 1_000 == 0 else { return time.rfc3339 }
        let local = vocabulary.zone.local(time)
        let clock = local.secondOfDay % 60 == 0 ? String(local.clock.dropLast(3)) : local.clock
        let text = local.date + " " + clock
        let again = try? FilterParser.parse("raised < \(text)", vocabulary)
        return again == .test(.time(.raised, .less, time)) ? text : time.rfc3339
    }
}
