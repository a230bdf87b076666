public import ControlRoom

/// The agreements of a tenant as its log has them, and up to where its alerts were copied for each receiver.
extension Store {
    /// An agreement as the log of the tenant that shares has it.
    public struct SharingTerms: Equatable, Sendable {
        public var agreement: Agreement
        /// When the system log recorded it.
        public var made: Timestamp
        /// Where the tenant's log says that it holds: what stands behind it is shared. Nil where the log does not say so yet.
        public var began: Int64?
        /// Where the tenant's log says that it has ended: what stands behind it is not shared.
        public var ended: Int64?
        /// Why it ended.
        public var reason: String?

        public init(
            agreement: Agreement, made: Timestamp, began: Int64? = nil, ended: Int64? = nil, reason: String? = nil
        ) {
            self.agreement = agreement
            self.made = made
            self.began = began
            self.ended = ended
            self.reason = reason
        }
    }

    /// All that hold, or under which something is still shared, in the order in which they were made.
    ///
    /// - Throws: `StoreError`.
    public func sharing() throws -> [SharingTerms] {
        try look { reader in
            let select = try reader.statements(
                "SELECT terms, made, began, ended, reason FROM sharing ORDER BY made, agreement")
            return try select.all { row in
                SharingTerms(
                    agreement: try JSONReader.read(row.blob(0)) { try Agreement(reading: &$0) },
                    made: Timestamp(milliseconds: row.integer(1)), began: row.integer(2),
                    ended: row.optionalInteger(3), reason: row.optionalText(4))
            }
        }
    }

    /// Notes that an agreement holds from a place of the log on. The first place stands.
    ///
    /// - Throws: `StoreError`.
    public func beginSharing(_ terms: SharingTerms) throws {
        try write { writer in
            let insert = try writer.statements(
                """
                INSERT OR IGNORE INTO sharing (agreement, receiver, terms, made, began, ended, reason)
                VALUES (?, ?, ?, ?, ?, ?, ?)
                """)
            insert.bind(1, terms.agreement.id)
            insert.bind(2, terms.agreement.to)
            insert.bind(3, JSONWriter.bytes(terms.agreement.write))
            insert.bind(4, terms.made.milliseconds)
            insert.bind(5, terms.began ?? 0)
            insert.bind(6, terms.ended)
            insert.bind(7, terms.reason)
            try insert.run()
        }
    }

    /// Notes that an agreement has ended at a place of the log. The first place stands.
    ///
    /// - Throws: `StoreError`.
    public func endSharing(_ agreement: String, at sequence: Int64, reason: String) throws {
        try write { writer in
            let update = try writer.statements(
                "UPDATE sharing SET ended = ?2, reason = ?3 WHERE agreement = ?1 AND ended IS NULL")
            update.bind(1, agreement)
            update.bind(2, sequence)
            update.bind(3, reason)
            try update.run()
        }
    }

    /// Forgets an agreement that is over, when nothing is shared under it any more, and where its receiver was if it was their
    /// last: under a new one they begin where that is made.
    ///
    /// - Throws: `StoreError`.
    public func forgetSharing(_ agreement: String) throws {
        try write { writer in
            let delete = try writer.statements("DELETE FROM sharing WHERE agreement = ?")
            delete.bind(1, agreement)
            try delete.run()
            try writer.statements(
                "DELETE FROM forwarded WHERE receiver <> '' AND receiver NOT IN (SELECT receiver FROM sharing)"
            ).run()
        }
    }

    // MARK: - Up to where

    /// Up to where the log was copied for a receiver; nil where nothing was yet.
    ///
    /// - Throws: `StoreError`.
    public func forwarded(to receiver: String) throws -> Int64? {
        try look { reader in
            let select = try reader.statements("SELECT sequence FROM forwarded WHERE receiver = ?")
            select.bind(1, receiver)
            return try select.first { $0.integer(0) }
        }
    }

    /// Those of the places behind one, up to another, at which this store took an event: it believed it, and it was the first of
    /// its name. What was trimmed is none of them. The cost grows with the number of places.
    ///
    /// - Throws: `StoreError`.
    public func taken(after sequence: Int64, through last: Int64) throws -> Set<Int64> {
        try read { reader in
            let select = try reader.statements(
                "SELECT sequence FROM events WHERE sequence > ? AND sequence <= ? AND refused IS NOT ?")
            select.bind(1, sequence)
            select.bind(2, last)
            select.bind(3, AdmittedEvent.forged)
            return Set(try select.all { $0.integer(0) })
        }
    }

    /// Up to where a version copied that kept no place for each receiver; 0 where there was none.
    ///
    /// - Throws: `StoreError`.
    public func forwardedBefore() throws -> Int64 { try forwarded(to: "") ?? 0 }

    /// Notes what was shared, and up to where the log was copied for a receiver, as one.
    ///
    /// - Throws: `StoreError`.
    public func markForwarded(_ alarms: Set<Shared>, to receiver: String, through sequence: Int64) throws {
        try write { writer in
            try Store.mark(alarms, writer)
            let insert = try writer.statements(
                """
                INSERT INTO forwarded (receiver, sequence) VALUES (?1, ?2)
                ON CONFLICT (receiver) DO UPDATE SET sequence = max(sequence, ?2)
                """)
            insert.bind(1, receiver)
            insert.bind(2, sequence)
            try insert.run()
        }
    }
}
