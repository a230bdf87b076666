public import ControlRoom

extension Store {
    /// What the authors of acts saw of the alerts that they are about, by their keys: what an undo of them names. Of an alert that came anew
    /// or became worse since, nothing: nobody is known to have seen that.
    ///
    /// - Parameter realm: of the acts.
    /// - Throws: `StoreError`.
    public func seen(of acts: [Event], _ realm: Realm) throws -> [String: Seen] {
        try read { reader in
            guard let id = try reader.realm(realm) else { return [:] }
            return try acts.reduce(into: [:]) { seen, act in
                guard let subject = act.subject, let named = Seen(namedBy: act) else { return }
                guard let alert = try reader.alertRows.find(realm: id, subject: subject)?.alert,
                    alert.occurrence <= named.occurrence, alert.latchedSeverity <= named.severity
                else { return }
                seen[subject] = Seen(occurrence: alert.occurrence, severity: alert.latchedSeverity)
            }
        }
    }
}
