public import ControlRoom

/// Work that may lag behind the log, done by whoever holds the lease, in portions that let others write between them.
extension Store {
    /// One portion; false when nothing is left to do. Looking costs no write lock.
    public func backgroundStep(limit: Int = 2_000) throws -> Bool {
        guard try hasBackgroundWork() else { return false }
        return try write { writer in
            if try writer.relocate(limit: limit) { return true }
            if try TextIndexer(writer: writer).step(limit: limit) { return true }
            return try Sweep(writer: writer).step(limit: limit / 4)
        }
    }

    /// Carries out what has ended by time, whether or not anybody has said so: shelves, rules with an end, alarms that went stale
    /// are over in every list, order, count and filter from then on, with or without a network. Looking costs no write lock.
    ///
    /// - Returns: whether there is more at once.
    /// - Throws: `StoreError`.
    @discardableResult
    public func settle(at now: Timestamp, limit: Int = 500) throws -> Bool {
        let isDue = try look { reader in
            let select = try reader.statements("SELECT 1 FROM alerts WHERE turn <= ? LIMIT 1")
            select.bind(1, now.milliseconds)
            if try select.first({ _ in true }) ?? false { return true }
            // The clock was set back.
            return try Meta(statements: reader.statements).settled > now
        }
        return try isDue && write { try $0.settle(at: now, limit: limit) }
    }

    /// Whether an act that silences must name what its author saw (`acts.bound.v1`).
    public func areActsBound() throws -> Bool { try look { try Meta(statements: $0.statements).areActsBound } }

    private func hasBackgroundWork() throws -> Bool {
        if try textLag() > 0 { return true }
        return try look { reader in
            if try Meta(statements: reader.statements)[Meta.relocation] != nil { return true }
            return try Sweep.isDue(reader.statements)
        }
    }

    /// Up to where in the log the full-text index goes.
    public func textPlace() throws -> Int64 { try look { try Meta(statements: $0.statements).indexed } }

    /// How many events the full-text index is behind the log.
    public func textLag() throws -> Int64 {
        try look { reader in
            let indexed = try Meta(statements: reader.statements).indexed
            return max(0, try reader.lastSequence() - indexed)
        }
    }
}
