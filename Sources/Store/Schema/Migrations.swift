import GRDB

/// The schema, step by step. A step that has shipped never changes; a new one is added behind it.
enum Migrations {
    static let migrator: DatabaseMigrator = {
        var migrator = DatabaseMigrator()
        migrator.registerMigration("1 log", migrate: log)
        migrator.registerMigration("2 alerts", migrate: alerts)
        migrator.registerMigration("3 city", migrate: city)
        migrator.registerMigration("4 assets", migrate: assets)
        migrator.registerMigration("5 checklists", migrate: checklists)
        migrator.registerMigration("6 search", migrate: search)
        migrator.registerMigration("7 shelves", migrate: shelves)
        migrator.registerMigration("8 exercise log", migrate: exerciseLog)
        migrator.registerMigration("9 hashes", migrate: hashes)
        migrator.registerMigration("10 effects", migrate: effects)
        migrator.registerMigration("11 mirror", migrate: mirror)
        migrator.registerMigration("12 told", migrate: told)
        migrator.registerMigration("13 open places", migrate: openPlaces)
        migrator.registerMigration("14 over", migrate: over)
        migrator.registerMigration("15 back-fill", migrate: backFill)
        // The fold keeps who shelved an alert and why, and ends one-shot shelves: no table changes.
        migrator.registerMigration("16 shelving") { _ in }
        migrator.registerMigration("17 alert changes", migrate: alertChanges)
        migrator.registerMigration("18 handling", migrate: handling)
        migrator.registerMigration("19 metrics", migrate: metrics)
        migrator.registerMigration("20 causes", migrate: causes)
        migrator.registerMigration("21 sources", migrate: sources)
        migrator.registerMigration("22 junk", migrate: junk)
        migrator.registerMigration("23 run folds", migrate: runFolds)
        migrator.registerMigration("24 trimmed contents", migrate: trimmedContents)
        migrator.registerMigration("25 kinds of junk", migrate: junkKinds)
        migrator.registerMigration("26 sharing", migrate: sharing)
        // The fold keeps when its author did an act, beside when the log had it: no table changes.
        migrator.registerMigration("27 authors' times") { _ in }
        migrator.registerMigration("28 speakers of what is shared", migrate: speakers)
        migrator.registerMigration("29 known tools", migrate: knownTools)
        migrator.registerMigration("30 first occurrences", migrate: firstOccurrences)
        // What an undone acknowledgement asked for goes on in the message that took its alarm's place.
        migrator.registerMigration("31 acts with an end", migrate: actsWithAnEnd)
        return migrator
    }()

    private static func log(_ db: Database) throws {
        try db.execute(
            sql: """
                CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;
                -- Texts that repeat in every event, once.
                CREATE TABLE names (id INTEGER PRIMARY KEY, text TEXT NOT NULL UNIQUE) STRICT;
                CREATE TABLE events (
                    sequence INTEGER PRIMARY KEY,
                    fingerprint INTEGER NOT NULL,
                    lane INTEGER NOT NULL,
                    type INTEGER NOT NULL REFERENCES names(id),
                    source INTEGER NOT NULL REFERENCES names(id),
                    id TEXT NOT NULL,
                    subject TEXT,
                    time INTEGER,
                    recorded INTEGER NOT NULL,
                    actor TEXT,
                    occurred TEXT,
                    exercise INTEGER REFERENCES names(id),
                    attributes TEXT,
                    -- The event before it about the same alert: a timeline is walked backwards, without an index.
                    previous INTEGER,
                    kind INTEGER NOT NULL,
                    data BLOB NOT NULL
                ) STRICT;
                -- A hash of source and id: half the size of an index over the texts, and filled in order of arrival.
                CREATE INDEX events_fingerprint ON events(fingerprint);
                -- Lane 1 holds what is folded again when it is read (checklists): few events a subject.
                CREATE INDEX events_refolded ON events(subject) WHERE lane = 1;
                CREATE INDEX events_actor ON events(actor) WHERE actor IS NOT NULL;
                CREATE TABLE outbox (
                    position INTEGER PRIMARY KEY,
                    id TEXT NOT NULL UNIQUE,
                    state INTEGER NOT NULL,
                    outcome TEXT,
                    subject TEXT,
                    created INTEGER NOT NULL,
                    event BLOB NOT NULL
                ) STRICT;
                CREATE INDEX outbox_state ON outbox(state, position);
                """)
    }

