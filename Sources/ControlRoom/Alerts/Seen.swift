/// What the author of an act had before them: an act that silences an alarm holds for this and nothing later or worse.
public struct Seen: Equatable, Sendable {
    public var occurrence: Int
    /// The worst that nobody had acknowledged.
    public var severity: Severity

    public init(occurrence: Int, severity: Severity) {
        self.occurrence = occurrence
        self.severity = severity
    }

    /// What an act names; nil where it does not name both, as acts from before `acts.bound.v1`.
    public init?(namedBy act: Event) {
        var members = SeenMembers()
        try? JSONReader.read(act.data.bytes) { reader in
            try reader.object { key, reader in
                if try !members.take(key, &reader) { try reader.skip() }
            }
        }
        guard let seen = members.seen else { return nil }
        self = seen
    }
}

/// The members `occurrence` and `severity` of an act, as they are read one by one.
struct SeenMembers {
    private var occurrence: Int?
    private var severity: Severity?

    /// - Returns: false for a member that is neither.
    mutating func take(_ key: String, _ reader: inout JSONReader) throws -> Bool {
        switch key {
        case "occurrence": occurrence = try reader.integer()
        case "severity": severity = try reader.named("severity", Severity.init(name:))
        default: return false
        }
        return true
    }

    /// Nil where one of the two is missing: acts from before `acts.bound.v1` name neither, or the severity alone.
    var seen: Seen? {
        guard let occurrence, let severity else { return nil }
        return Seen(occurrence: occurrence, severity: severity)
    }
}

extension JSONWriter {
    mutating func members(_ seen: Seen?) {
        guard let seen else { return }
        member("occurrence", seen.occurrence)
        member("severity", seen.severity.name)
    }
}

extension Alert {
    /// Why it is not enough to have seen an occurrence: the alarm came anew since, or it was that of an alarm which is forgotten. Nil
    /// where it is enough.
    func oldness(of seen: Int) -> Outcome.Reason? {
        if seen < firstOccurrence { return .forgottenAlarm }
        return seen < annunciated ? .newerOccurrence(timesAnnunciated) : nil
    }

    /// Why an occurrence is not the one that stands; nil where it is. Nobody has seen what is yet to come.
    func misfit(of seen: Int, _ word: Word) -> Outcome.Reason? {
        if seen > occurrence, word.isStrict { return .noSuchOccurrence(seen - firstOccurrence + 1) }
        return oldness(of: seen)
    }

    /// Why somebody who saw this may not silence it now; nil where they may (ISA-18.2, 11.7: an operator suppresses what they
    /// know of).
    func blindness(of seen: Seen?, _ word: Word) -> Outcome.Reason? {
        if word.stands { return nil }
        guard let seen else { return word.isStrict ? .namesNothing : nil }
        if let reason = misfit(of: seen.occurrence, word) { return reason }
        return seen.severity < latchedSeverity ? .severityRose(latchedSeverity) : nil
    }
}
