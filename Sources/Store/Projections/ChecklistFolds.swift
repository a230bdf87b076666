import ControlRoom

/// How far the log has brought each run, step by step: the next event of a run costs the same however many came before it.
///
/// A run without a row here is folded from the log once, when its next event comes: one of an earlier version, and one whose
/// playbook was published again under the same version.
struct ChecklistFolds {
    let statements: Statements

    /// A run as the log has it; acts that wait for their echo lie over it.
    struct Kept {
        var playbook: String
        var version: Int
        var realm: Int64
        /// Steps of the playbook that are settled.
        var settled: Int
    }

    func find(_ run: String) throws -> Kept? {
        let select = try statements("SELECT playbook, version, realm, settled FROM run_folds WHERE run = ?")
        select.bind(1, run)
        return try select.first {
            Kept(playbook: $0.text(0), version: $0.int(1), realm: $0.integer(2), settled: $0.int(3))
        }
    }

    /// Keeps a run that was folded from the log, in the place of what was kept of it.
    ///
    /// - Parameter numbers: of the events that set steps, by their ids, in the order of the log.
    func keep(_ run: ChecklistRun, realm: Int64, _ numbers: [String: [Int64]]) throws {
        try forget(run.id)
        let insert = try statements(
            "INSERT INTO run_folds (run, playbook, version, realm, settled) VALUES (?, ?, ?, ?, ?)")
        insert.bind(1, run.id)
        insert.bind(2, run.playbook.id)
        insert.bind(3, run.playbook.version)
        insert.bind(4, realm)
        insert.bind(5, run.settledCount)
        try insert.run()
        var left = numbers.mapValues { $0[...] }
        for (step, records) in run.history.sorted(by: { $0.key < $1.key }) {
            for record in records {
                guard let number = left[record.act]?.popFirst() else { continue }
                try add(record, to: run.id, step: step, number: number)
            }
        }
    }

    func forget(_ run: String) throws {
        for table in ["run_folds", "run_steps"] {
            let delete = try statements("DELETE FROM \(table) WHERE run = ?")
            delete.bind(1, run)
            try delete.run()
        }
    }

    /// Runs of a playbook that is another than when they were folded.
    func forget(playbook: String, version: Int) throws {
        let delete = try statements("DELETE FROM run_folds WHERE playbook = ? AND version = ?")
        delete.bind(1, playbook)
        delete.bind(2, version)
        try delete.run()
    }

    func set(settled: Int, of run: String) throws {
        let update = try statements("UPDATE run_folds SET settled = ? WHERE run = ?")
        update.bind(1, settled)
        update.bind(2, run)
        try update.run()
    }

    // MARK: - Steps

    /// - Parameter number: of the event that set it.
    func add(_ record: ChecklistRun.StepRecord, to run: String, step: Int, number: Int64) throws {
        let insert = try statements(
            "INSERT INTO run_steps (run, step, number, state, by, at, act) VALUES (?, ?, ?, ?, ?, ?, ?)")
        insert.bind(1, run)
        insert.bind(2, step)
        insert.bind(3, number)
        insert.bind(4, record.state.rawValue)
        insert.bind(5, record.by)
        insert.bind(6, record.at.milliseconds)
        insert.bind(7, record.act)
        try insert.run()
    }

    func last(of step: Int, in run: String) throws -> ChecklistRun.StepRecord? {
        let select = try statements(
            "SELECT state, by, at, act FROM run_steps WHERE run = ? AND step = ? ORDER BY number DESC LIMIT 1")
        select.bind(1, run)
        select.bind(2, step)
        return try select.first { ChecklistFolds.record($0, from: 0) }
    }

    /// The step that an act set, as an undo finds it, who set it, and where it stands.
    func find(act: String, in run: String) throws -> (step: Int, by: String, number: Int64)? {
        let select = try statements(
            "SELECT step, by, number FROM run_steps WHERE run = ? AND act = ? ORDER BY step, number LIMIT 1")
        select.bind(1, run)
        select.bind(2, act)
        return try select.first { ($0.int(0), $0.text(1), $0.integer(2)) }
    }

    func remove(step: Int, number: Int64, from run: String) throws {
        let delete = try statements("DELETE FROM run_steps WHERE run = ? AND step = ? AND number = ?")
        delete.bind(1, run)
        delete.bind(2, step)
        delete.bind(3, number)
        try delete.run()
    }

    /// All that was set; the oldest of each step first.
    func eachRecord(of run: String, _ body: (Int, ChecklistRun.StepRecord) -> Void) throws {
        let select = try statements(
            "SELECT step, state, by, at, act FROM run_steps WHERE run = ? ORDER BY step, number")
        select.bind(1, run)
        try select.each { row in
            body(row.int(0), ChecklistFolds.record(row, from: 1))
            return true
        }
    }

    /// Without its note: that stands in the log.
    private static func record(_ row: borrowing Prepared, from column: Int32) -> ChecklistRun.StepRecord {
        ChecklistRun.StepRecord(
            state: ChecklistRun.StepState(rawValue: row.text(column)) ?? .open, by: row.text(column + 1),
            at: Timestamp(milliseconds: row.integer(column + 2)), note: nil, act: row.text(column + 3))
    }
}