    private static func alerts(_ db: Database) throws {
        try db.execute(
            sql: """
                CREATE TABLE alerts (
                    id INTEGER PRIMARY KEY,
                    key INTEGER NOT NULL,
                    realm INTEGER NOT NULL REFERENCES names(id),
                    subject TEXT NOT NULL,
                    external_id TEXT,
                    status INTEGER NOT NULL,
                    tool INTEGER NOT NULL,
                    kind TEXT NOT NULL,
                    active INTEGER NOT NULL,
                    acknowledged INTEGER NOT NULL,
                    suppression INTEGER NOT NULL,
                    shelved_until INTEGER,
                    shelved_from INTEGER,
                    occurrence INTEGER NOT NULL,
                    annunciated INTEGER NOT NULL,
                    severity INTEGER NOT NULL,
                    latched_severity INTEGER NOT NULL,
                    latching INTEGER NOT NULL,
                    latched INTEGER NOT NULL,
                    headline TEXT NOT NULL,
                    confidence REAL,
                    place INTEGER,
                    district TEXT,
                    area_name TEXT,
                    site TEXT,
                    since INTEGER NOT NULL,
                    raised INTEGER NOT NULL,
                    stale INTEGER,
                    ended INTEGER,
                    acts TEXT,
                    replaced_by TEXT,
                    asset TEXT,
                    raised_by INTEGER NOT NULL,
                    last_event INTEGER NOT NULL,
                    need INTEGER NOT NULL
                ) STRICT;
                CREATE INDEX alerts_key ON alerts(key);
                -- The two orders of the list. Windows are read by key from these, never by counting rows.
                CREATE INDEX alerts_need ON alerts(realm, need);
                CREATE INDEX alerts_raised ON alerts(realm, raised);
                CREATE INDEX alerts_stale ON alerts(stale) WHERE active = 1 AND stale IS NOT NULL;
                CREATE INDEX alerts_asset ON alerts(asset, realm) WHERE asset IS NOT NULL;
                CREATE INDEX alerts_external ON alerts(external_id) WHERE external_id IS NOT NULL;
                -- Messages that were replaced or cancelled, possibly before they came.
                CREATE TABLE alert_references (
                    key INTEGER NOT NULL, subject TEXT NOT NULL, by TEXT NOT NULL, cancelled INTEGER NOT NULL,
                    PRIMARY KEY (key, subject)
                ) STRICT, WITHOUT ROWID;
                CREATE TABLE alert_counts (
                    realm INTEGER NOT NULL, district TEXT NOT NULL, tool INTEGER NOT NULL, severity INTEGER NOT NULL,
                    unacknowledged INTEGER NOT NULL, open INTEGER NOT NULL, suppressed INTEGER NOT NULL,
                    total INTEGER NOT NULL,
                    PRIMARY KEY (realm, district, tool, severity)
                ) STRICT, WITHOUT ROWID;
                CREATE TABLE annunciations (
                    realm INTEGER NOT NULL, minute INTEGER NOT NULL, count INTEGER NOT NULL,
                    PRIMARY KEY (realm, minute)
                ) STRICT, WITHOUT ROWID;
                CREATE VIRTUAL TABLE places USING rtree(id, south, north, west, east);
                CREATE TABLE place_counts (
                    realm INTEGER NOT NULL, place INTEGER NOT NULL, severity INTEGER NOT NULL,
                    unacknowledged INTEGER NOT NULL, open INTEGER NOT NULL,
                    PRIMARY KEY (realm, place, severity)
                ) STRICT, WITHOUT ROWID;
                CREATE TABLE tools (
                    realm INTEGER NOT NULL, tool INTEGER NOT NULL, state TEXT NOT NULL, message TEXT NOT NULL,
                    heard INTEGER NOT NULL,
                    PRIMARY KEY (realm, tool)
                ) STRICT, WITHOUT ROWID;
                """)
    }

    private static func city(_ db: Database) throws {
        try db.execute(
            sql: """
                CREATE TABLE cities (id TEXT PRIMARY KEY, position INTEGER NOT NULL, data BLOB NOT NULL) STRICT;
                CREATE TABLE districts (
                    set_name TEXT NOT NULL, id TEXT NOT NULL, name TEXT NOT NULL, population INTEGER,
                    position INTEGER NOT NULL, data BLOB NOT NULL,
                    PRIMARY KEY (set_name, id)
                ) STRICT;
                CREATE TABLE sites (id TEXT PRIMARY KEY, data BLOB NOT NULL) STRICT;
                CREATE TABLE streets (id TEXT PRIMARY KEY, data BLOB NOT NULL) STRICT;
                CREATE TABLE exercises (
                    realm INTEGER PRIMARY KEY, name TEXT NOT NULL, title TEXT NOT NULL, started INTEGER NOT NULL,
                    duration REAL NOT NULL, ended INTEGER
                ) STRICT;
                """)
    }

