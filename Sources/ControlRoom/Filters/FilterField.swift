/// What a comparison may ask about: its name in the language, and what it is compared with.
struct FilterField: Sendable {
    var name: String
    var kind: Kind

    enum Kind: Sendable {
        case severity, state, tool, status, district, verdict, disposition, reason
        case age(Filter.AgeField)
        case flag(Filter.Flag)
        case text(Filter.TextField)
        case number(Filter.NumberField)
        case time(Filter.TimeField)
        case by(Filter.Deed)
    }

    /// In the order in which completion offers them: what is asked for most comes first.
    static let all: [FilterField] =
        [
            FilterField(name: "severity", kind: .severity), FilterField(name: "state", kind: .state),
            FilterField(name: "age", kind: .age(.raised)), FilterField(name: "district", kind: .district),
            FilterField(name: "tool", kind: .tool),
        ]
        + Filter.TextField.allCases.map { FilterField(name: $0.rawValue, kind: .text($0)) }
        + Filter.NumberField.allCases.map { FilterField(name: $0.rawValue, kind: .number($0)) }
        + Filter.TimeField.allCases.map { FilterField(name: $0.rawValue, kind: .time($0)) }
        + Filter.Flag.allCases.map { FilterField(name: $0.rawValue, kind: .flag($0)) }
        + Filter.Deed.allCases.map { FilterField(name: $0.rawValue, kind: .by($0)) }
        + Filter.AgeField.allCases.dropFirst().map { FilterField(name: $0.rawValue, kind: .age($0)) }
        + [
            FilterField(name: "verdict", kind: .verdict), FilterField(name: "disposition", kind: .disposition),
            FilterField(name: "reason", kind: .reason), FilterField(name: "status", kind: .status),
        ]

    static func named(_ name: String) -> FilterField? {
        let name = FilterField.plain(name)
        return all.first { $0.name == name }
    }

    /// Names and values are written with hyphens, and found with underscores as well.
    static func plain(_ text: String) -> String { text.lowercased().replacing("_", with: "-") }

    /// Whether a word is a field, or a severity or state that a field could have.
    static func isOfTheLanguage(_ word: String) -> Bool {
        let word = plain(word.hasSuffix(",") ? String(word.dropLast()) : word)
        return named(word) != nil || ["in", "within"].contains(word) || Severity(name: word) != nil
            || stateGroups.contains { $0.name == word } || stateAliases[word] != nil
            || AlertState.allCases.contains { plain($0.rawValue) == word && $0 != .normal }
    }

    /// States as lists write them.
    static let stateAliases: [String: AlertState] = [
        "unack": .unacknowledged, "ack": .acknowledged, "rtn-unack": .rtnUnacknowledged,
        "latched-unack": .latchedUnacknowledged, "latched-ack": .latchedAcknowledged,
    ]

    /// The operators that say something of it.
    var operators: [String] {
        switch kind {
        case .severity, .number: ["=", "!=", "<", "<=", ">", ">="]
        case .age, .time: ["<", "<=", ">", ">="]
        case .text: ["=", "!=", "~", "!~"]
        case .state, .tool, .status, .district, .verdict, .disposition, .reason, .flag, .by: ["=", "!="]
        }
    }

    /// The values it can have, where they can be listed.
    func values(_ vocabulary: FilterVocabulary) -> [String] {
        switch kind {
        case .severity: Severity.allCases.map(\.name)
        case .state: FilterField.stateGroups.map(\.name) + AlertState.allCases.map { FilterField.plain($0.rawValue) }
        case .tool: vocabulary.tools.known.map(\.code) + [FilterField.otherTool]
        case .status: MessageStatus.allCases.map(\.rawValue)
        case .district: vocabulary.districts.map(\.name)
        case .verdict: Verdict.allCases.map(\.rawValue)
        case .disposition: Disposition.allCases.map { FilterField.plain($0.rawValue) }
        case .reason: SuppressionReason.Code.allCases.map(\.rawValue)
        case .flag: ["yes", "no"]
        case .age, .text, .number, .time, .by: []
        }
    }

    /// Any tool that the site has not registered. No tool is registered by this name.
    static let otherTool = "other"

    /// Names for several states at once.
    static let stateGroups: [(name: String, states: Set<AlertState>)] = [
        ("open", Set(AlertState.allCases).subtracting([.normal])),
        ("waiting", AlertState.waiting),
    ]
}
