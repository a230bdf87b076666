import ControlRoom

/// Alarms that outlived their events: a trim keeps the row of what waits for a person, and takes its events out of the file.
extension Salvage {
    /// Takes over each alarm that waits to be acknowledged or reset and asks for more than what is left of its events makes of it. A row that
    /// asks for less in anything (`Alert.asksForLess`), or has ended what goes on, counts for nothing: it may be damaged.
    ///
    /// For a log of its own that was trimmed. Whoever follows a hub gets the rows from there, and a log that is whole makes them.
    func salvageAlarms(_ damaged: DamagedFile, _ report: inout Recovery.Report) throws {
        guard store.mirror == nil, try store.base().sequence > 0 || base(of: damaged) > 0 else { return }
        // Where an act that is not settled lies over a row, the log's own stands beside it.
        for source in ["alert_bases", "alerts"] {
            // Rows of an older version have other columns: then none can be read.
            guard (try? select(damaged.reader, source, "0")) != nil else {
                report.gaps += 1
                continue
            }
            let table = DamagedTable(
                last: last("id", source + " NOT INDEXED", damaged),
                read: { try rows(damaged.reader, of: source, $0, $1) }, patience: patience(damaged))
            report.gaps += try table.walk { found in
                report.alarms += try store.write { try $0.salvage(found, asOf: now) }
            }
        }
    }

    func base(of damaged: DamagedFile) -> Int64 {
        (try? Meta(statements: damaged.reader.statements).base.sequence) ?? 0
    }

    /// With the names of their realms: numbers of names are each store's own.
    private func rows(
        _ reader: StoreReader, of table: String, _ after: Int64, _ until: Int64
    ) throws -> [(realm: String, kept: AlertRows.Kept)] {
        let select = try select(reader, table, range("id", after, until))
        select.bind(1, after)
        select.bind(2, until)
        return try select.all { row in
            let kept = AlertRows.readAll(row)
            // SQLite has no checksums: a row whose key does not fit is not the one that was written.
            let key = try reader.alertRows.key(realm: kept.realm, subject: kept.alert.subject)
            guard row.integer(AlertRows.columnCount + 1) == key else {
                throw StoreError.damaged(path: aside, reason: "alert \(kept.row)")
            }
            return (try reader.names.text(kept.realm), kept)
        }
    }

    private func select(_ reader: StoreReader, _ table: String, _ condition: String) throws -> Prepared {
        try reader.statements(
            """
            SELECT \(AlertRows.allColumns), key FROM \(table) NOT INDEXED
            WHERE \(condition) AND (acknowledged = 0 OR latched = 1) ORDER BY id
            """)
    }
}
