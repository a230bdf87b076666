public import ControlRoom

extension Store {
    /// An alarm that its source has active.
    public struct Standing: Equatable, Sendable {
        /// The alarm's own, which is another than the subject where another source has raised that first.
        public var key: String
        /// As its source last gave it.
        public var severity: Severity
    }

    /// The alarm that a source has raised under a subject; nil where it has none, or none that is active.
    ///
    /// - Parameter now: what has gone stale by then is not active.
    /// - Throws: what the file says.
    public func standing(_ subject: String, of source: String, in realm: Realm, now: Timestamp) throws -> Standing? {
        try read { reader in
            guard let id = try reader.realm(realm) else { return nil }
            guard let alert = try reader.alertRows.find(named: subject, of: source, realm: id)?.alert,
                alert.source == source, alert.isActive(at: now)
            else { return nil }
            return Standing(key: alert.subject, severity: alert.currentSeverity)
        }
    }
}
