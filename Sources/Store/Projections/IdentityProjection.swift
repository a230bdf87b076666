public import ControlRoom

/// Who may sign in this log: the certificates that the hub's authority gave out, and which of them were taken back.
struct IdentityProjection {
    let statements: Statements

    func enrol(_ fact: IdentityEnrolled, at time: Timestamp) throws {
        let insert = try statements(
            """
            INSERT INTO identities (key_id, actor, role, certificate, enrolled) VALUES (?, ?, ?, ?, ?)
            ON CONFLICT DO UPDATE SET actor = excluded.actor, certificate = excluded.certificate,
                role = CASE actor WHEN '' THEN excluded.role ELSE role END,
                enrolled = CASE actor WHEN '' THEN excluded.enrolled ELSE enrolled END
            WHERE actor IN ('', excluded.actor)
            """)
        insert.bind(1, fact.keyID)
        insert.bind(2, fact.identity.actor)
        insert.bind(3, fact.identity.role.rawValue)
        insert.bind(4, Array(fact.certificate.utf8))
        insert.bind(5, time.milliseconds)
        try insert.run()
    }

    /// A key may be revoked before its certificate comes, and is then nobody's: it counts for nothing from its first word on.
    func revoke(_ fact: IdentityRevoked, at time: Timestamp) throws {
        let insert = try statements(
            """
            INSERT INTO identities (key_id, actor, role, certificate, enrolled, revoked) VALUES (?1, '', '', x'', ?2, ?2)
            ON CONFLICT DO UPDATE SET revoked = excluded.revoked WHERE revoked IS NULL
            """)
        insert.bind(1, fact.keyID)
        insert.bind(2, time.milliseconds)
        try insert.run()
    }
}

extension Store {
    /// A certificate that this log names. Of a key that was revoked before its certificate came all but key and times is empty.
    public struct KnownIdentity: Equatable, Sendable {
        public var keyID: String
        public var actor: String
        public var role: String
        /// PEM.
        public var certificate: String
        public var enrolled: Timestamp
        public var revoked: Timestamp?
    }

    /// Whether this log says that a key was revoked.
    public func isRevoked(keyID: String) throws -> Bool {
        try look { reader in
            let select = try reader.statements("SELECT 1 FROM identities WHERE key_id = ? AND revoked IS NOT NULL")
            select.bind(1, keyID)
            return try select.first { _ in true } ?? false
        }
    }

    /// Everybody whose certificate this log names, by actor.
    public func identities() throws -> [KnownIdentity] {
        try look { reader in
            try reader.statements(
                "SELECT key_id, actor, role, certificate, enrolled, revoked FROM identities ORDER BY actor, enrolled"
            ).all { row in
                KnownIdentity(
                    keyID: row.text(0), actor: row.text(1), role: row.text(2),
                    certificate: String(decoding: row.blob(3), as: UTF8.self),
                    enrolled: Timestamp(milliseconds: row.integer(4)),
                    revoked: row.optionalInteger(5).map(Timestamp.init(milliseconds:)))
            }
        }
    }
}
