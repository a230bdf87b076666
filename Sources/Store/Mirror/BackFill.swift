import ControlRoom

/// What a store that began with a snapshot has not got yet: the older events of its log. What they did is in the snapshot, and
/// nothing is folded from them; they are wanted for the histories of alerts and for an audit.
public struct BackFill: Equatable, Sendable {
    /// Events are missing behind here. The head is empty where nothing was trimmed and none has come yet.
    public var after: Store.Cursor
    /// The last that is missing, and the head that the hub vouched for with its snapshot.
    public var floor: LogBase

    public init(after: Store.Cursor, floor: LogBase) {
        self.after = after
        self.floor = floor
    }

    /// How many events are missing.
    public var left: Int64 { floor.sequence - after.sequence }
}

extension Meta {
    static let floorKey = "floor"
    private static let filledKey = "filled"

    /// Nil where the log is whole from its base on. A trim in the meantime leaves less to be wished for.
    var backFill: BackFill? {
        get throws {
            guard let floor = try self[Meta.floorKey].flatMap({ LogBase($0) }) else { return nil }
            let base = try self.base
            guard floor.sequence > base.sequence, let cursor = try self.cursor else { return nil }
            var after = Store.Cursor(logID: cursor.logID, sequence: base.sequence, head: base.head)
            if let filled = try self[Meta.filledKey].flatMap({ Store.Cursor($0) }), filled.sequence > base.sequence {
                after = filled
            }
            return BackFill(after: after, floor: floor)
        }
    }

    fileprivate func set(filled: Store.Cursor?) throws {
        if let filled { try set(Meta.filledKey, filled.text) } else { try remove(Meta.filledKey) }
    }

    /// There is nothing to wish for any more.
    func endBackFill() throws {
        try statements("DELETE FROM unfilled").run()
        for key in [Meta.floorKey, Meta.filledKey] { try remove(key) }
    }
}

extension Store {
    /// Nil where nothing is missing.
    public func backFill() throws -> BackFill? { try look { try Meta(statements: $0.statements).backFill } }

    /// From where on this store has the log whole: what stands before was trimmed, or has not come yet.
    public func whole() throws -> LogBase {
        try look { reader in
            let meta = Meta(statements: reader.statements)
            return try meta.backFill?.floor ?? meta.base
        }
    }

    /// Keeps older events, without effect, and notes that they are here as far as `place`.
    ///
    /// - Parameter events: in order, whole, from where the last ones ended.
    /// - Returns: what is missing still.
    public func fill(_ events: [AdmittedEvent], to place: Cursor) throws -> BackFill? {
        try write { writer in
            let meta = Meta(statements: writer.statements)
            guard let gap = try meta.backFill else { return nil }
            guard place.logID == gap.after.logID, place.sequence > gap.after.sequence else { return gap }
            for event in events where (event.event.sequence ?? 0) > gap.after.sequence { try writer.fill(event) }
            try meta.set(filled: place)
            guard place.sequence >= gap.floor.sequence else { return try meta.backFill }
            try meta.endBackFill()
            writer.events.forgetKnown()
            return nil
        }
    }

    /// What came was not what the hub had vouched for: it goes, and the events are missing again.
    public func emptyBackFill() throws {
        try write { writer in
            let meta = Meta(statements: writer.statements)
            guard let gap = try meta.backFill else { return }
            // Checklists and what was refused came with the snapshot.
            let delete = try writer.statements(
                "DELETE FROM events WHERE sequence > ? AND sequence <= ? AND lane = 0 AND refused IS NULL")
            delete.bind(1, try meta.base.sequence)
            delete.bind(2, gap.floor.sequence)
            try delete.run()
            try meta.set(filled: nil)
        }
    }
}

extension LogWriter {
    /// Keeps an event whose effect is known. What is in the log already, or stands there a second time, is passed over.
    fileprivate func fill(_ admitted: AdmittedEvent) throws {
        let event = admitted.event
        guard let sequence = event.sequence, try !isGhost(sequence) else { return }
        let select = try statements("SELECT previous FROM unfilled WHERE sequence = ?")
        select.bind(1, sequence)
        let previous = try select.first { $0.integer(0) }
        try events.fill(
            event, sequence: sequence, fingerprint: fingerprint(event.source, event.id), previous: previous)
    }

    private func isGhost(_ sequence: Int64) throws -> Bool {
        let select = try statements("SELECT 1 FROM ghosts WHERE sequence = ?")
        select.bind(1, sequence)
        return try select.first { _ in true } ?? false
    }
}
