import GRDB

extension Migrations {
    /// See `ChecklistFolds`. Nothing is filled in: a run is folded from the log when its next event comes.
    static func runFolds(_ db: Database) throws {
        try db.execute(
            sql: """
                CREATE TABLE run_folds (
                    run TEXT PRIMARY KEY, playbook TEXT NOT NULL, version INTEGER NOT NULL, realm INTEGER NOT NULL,
                    settled INTEGER NOT NULL
                ) STRICT, WITHOUT ROWID;
                CREATE INDEX run_folds_playbook ON run_folds(playbook, version);
                CREATE TABLE run_steps (
                    run TEXT NOT NULL, step INTEGER NOT NULL, number INTEGER NOT NULL, state TEXT NOT NULL,
                    by TEXT NOT NULL, at INTEGER NOT NULL, act TEXT NOT NULL, PRIMARY KEY (run, step, number)
                ) STRICT, WITHOUT ROWID;
                CREATE INDEX run_steps_act ON run_steps(run, act);
                """)
    }
}
