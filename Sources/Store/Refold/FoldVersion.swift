import ControlRoom
import GRDB

/// By which version of the fold the rows of a store were made. When an event folds otherwise than before, what was folded
/// earlier is folded anew (`Refold`): one log has one state, whatever version began with it.
extension Store {
    /// Of two stores with the same fold version, the same events make the same projections in the same tables: a snapshot is
    /// taken only then. It goes up with each step of the schema; a change of the fold alone adds an empty one.
    public static let foldVersion = Migrations.migrator.migrations.count

    /// The version by which all rows here were folded; nil where it was one before this was remembered.
    ///
    /// - Throws: `StoreError`.
    public func foldedBy() throws -> Int? { try look { try Meta(statements: $0.statements).foldedBy } }

    /// That of a store in a file, without opening it as one.
    ///
    /// - Throws: what SQLite says where the file cannot be read.
    public static func foldedBy(path: String) throws -> Int? { try peek(Meta.fold, path).flatMap { Int($0) } }

    /// Whether all rows here are what this version makes of the log.
    ///
    /// - Throws: `StoreError`.
    public func isFolded() throws -> Bool { try foldedBy() == Store.foldVersion }

    /// How far the rows of a store are folded anew, as another process may ask; nil where they are not, or not now.
    ///
    /// - Throws: `StoreError`.
    public func refoldProgress() throws -> (at: Int64, of: Int64)? {
        guard try !isFolded(), let at = try? Refold.place(beside: path) else { return nil }
        return (at, max(at, try lastSequence()))
    }
}

extension Meta {
    static let fold = "fold"

    var foldedBy: Int? { get throws { try self[Meta.fold].flatMap { Int($0) } } }
}
