import ControlRoom

/// By which rules alerts are folded, as the log has them so far.
extension AlertProjection {
    func rules() throws -> (policy: AlarmPolicy, isStrict: Bool) {
        if let knownRules { return knownRules }
        let meta = Meta(statements: statements)
        let rules = (try meta.policy, try meta.areActsBound)
        knownRules = rules
        return rules
    }

    /// From here on an act that silences has no effect unless it names what its author saw.
    func bindActs() throws {
        try Meta(statements: statements).bindActs()
        knownRules = nil
    }

    /// From here on new alerts count their occurrences from behind a place of the log.
    func begin(behind place: Int64) throws {
        try Meta(statements: statements).set(Meta.start, String(place))
        knownStart = nil
    }

    func start() throws -> Int {
        if let knownStart { return knownStart }
        let found = try Meta(statements: statements).start
        knownStart = found
        return found
    }

    func areThereNeighbours() throws -> Bool {
        if let knownNeighbours { return knownNeighbours }
        let found = try Meta(statements: statements).hasNeighbours
        knownNeighbours = found
        return found
    }

    func settled() throws -> Timestamp {
        if let knownSettled { return knownSettled }
        let found = try Meta(statements: statements).settled
        knownSettled = found
        return found
    }

    /// From now on another policy holds; what waits already is measured by it too. Where it changes when alerts are due, the
    /// cost grows with the alerts that are open (`alerts_need`), and with none that are over; any other change costs nothing.
    func set(_ policy: AlarmPolicy) throws {
        let before = try rules().policy
        try flush()
        // The realms are read from there.
        try counts.flush()
        try Meta(statements: statements).set(policy)
        knownRules = nil
        guard !policy.isDueAlike(before) else { return }
        let select = try statements(
            "SELECT \(AlertRows.columns) FROM alerts WHERE realm = ? AND need < \(Alert.firstSuppressedNeed)")
        let update = try statements("UPDATE alerts SET due = ? WHERE id = ?")
        for realm in try statements("SELECT DISTINCT realm FROM alert_counts").all({ $0.integer(0) }) {
            select.bind(1, realm)
            for kept in try select.all({ AlertRows.read($0) }) {
                let due = kept.alert.due(policy)
                guard due != kept.due else { continue }
                update.bind(1, due?.milliseconds)
                update.bind(2, kept.row)
                try update.run()
            }
        }
    }
}
