import GRDB

/// What the handling of alarms needs: whose they are, what is done about them, what is counted of it, and what explains them.
extension Migrations {
    /// Since when an alert waits, whose it is, and what the feed or a second person is to do about it.
    static func handling(_ db: Database) throws {
        for table in ["alerts", "alert_bases"] {
            try db.execute(
                sql: """
                    ALTER TABLE \(table) ADD COLUMN wanted INTEGER;
                    ALTER TABLE \(table) ADD COLUMN due INTEGER;
                    ALTER TABLE \(table) ADD COLUMN owner TEXT;
                    ALTER TABLE \(table) ADD COLUMN requested INTEGER NOT NULL DEFAULT 0;
                    ALTER TABLE \(table) ADD COLUMN escalation INTEGER NOT NULL DEFAULT 0;
                    ALTER TABLE \(table) ADD COLUMN ruled INTEGER NOT NULL DEFAULT 0;
                    ALTER TABLE \(table) ADD COLUMN designed_until INTEGER;
                    UPDATE \(table) SET owner = json_extract(acts, '$.acknowledged.by') WHERE acts IS NOT NULL;
                    UPDATE \(table) SET due = CASE
                        WHEN acknowledged = 0 AND latched_severity = 0 THEN raised + 300000
                        WHEN acknowledged = 0 THEN raised + 900000
                        WHEN latched_severity = 0 THEN json_extract(acts, '$.acknowledged.at') + 1800000
                        ELSE json_extract(acts, '$.acknowledged.at') + 7200000 END
                    WHERE suppression = 0 AND latched_severity < 2
                        AND (active = 1 OR latched = 1 AND acknowledged = 0);
                    """)
        }
        try db.execute(
            sql: """
                CREATE INDEX alerts_due ON alerts(due) WHERE due IS NOT NULL;
                CREATE INDEX alerts_requested ON alerts(realm) WHERE requested = 1;
                CREATE INDEX alerts_escalated ON alerts(realm) WHERE escalation > 0;
                CREATE INDEX alerts_ruled ON alerts(realm) WHERE ruled = 1;
                CREATE TABLE suppressions (
                    id TEXT PRIMARY KEY, realm INTEGER NOT NULL, actor TEXT NOT NULL, started INTEGER NOT NULL,
                    ended INTEGER, data BLOB NOT NULL
                ) STRICT, WITHOUT ROWID;
                """)
    }

    /// See `AlarmMeter`: what the figures of the alarm system are made of, by the hour or the ten minutes.
    static func metrics(_ db: Database) throws {
        for table in ["alerts", "alert_bases"] {
            try db.execute(
                sql: """
                    ALTER TABLE \(table) ADD COLUMN entered INTEGER;
                    ALTER TABLE \(table) ADD COLUMN entered_before INTEGER;
                    ALTER TABLE \(table) ADD COLUMN chattered INTEGER;
                    ALTER TABLE \(table) ADD COLUMN fleeted INTEGER;
                    ALTER TABLE \(table) ADD COLUMN alarms INTEGER NOT NULL DEFAULT 0;
                    ALTER TABLE \(table) ADD COLUMN alarmed INTEGER;
                    """)
        }
        try db.execute(
            sql: """
                -- Of the annunciations those that are alarms: see `Alert.alarms`.
                ALTER TABLE annunciations ADD COLUMN alarms INTEGER NOT NULL DEFAULT 0;
                CREATE INDEX alerts_standing ON alerts(realm, since, stale) WHERE active = 1 AND suppression = 0;
                CREATE TABLE alarm_periods (
                    realm INTEGER NOT NULL, period INTEGER NOT NULL, tool INTEGER NOT NULL, tenant TEXT NOT NULL,
                    critical INTEGER NOT NULL, high INTEGER NOT NULL, medium INTEGER NOT NULL, low INTEGER NOT NULL,
                    info INTEGER NOT NULL, PRIMARY KEY (realm, period, tool, tenant)
                ) STRICT, WITHOUT ROWID;
                CREATE TABLE alarm_repeats (
                    realm INTEGER NOT NULL, hour INTEGER NOT NULL, alert INTEGER NOT NULL, count INTEGER NOT NULL,
                    chattering INTEGER NOT NULL, fleeting INTEGER NOT NULL, PRIMARY KEY (realm, hour, alert)
                ) STRICT, WITHOUT ROWID;
                CREATE TABLE alarm_answers (
                    realm INTEGER NOT NULL, hour INTEGER NOT NULL, kind INTEGER NOT NULL, actor TEXT NOT NULL,
                    answers BLOB NOT NULL, PRIMARY KEY (realm, hour, kind, actor)
                ) STRICT, WITHOUT ROWID;
                CREATE TABLE alarm_verdicts (
                    realm INTEGER NOT NULL, hour INTEGER NOT NULL, tool INTEGER NOT NULL, confirmed INTEGER NOT NULL,
                    rejected INTEGER NOT NULL, PRIMARY KEY (realm, hour, tool)
                ) STRICT, WITHOUT ROWID;
                """)
    }

    /// Which alarm explains an alert, by its key; and the answers of an hour in lists that do not grow without end.
    static func causes(_ db: Database) throws {
        for table in ["alerts", "alert_bases"] { try db.execute(sql: "ALTER TABLE \(table) ADD COLUMN cause TEXT") }
        try db.execute(sql: "CREATE INDEX alerts_cause ON alerts(realm, cause, need) WHERE cause IS NOT NULL")
        try db.execute(
            sql: """
                CREATE TABLE alarm_answer_lists (
                    realm INTEGER NOT NULL, hour INTEGER NOT NULL, kind INTEGER NOT NULL, actor TEXT NOT NULL,
                    list INTEGER NOT NULL, answers BLOB NOT NULL, PRIMARY KEY (realm, hour, kind, actor, list)
                ) STRICT, WITHOUT ROWID;
                INSERT INTO alarm_answer_lists SELECT realm, hour, kind, actor, 0, answers FROM alarm_answers;
                DROP TABLE alarm_answers;
                ALTER TABLE alarm_answer_lists RENAME TO alarm_answers;
                """)
    }
}