    private static func assets(_ db: Database) throws {
        try db.execute(
            sql: """
                CREATE TABLE assets (
                    id TEXT PRIMARY KEY, match_key TEXT NOT NULL, district TEXT, data BLOB NOT NULL
                ) STRICT;
                CREATE INDEX assets_match ON assets(match_key);
                CREATE TABLE vulnerabilities (
                    cve TEXT PRIMARY KEY, match_key TEXT NOT NULL, due INTEGER NOT NULL, ransomware INTEGER NOT NULL,
                    data BLOB NOT NULL
                ) STRICT;
                CREATE INDEX vulnerabilities_match ON vulnerabilities(match_key);
                -- What does not depend on a realm; open alerts are added when the list is read.
                CREATE TABLE risks (
                    asset TEXT PRIMARY KEY, base INTEGER NOT NULL, exploits INTEGER NOT NULL, due INTEGER,
                    ransomware INTEGER NOT NULL
                ) STRICT, WITHOUT ROWID;
                CREATE TABLE asset_alerts (
                    realm INTEGER NOT NULL, asset TEXT NOT NULL, open INTEGER NOT NULL, worst INTEGER NOT NULL,
                    PRIMARY KEY (realm, asset)
                ) STRICT, WITHOUT ROWID;
                """)
    }

    private static func checklists(_ db: Database) throws {
        try db.execute(
            sql: """
                CREATE TABLE playbooks (
                    id TEXT NOT NULL, version INTEGER NOT NULL, title TEXT NOT NULL, data BLOB NOT NULL,
                    PRIMARY KEY (id, version)
                ) STRICT;
                CREATE TABLE runs (
                    id TEXT PRIMARY KEY, realm INTEGER NOT NULL, playbook TEXT NOT NULL, alert TEXT NOT NULL,
                    title TEXT NOT NULL, started INTEGER NOT NULL, started_by TEXT NOT NULL,
                    settled INTEGER NOT NULL, steps INTEGER NOT NULL
                ) STRICT;
                CREATE INDEX runs_alert ON runs(realm, alert);
                """)
    }

    private static func search(_ db: Database) throws {
        try db.execute(
            sql: """
                CREATE VIRTUAL TABLE alert_text USING fts5(
                    headline, body, place, tokenize = "unicode61 remove_diacritics 2",
                    detail = none, columnsize = 0);
                """)
    }

    private static func shelves(_ db: Database) throws {
        try db.execute(
            sql: "CREATE INDEX alerts_shelved ON alerts(shelved_until) WHERE shelved_until IS NOT NULL")
    }

    /// An act that the fold refused stays in the log, and says so. What ended unseen is found by when it ended.
    private static func effects(_ db: Database) throws {
        try db.execute(
            sql: """
                ALTER TABLE events ADD COLUMN refused TEXT;
                CREATE INDEX alerts_ended ON alerts(realm, ended)
                    WHERE need >= 140737488355328 AND need < 281474976710656;
                """)
    }

    /// A store that follows the log of a hub, see `Store+Mirror`. A base is an alert as the log has it, while what is shown
    /// has acts on top that are not settled yet; its columns are those of `alerts`.
    private static func mirror(_ db: Database) throws {
        try db.execute(
            sql: """
                CREATE TABLE alert_bases AS SELECT * FROM alerts WHERE 0;
                CREATE UNIQUE INDEX alert_bases_id ON alert_bases(id);
                ALTER TABLE outbox ADD COLUMN actor TEXT;
                CREATE INDEX outbox_unsettled ON outbox(subject, position) WHERE state IN (0, 6);
                CREATE TABLE identities (
                    key_id TEXT PRIMARY KEY, actor TEXT NOT NULL, role TEXT NOT NULL, certificate BLOB NOT NULL,
                    enrolled INTEGER NOT NULL, revoked INTEGER
                ) STRICT, WITHOUT ROWID;
                CREATE INDEX identities_actor ON identities(actor);
                -- Places of the log where an event stands a second time: for the chain alone.
                CREATE TABLE ghosts (sequence INTEGER PRIMARY KEY, digest BLOB NOT NULL) STRICT;
                CREATE TABLE shared (
                    agreement TEXT NOT NULL, subject TEXT NOT NULL, realm TEXT NOT NULL,
                    PRIMARY KEY (agreement, subject, realm)
                ) STRICT, WITHOUT ROWID;
                """)
    }

