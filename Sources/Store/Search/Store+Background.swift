import ControlRoom

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
            let last = try reader.statements("SELECT max(sequence) FROM events").first { $0.integer(0) } ?? 0
            return max(0, last - indexed)
        }
    }
}
