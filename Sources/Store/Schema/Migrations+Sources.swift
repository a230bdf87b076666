import GRDB

/// Who speaks for an alarm, what of it ends by time, and how an act on it is taken back.
extension Migrations {
    static func sources(_ db: Database) throws {
        for table in ["alerts", "alert_bases"] {
            try db.execute(
                sql: """
                    ALTER TABLE \(table) ADD COLUMN source TEXT;
                    ALTER TABLE \(table) ADD COLUMN source_end INTEGER;
                    ALTER TABLE \(table) ADD COLUMN source_end_recorded INTEGER;
                    ALTER TABLE \(table) ADD COLUMN clock INTEGER NOT NULL DEFAULT 0;
                    ALTER TABLE \(table) ADD COLUMN turn INTEGER;
                    ALTER TABLE \(table) ADD COLUMN undoables TEXT;
                    -- Of an alert of before, the source of its last raise counts.
                    UPDATE \(table) SET source = (
                        SELECT text FROM names WHERE id = (SELECT source FROM events WHERE sequence = raised_by));
                    UPDATE \(table) SET turn = (
                        SELECT min(time) FROM (
                            SELECT shelved_until AS time UNION ALL SELECT designed_until
                            UNION ALL SELECT stale WHERE active = 1)
                        WHERE time IS NOT NULL AND time < 4102444800000);
                    """)
        }
        try db.execute(
            sql: """
                CREATE INDEX alerts_turn ON alerts(turn) WHERE turn IS NOT NULL;
                -- See `EarlyEnds`.
                CREATE TABLE alert_ends (
                    key INTEGER NOT NULL, subject TEXT NOT NULL, source TEXT NOT NULL, kind INTEGER NOT NULL,
                    by TEXT NOT NULL, time INTEGER NOT NULL, recorded INTEGER NOT NULL,
                    PRIMARY KEY (key, subject, source)
                ) STRICT, WITHOUT ROWID;
                CREATE INDEX alert_ends_age ON alert_ends(kind, recorded);
                INSERT OR IGNORE INTO alert_ends
                    SELECT r.key, r.subject, a.source, r.cancelled, r.by, a.raised, a.raised
                    FROM alert_references r JOIN alerts a ON a.subject = r.by
                    LEFT JOIN alerts there ON there.subject = r.subject
                    WHERE there.id IS NULL AND a.source IS NOT NULL;
                DROP TABLE alert_references;
                -- See `SourceFaults`.
                CREATE TABLE source_faults (
                    realm INTEGER NOT NULL, source TEXT NOT NULL, kind TEXT NOT NULL, count INTEGER NOT NULL,
                    last INTEGER NOT NULL, PRIMARY KEY (realm, source, kind)
                ) STRICT, WITHOUT ROWID;
                -- What was shared is withdrawn source by source.
                CREATE TABLE shared_by_source (
                    agreement TEXT NOT NULL, subject TEXT NOT NULL, realm TEXT NOT NULL, source TEXT NOT NULL,
                    PRIMARY KEY (agreement, subject, realm, source)
                ) STRICT, WITHOUT ROWID;
                INSERT INTO shared_by_source SELECT agreement, subject, realm, '' FROM shared;
                DROP TABLE shared;
                ALTER TABLE shared_by_source RENAME TO shared;
                """)
        try db.execute(
            sql: """
                -- What has ended and nobody has acknowledged is due like any other: `settle` finds out when.
                UPDATE alerts SET turn = 0
                WHERE acknowledged = 0 AND active = 0 AND latched = 0 AND suppression = 0;
                """)
    }
}