    /// An R*Tree over all places took a third of what it costs to keep an alert; only open ones are looked for.
    private static func openPlaces(_ db: Database) throws {
        try db.execute(
            sql: """
                DROP TABLE places;
                CREATE INDEX place_counts_open ON place_counts(realm, place) WHERE open > 0;
                """)
    }

    /// What a trim forgets is found by when it was last heard of, see `Trimming`.
    private static func over(_ db: Database) throws {
        try db.execute(
            sql: """
                CREATE INDEX alerts_over ON alerts(last_event) WHERE active = 0 AND latched = 0 AND suppression = 0;
                """)
    }

    /// Of events that have not come yet, see `BackFill`: which was before it about the same alert.
    private static func backFill(_ db: Database) throws {
        try db.execute(
            sql: "CREATE TABLE unfilled (sequence INTEGER PRIMARY KEY, previous INTEGER NOT NULL) STRICT")
    }

    /// See `AlertChanges`.
    private static func alertChanges(_ db: Database) throws {
        try db.execute(sql: "CREATE TABLE alert_changes (number INTEGER PRIMARY KEY, rows BLOB NOT NULL) STRICT")
    }

    /// Whether the author of an act that had no effect has heard of it.
    private static func told(_ db: Database) throws {
        try db.execute(
            sql: """
                ALTER TABLE outbox ADD COLUMN told INTEGER NOT NULL DEFAULT 0;
                UPDATE outbox SET told = 1 WHERE state NOT IN (0, 6);
                """)
    }

    /// See `HashIndex`: the two indexes over hashes took a page write for nearly every event.
    private static func hashes(_ db: Database) throws {
        for name in [HashIndex.events, HashIndex.alerts] {
            for tier in [name, name + "_fresh"] {
                try db.execute(
                    sql: """
                        CREATE TABLE \(tier) (hash INTEGER PRIMARY KEY, row INTEGER NOT NULL) STRICT
                        """)
            }
        }
        try fill(HashIndex.events, from: "SELECT fingerprint, sequence FROM events", db)
        try fill(HashIndex.alerts, from: "SELECT key, id FROM alerts", db)
        try db.execute(sql: "DROP INDEX events_fingerprint; DROP INDEX alerts_key")
    }

    /// In the order of the hashes, but for the few that have to make way for another of the same hash.
    private static func fill(_ name: String, from source: String, _ db: Database) throws {
        try db.execute(sql: "INSERT OR IGNORE INTO \(name) (hash, row) \(source) ORDER BY 1, 2")
        let statements = try Statements(db)
        let index = HashIndex(statements, name: name)
        let left = try statements("SELECT * FROM (\(source)) EXCEPT SELECT hash, row FROM \(name)")
        for (hash, row) in try left.all({ ($0.integer(0), $0.integer(1)) }) {
            _ = try index.first(hash) { _ in nil as Int? }
            try index.insert(hash, row: row)
        }
        try index.pour()
    }

    /// Places at which no event stands: set where `JunkEntry` is.
    private static func junk(_ db: Database) throws {
        try db.execute(
            sql: """
                ALTER TABLE ghosts ADD COLUMN junk_digest TEXT;
                ALTER TABLE ghosts ADD COLUMN junk_bytes INTEGER;
                """)
    }

    /// See `TrimmedContents`. Behind this step a store has a key for its look-ups (`Keying`): older versions would find nothing.
    private static func trimmedContents(_ db: Database) throws {
        try db.execute(
            sql: "CREATE TABLE trimmed_contents (sequence INTEGER PRIMARY KEY, content BLOB NOT NULL) STRICT")
    }

    /// `JunkEntry.Kind`: all that was known before it is of the first kind.
    private static func junkKinds(_ db: Database) throws {
        try db.execute(sql: "ALTER TABLE ghosts ADD COLUMN junk_kind INTEGER NOT NULL DEFAULT 0")
    }

    /// The log of one exercise is read from its end, however many Actual events came since.
    private static func exerciseLog(_ db: Database) throws {
        try db.execute(sql: "CREATE INDEX events_exercise ON events(exercise) WHERE exercise IS NOT NULL")
    }
}
