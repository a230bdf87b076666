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

    /// The name under which it is remembered why the rows could not be folded anew.
    public static let refoldFailureKey = "refold"

    /// Of a store in a file, without opening it as one, what is to be told of rows that another version has folded: how far they
    /// are folded anew, or why they are not. Nil where this version has folded all of them.
    ///
    /// - Throws: what SQLite says where the file cannot be read.
    public static func foldNote(path: String) throws -> String? {
        let version = try foldedBy(path: path)
        guard version != foldVersion else { return nil }
        let rows =
            "its rows are as " + (version.map { "version \($0) of the fold" } ?? "an earlier version") + " made them"
        if let place = try? Refold.place(beside: path) { return rows + ", and folded anew up to entry \(place)" }
        let reason = try kept(refoldFailureKey, path: path)
        return rows + (reason.map { ", and could not be folded anew: \($0)" } ?? ", until the hub folds them anew")
    }
}

extension Meta {
    static let fold = "fold"

    var foldedBy: Int? { get throws { try self[Meta.fold].flatMap { Int($0) } } }
}
