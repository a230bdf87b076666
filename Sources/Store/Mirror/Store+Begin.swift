public import ControlRoom

extension Store {
    /// Begins a mirror that has followed nothing yet in the middle of a log, of which what came before is lost: as if it had been
    /// trimmed.
    ///
    /// - Parameters:
    ///   - base: the last place that is lost.
    ///   - known: whose signatures count from there on.
    ///   - revoked: keys that count for nothing from there on.
    /// - Throws: `StoreError.otherLog` where the store follows a log already, and what the database says.
    public func begin(
        behind base: LogBase, of logID: String, knowing known: [IdentityEnrolled], revoked: Set<String> = []
    )
        throws
    {
        try write { writer in
            let meta = Meta(statements: writer.statements)
            if let cursor = try meta.cursor {
                throw StoreError.otherLog(path: path, known: cursor.logID, found: logID)
            }
            try meta.set(Meta.base, base.text)
            try writer.alerts.begin(behind: base.sequence)
            let identities = IdentityProjection(statements: writer.statements)
            for fact in known { try identities.enrol(fact, at: base.recorded) }
            for keyID in revoked.sorted() {
                try identities.revoke(IdentityRevoked(keyID: keyID, reason: ""), at: base.recorded)
            }
            try meta.set(Meta.cursorKey, Cursor(logID: logID, sequence: base.sequence, head: base.head).text)
        }
    }
}
