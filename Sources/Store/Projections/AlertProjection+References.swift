import ControlRoom

/// References of one message to others: what takes the place of an alert, or takes it back (CAP Update and Cancel).
extension AlertProjection {
    /// A cancelling message is itself kept as an alert that is not active, so that it can be read.
    func record(
        _ fact: AlertCancelled, _ subject: String, _ event: Event, _ word: Alert.Word, realm: Int64, sequence: Int64
    ) throws {
        var alert = Alert(subject: subject, raised: fact.message, word)
        alert.active = false
        alert.acknowledged = true
        alert.entered = nil
        (alert.alarms, alert.alarmed) = (0, nil)
        alert.ended = word.counted
        let key = try rows.key(realm: realm, subject: subject)
        if try load(realm, subject, key) == nil {
            if subject != event.subject { try noteNeighbour() }
            try place(add(alert, key, realm, sequence, word), fact.message)
        }
        try follow(fact.cancels, lost: fact.lostReferences, of: subject, .cancelled, word, realm: realm)
    }

    /// A message ends the alerts of its own source that it names. What it may not end stays as it is, and is counted.
    func follow(
        _ references: [String], lost: Int, of subject: String, _ kind: EarlyEnds.Kind, _ word: Alert.Word, realm: Int64
    ) throws {
        if lost > 0 { try faults.note(.tooManyReferences, of: word.source, realm: realm, at: word.now, count: lost) }
        for named in references {
            let other = try own(named, of: word.source, realm: realm, makes: false)
            guard other != subject, named != subject else { continue }
            let key = try rows.key(realm: realm, subject: other)
            guard let entry = try load(realm, other, key) else {
                try ends.note(kind, of: named, key, by: subject, word)
                continue
            }
            guard entry.truth.alert.belongs(to: word.source) else {
                try ends.note(kind, of: named, key, by: subject, word)
                try faults.note(.foreign, of: word.source, realm: realm, at: word.now)
                continue
            }
            if kind == .cancelled {
                _ = change(entry, word) { $0.cancel(by: subject, word) }
            } else {
                let heir = try heir(subject, of: word.source, realm)
                try replace(entry, by: heir, isLate: false, word) {
                    $0.replace(by: subject, carried: $1, word)
                }
            }
        }
    }

    /// The message that took the place of another; or the one that took its own since, and so on.
    private func heir(_ subject: String, of source: String, _ realm: Int64) throws -> Touched? {
        var heir = try load(realm, subject, rows.key(realm: realm, subject: subject))
        for _ in 0..<Alert.mostReferences {
            guard let alert = heir?.truth.alert, alert.acknowledged, let next = alert.replacedBy,
                let later = try load(realm, next, rows.key(realm: realm, subject: next)),
                later.truth.alert.belongs(to: source)
            else { break }
            heir = later
        }
        return heir
    }

    /// Ends an alert that another message takes the place of, which carries on its need if it can.
    private func replace(
        _ entry: Touched, by heir: Touched?, isLate: Bool, _ word: Alert.Word,
        _ end: (inout Alert, _ carried: Severity?) -> Outcome
    ) throws {
        let replaced = entry.truth.alert
        let isCarriedOn =
            heir?.truth.alert.canTakeOver(from: replaced, isLate: isLate, word) ?? replaced.acknowledged
        let carried = isCarriedOn && !replaced.acknowledged ? replaced.latchedSeverity : nil
        guard change(entry, word, { end(&$0, carried) }) == .applied, isCarriedOn, let heir else { return }
        _ = change(heir, word) { $0.takeOver(from: replaced, isLate: isLate, word) }
    }

    /// An undo may show that nobody has acknowledged an alert whose place a message of its source took: what it asks for goes on
    /// in that message, as if the act had never been.
    func passOn(_ entry: Touched, _ realm: Int64, _ word: Alert.Word) throws {
        let alert = entry.truth.alert
        // Messages that took each other's place lead back to it.
        guard !alert.acknowledged, let by = alert.replacedBy, let heir = try heir(by, of: alert.source, realm),
            heir !== entry, heir.truth.alert.belongs(to: alert.source), heir.truth.alert.wasRaised
        else { return }
        try replace(entry, by: heir, isLate: true, word) { $0.passOn($1) }
    }

    /// The message that replaces, cancels or clears this one may have come before it.
    func honourEarlierEnds(_ entry: Touched, of named: String, _ realm: Int64, _ word: Alert.Word) throws {
        let key = try rows.key(realm: realm, subject: named)
        guard let (kind, by, end) = try ends.find(named, key, source: word.source) else { return }
        switch kind {
        case .cleared: _ = change(entry, word) { $0.clearBefore(at: end, word) }
        case .cancelled: _ = change(entry, word) { $0.endBefore(by: by, at: end, carried: nil, word) }
        case .replaced:
            let heir = try heir(by, of: word.source, realm)
            try replace(entry, by: heir, isLate: true, word) { $0.endBefore(by: by, at: end, carried: $1, word) }
        }
    }
}
