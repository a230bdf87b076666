import ControlRoom

/// Who brought what of a source, for a hub whose log is older than the rule that says whose a source is.
extension Store {
    /// Whether anything of a source may be in the log: no more than one look-up. Names of sources stay, whatever is trimmed.
    ///
    /// - Throws: `StoreError`.
    public func mayKnow(source: String) throws -> Bool { try look { try $0.names.existing(source) != nil } }

    /// By whom the last raise of each source came to the hub (`Event.viaExtension`), of the sources that have alarms. One pass over
    /// all alerts.
    ///
    /// - Throws: `StoreError`.
    public func bringers() throws -> [String: String] {
        try read { reader in
            let select = try reader.statements(
                """
                SELECT a.source, json_extract(e.attributes, '$.extensions.\(Event.viaExtension)') FROM (
                    SELECT source, max(raised_by) AS last FROM alerts WHERE source IS NOT NULL GROUP BY source) a
                JOIN events e ON e.sequence = a.last
                WHERE instr(e.attributes, '"\(Event.viaExtension)"') > 0
                """)
            let found = try select.all { (source: $0.text(0), via: $0.optionalText(1)) }
            return found.reduce(into: [:]) { $0[$1.source] = $1.via }
        }
    }
}
