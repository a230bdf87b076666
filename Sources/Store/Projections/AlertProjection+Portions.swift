import ControlRoom

/// Work on many alerts at once, in portions.
extension AlertProjection {
    /// Finds the district of alerts anew after the districts changed; returns the next row to go on from, or nil when
    /// all are done.
    func relocate(from row: Int64, limit: Int) throws -> Int64? {
        let select = try statements(
            "SELECT \(AlertRows.allColumns) FROM alerts WHERE id >= ? ORDER BY id LIMIT ?")
        select.bind(1, row)
        select.bind(2, limit)
        let batch = try select.all { AlertRows.readAll($0) }
        for kept in batch {
            let district = try city.relocated(kept.alert.district, at: kept.alert.place)
            guard district != kept.alert.district else { continue }
            let key = try rows.key(realm: kept.realm, subject: kept.alert.subject)
            let entry = remember(Touched(kept, key: key, isNew: false, dirty: true))
            entry.base = try rows.base(of: kept.row)
            entry.changeTruth { $0.alert.district = district }
        }
        try flush()
        return batch.count < limit ? nil : batch.last.map { $0.row + 1 }
    }

    /// Takes over alerts of another store as they stood at a time, under rows of their own.
    func restore(_ all: [AlertRows.Kept], asOf time: Timestamp) throws {
        for kept in all {
            var kept = kept
            kept.row = 0
            kept.asOf = time
            let key = try rows.key(realm: kept.realm, subject: kept.alert.subject)
            remember(Touched(kept, key: key, isNew: true, dirty: true))
        }
    }

    /// Takes over an alert that asks for more than what stands here under its key and for nothing less, or that does not stand here.
    ///
    /// - Returns: whether it does.
    func salvage(_ kept: AlertRows.Kept, asOf time: Timestamp) throws -> Bool {
        let key = try rows.key(realm: kept.realm, subject: kept.alert.subject)
        guard let entry = try load(kept.realm, kept.alert.subject, key) else {
            try restore([kept], asOf: time)
            return true
        }
        let stands = entry.truth.alert
        guard stands.asksForLess(than: kept.alert), !kept.alert.asksForLess(than: stands),
            kept.alert.active || !stands.active
        else { return false }
        entry.changeTruth { ($0.alert, $0.asOf) = (kept.alert, time) }
        entry.dirty = true
        return true
    }

    /// Carries out what has ended by time: shelves, rules with an end, alarms that went stale. Whether anybody says so or not,
    /// they are over in every list and count. The cost grows with what has ended.
    ///
    /// - Returns: whether there may be more.
    func settle(at now: Timestamp, limit: Int) throws -> Bool {
        try settleAnew(before: now)
        let select = try statements(
            "SELECT \(AlertRows.allColumns) FROM alerts WHERE turn <= ? ORDER BY turn LIMIT ?")
        select.bind(1, now.milliseconds)
        select.bind(2, limit)
        let batch = try select.all { AlertRows.readAll($0) }
        guard !batch.isEmpty else { return false }
        try Meta(statements: statements).set(settled: now)
        knownSettled = now
        for kept in batch {
            let key = try rows.key(realm: kept.realm, subject: kept.alert.subject)
            let entry = remember(Touched(kept, key: key, isNew: false, dirty: true))
            if pending.areKept { entry.base = try rows.base(of: kept.row) }
        }
        try flush()
        return batch.count == limit
    }

    /// A clock that was ahead has ended what goes on: all that ends by time is looked at again.
    private func settleAnew(before now: Timestamp) throws {
        guard try settled() > now else { return }
        try Meta(statements: statements).set(settled: now)
        knownSettled = now
        try statements(
            """
            UPDATE alerts SET turn = 0
            WHERE shelved_until IS NOT NULL OR designed_until IS NOT NULL OR stale IS NOT NULL AND active = 1
                OR json_extract(acts, '$.asked.until') IS NOT NULL
            """
        ).run()
    }
}
