import ControlRoom

/// What a store that began with a snapshot has not got yet: the older events of its log. What they did is in the snapshot, and
/// nothing is folded from them; they are wanted for the histories of alerts and for an audit.
public struct BackFill: Equatable, Sendable {
    /// From where on the snapshot had left events out. The head is empty at the start of a log.
    public var start: Store.Cursor
    /// Events are missing behind here still.
    public var after: Store.Cursor
    /// The last that is missing, and the head that the hub vouched for with its snapshot.
    public var floor: LogBase

    public init(start: Store.Cursor, after: Store.Cursor, floor: LogBase) {
        self.start = start
        self.after = after
        self.floor = floor
    }

    /// How many events are missing.
    public var left: Int64 { floor.sequence - after.sequence }
}

extension Meta {
    static let floorKey = "floor"
    private static let startKey = "filled_from"
    private static let filledKey = "filled"
    static let lostKey = "lost"

    /// Nil where nothing more is to come.
    var backFill: BackFill? {
        get throws {
            guard let floor = try self[Meta.floorKey].flatMap({ LogBase($0) }),
                let start = try self[Meta.startKey].flatMap({ Store.Cursor($0) }),
                let filled = try self[Meta.filledKey].flatMap({ Store.Cursor($0) })
            else { return nil }
            return BackFill(start: start, after: filled, floor: floor)
        }
    }

    /// A floor whose older events will never come: the hub has them no more.
    var lost: LogBase? {
        get throws { try self[Meta.lostKey].flatMap { LogBase($0) } }
    }

    /// What a file holds of this that begins with a snapshot.
    static func rows(of gap: BackFill) -> [(key: String, value: String)] {
        [(floorKey, gap.floor.text), (startKey, gap.start.text), (filledKey, gap.after.text)]
    }

    fileprivate func set(filled: Store.Cursor) throws { try set(Meta.filledKey, filled.text) }

    /// - Parameter lost: whether what is missing will never come.
    fileprivate func endBackFill(lost: LogBase?) throws {
        try statements("DELETE FROM unfilled").run()
        for key in [Meta.floorKey, Meta.startKey, Meta.filledKey] { try remove(key) }
        if let lost { try set(Meta.lostKey, lost.text) }
    }
}

extension Store {
    /// Nil where nothing is missing.
    public func backFill() throws -> BackFill? { try look { try Meta(statements: $0.statements).backFill } }

    /// From where on this store has the log whole: what stands before was trimmed, has not come yet, or never will.
    public func whole() throws -> LogBase {
        try look { reader in
            let meta = Meta(statements: reader.statements)
            let places = [try meta.base, try meta.backFill?.floor, try meta.lost].compactMap { $0 }
            return places.max { $0.sequence < $1.sequence } ?? .none
        }
    }

    /// Keeps older events, without effect, and notes that they are here as far as `place`. What was trimmed meanwhile is kept
    /// as well: only then it is known what of it belongs to alerts that go on (`Sweep`).
    ///
    /// - Parameters:
    ///   - events: in order, whole, from where the last ones ended.
    ///   - gap: what was missing when they were looked at; where it has changed since, nothing is kept.
    /// - Returns: what is missing still.
    public func fill(_ events: [AdmittedEvent], to place: Cursor, in gap: BackFill) throws -> BackFill? {
        try write { writer in
            let meta = Meta(statements: writer.statements)
            guard try meta.backFill == gap, place.sequence > gap.after.sequence else { return try meta.backFill }
            for event in events { try writer.fill(event) }
            try meta.set(filled: place)
            guard place.sequence >= gap.floor.sequence else { return try meta.backFill }
            try meta.endBackFill(lost: nil)
            writer.events.forgetKnown()
            return nil
        }
    }

    /// The older events will never come.
    public func endBackFill() throws {
        try write { writer in
            let meta = Meta(statements: writer.statements)
            guard let gap = try meta.backFill else { return }
            try meta.endBackFill(lost: gap.floor)
            writer.events.forgetKnown()
        }
    }

    private static let portion = 5_000

    /// What came was not what the hub had vouched for: it goes, and the events are missing again. Should this be cut off, the
    /// right ones take the place of what is left.
    public func emptyBackFill() throws {
        var isOver = false
        while !isOver {
            isOver = try write { writer in
                let meta = Meta(statements: writer.statements)
                guard let gap = try meta.backFill else { return true }
                try meta.set(filled: gap.start)
                let delete = try writer.statements(
                    """
                    DELETE FROM events WHERE sequence IN (
                        SELECT sequence FROM events WHERE sequence > ? AND sequence <= ? AND NOT (\(Store.isBrought)) LIMIT ?)
                    """)
                delete.bind(1, gap.start.sequence)
                delete.bind(2, gap.floor.sequence)
                delete.bind(3, Store.portion)
                try delete.run()
                return try writer.statements("SELECT changes()").first { $0.int(0) } ?? 0 < Store.portion
            }
        }
    }
}

extension LogWriter {
    /// Keeps an event whose effect is known. One that stands in the log a second time is passed over,
    /// and so is what is no event: a snapshot brings those places.
    fileprivate func fill(_ admitted: AdmittedEvent) throws {
        let event = admitted.event
        guard admitted.junk == nil, let sequence = event.sequence, try !isGhost(sequence) else { return }
        try events.fill(event, sequence: sequence, previous: statements.unfilled(sequence))
    }

    private func isGhost(_ sequence: Int64) throws -> Bool {
        let select = try statements("SELECT 1 FROM ghosts WHERE sequence = ?")
        select.bind(1, sequence)
        return try select.first { _ in true } ?? false
    }
}

extension Statements {
    /// Of an event that has not come yet: which was before it about the same alert.
    func unfilled(_ sequence: Int64) throws -> Int64? {
        let select = try self("SELECT previous FROM unfilled WHERE sequence = ?")
        select.bind(1, sequence)
        return try select.first { $0.integer(0) }
    }
}
