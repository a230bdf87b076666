/// What alerts must be like to be found: a text of the filter language, read.
///
/// Two-valued: what an alert does not have meets no comparison, so that `not` always finds exactly the rest.
public indirect enum Filter: Hashable, Sendable {
    /// Every part holds; without parts, always.
    case all([Filter])
    /// Some part holds.
    case any([Filter])
    case not(Filter)
    case test(Test)

    /// One thing that is asked of an alert.
    public enum Test: Hashable, Sendable {
        /// By weight: critical is greater than high. The severity that a list shows.
        case severity(Comparison, Severity)
        case state(Set<AlertState>)
        case flag(Flag, Bool)
        case tool(Tool)
        /// A tool that nobody has registered: none of these.
        case otherTool(than: [Tool])
        case status(MessageStatus)
        case district(id: String)
        /// The whole of a text, without regard to case and accents.
        case equals(TextField, String)
        /// Somewhere in a text, without regard to case and accents.
        case contains(TextField, String)
        case number(NumberField, Comparison, Double)
        /// Milliseconds since something; an alert of which that is not so meets no comparison.
        case age(AgeField, Comparison, milliseconds: Int64)
        case time(TimeField, Comparison, Timestamp)
        /// Who last did it.
        case by(Deed, String)
        case verdict(Verdict)
        case disposition(Disposition)
        /// Why it is kept quiet, or why somebody asks for that.
        case reason(SuppressionReason.Code)
        /// No further from a place, as the crow flies; `name` is how the place was called.
        case within(metres: Double, of: Coordinate, name: String)
        /// Each begins some word of what the alert says.
        case words([String])
        /// Stands in what the alert says as it is written, from the beginning of a word on.
        case phrase(String)
    }

    /// How a value is compared; the raw value is the operator as people write it. `!=` is the rest of `=`.
    public enum Comparison: String, CaseIterable, Sendable {
        case equal = "="
        case less = "<"
        case lessOrEqual = "<="
        case greater = ">"
        case greaterOrEqual = ">="

        /// The same of what counts the other way round: severities are stored with the worst first, ages as times.
        public var reversed: Comparison {
            switch self {
            case .equal: .equal
            case .less: .greater
            case .lessOrEqual: .greaterOrEqual
            case .greater: .less
            case .greaterOrEqual: .lessOrEqual
            }
        }
    }

    /// What either holds at a time or does not.
    public enum Flag: String, CaseIterable, Sendable {
        case active, acknowledged, latching, assessed, closed
        /// It is somebody's.
        case owned
        /// It went to somebody else, because nobody answered.
        case escalated
        /// Somebody was reminded that it goes on.
        case reminded
        /// A second person is asked for something.
        case requested
        /// It became active three times within a minute, in the last hour; or was gone within a minute before anybody answered.
        case chattering, fleeting
    }

    /// Texts of an alert that can be asked for; the raw value is the word that people write.
    public enum TextField: String, CaseIterable, Sendable {
        case id, headline, kind, owner, area, site, asset
        /// The alarm that explains it, by its key.
        case cause
    }

    /// Since when something has been so, asked for as a time that has passed.
    public enum AgeField: String, CaseIterable, Sendable {
        /// It was last annunciated.
        case raised = "age"
        /// It has waited for somebody.
        case waiting = "waiting-for"
        case acknowledged = "acknowledged-for"
        case shelved = "shelved-for"
        case removed = "out-of-service-for"
    }

    /// Numbers of an alert that can be asked for.
    public enum NumberField: String, CaseIterable, Sendable {
        /// From 0 to 1.
        case confidence
        /// How often it was annunciated.
        case occurrence
    }

    /// Times of an alert that can be asked for, in the city's clock.
    public enum TimeField: String, CaseIterable, Sendable { case raised, since, ended, stale }

    /// Who did something about an alert, by pseudonym.
    public enum Deed: String, CaseIterable, Sendable {
        case acknowledged = "acknowledged-by"
        case assessed = "assessed-by"
        case shelved = "shelved-by"
        case closed = "closed-by"
        case removed = "out-of-service-by"
        case requested = "requested-by"
    }
}

extension Filter {
    /// Everything that it asks, however that is joined.
    private var tests: [Test] {
        switch self {
        case .all(let parts), .any(let parts): parts.flatMap(\.tests)
        case .not(let part): part.tests
        case .test(let test): [test]
        }
    }

    /// Whether it says itself what is open and what is over, so that a list need not.
    public var asksForState: Bool {
        tests.contains { test in
            switch test {
            case .state, .flag(.active, _), .flag(.closed, _), .time(.ended, _, _), .by(.closed, _): true
            default: false
            }
        }
    }

    /// Whether it compares with a time of the calendar, which only those in its zone read alike.
    public var asksForClock: Bool {
        tests.contains { test in
            if case .time = test { return true }
            return false
        }
    }

    /// Whether time alone makes an alert meet it, without an event: what it asks of ages, or of what is said for an hour. What ends
    /// by time is carried out in the rows (`Store.settle`).
    public var changesWithTime: Bool {
        tests.contains { test in
            switch test {
            case .age, .time, .flag(.chattering, _), .flag(.fleeting, _): true
            default: false
            }
        }
    }

    /// Whether it looks for words, which are known some time after they came.
    public var looksForWords: Bool {
        tests.contains { test in
            switch test {
            case .words, .phrase: true
            default: false
            }
        }
    }

    /// Whether it measures a distance.
    public var isWithin: Bool {
        tests.contains { test in
            if case .within = test { return true }
            return false
        }
    }

    /// Whether it compares headlines.
    public var looksIntoHeadlines: Bool {
        tests.contains { test in
            switch test {
            case .equals(.headline, _), .contains(.headline, _): true
            default: false
            }
        }
    }

    /// Words that are searched for and mean something in the language: perhaps a condition was meant.
    public var wordsOfTheLanguage: [String] {
        tests.flatMap { test in
            if case .words(let words) = test { return words.filter(FilterField.isOfTheLanguage) }
            return []
        }
    }

    /// The parts that must all hold.
    private var conjuncts: [Filter] {
        if case .all(let parts) = self { return parts }
        return [self]
    }

    /// What it is joined of at its top.
    public var parts: [Filter] {
        switch self {
        case .all(let parts), .any(let parts): parts
        case .not, .test: [self]
        }
    }

    /// Parts that must all hold, as one; what is nested is flattened, words are gathered.
    static func joined(_ parts: [Filter]) -> Filter {
        var words: [String] = []
        var rest: [Filter] = []
        var place: Int?
        for part in parts.flatMap(\.conjuncts) {
            guard case .test(.words(let more)) = part else {
                rest.append(part)
                continue
            }
            place = place ?? rest.count
            words += more
        }
        if let place { rest.insert(.test(.words(words)), at: place) }
        return rest.count == 1 ? rest[0] : .all(rest)
    }

    /// Parts of which one must hold, as one.
    static func either(_ parts: [Filter]) -> Filter {
        let flat = parts.flatMap { part in
            if case .any(let inner) = part { return inner }
            return [part]
        }
        return flat.count == 1 ? flat[0] : .any(flat)
    }
}
