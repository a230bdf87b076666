import GRDB

/// What can be wrong with a store, in words an operator can act on.
public enum StoreError: Error, Equatable, Sendable, CustomStringConvertible {
    case newerSchema(path: String)
    case damaged(path: String, reason: String)
    case full(path: String)
    case notPermitted(path: String)
    case locked(path: String)
    /// Damaged, and not to be rebuilt under the feet of another process.
    case inUse(path: String)
    case rebuilding(path: String)
    case notAStore(path: String)
    /// A mirror follows one log; another one has the same name, or the hub was replaced.
    case otherLog(path: String, known: String, found: String)
    case other(path: String, reason: String)

    public var description: String {
        switch self {
        case .newerSchema(let path):
            "\(path) was written by a newer version of impetus; update impetus, or name another file with --store"
        case .damaged(let path, let reason): "\(path) is damaged (\(reason)); start impetus again to rebuild it"
        case .full(let path): "no space is left for \(path); nothing that was accepted is lost; free some space"
        case .notPermitted(let path): "\(path) cannot be read and written by this user"
        case .locked(let path): "\(path) is held by another program for too long; close it and try again"
        case .inUse(let path):
            "\(path) is damaged, and another impetus has it open; close that one, then start again to rebuild it"
        case .rebuilding(let path):
            "\(path) was damaged and is being rebuilt by another impetus; start again when that is done"
        case .notAStore(let path): "\(path) is no store of impetus; it was left as it is; name another with --store"
        case .otherLog(let path, let known, let found):
            "\(path) follows the log \(known), but the hub has the log \(found): it was replaced or restored; nothing was "
                + "changed here; name another store with --store to follow the new one"
        case .other(let path, let reason): "\(path): \(reason)"
        }
    }

    /// What an error of the database means for the user.
    package static func from(_ error: any Error, path: String) -> any Error {
        guard let error = error as? DatabaseError else { return error }
        let reason = error.message ?? "\(error.resultCode)"
        switch error.resultCode {
        case .SQLITE_FULL: return StoreError.full(path: path)
        case .SQLITE_CORRUPT, .SQLITE_NOTADB: return StoreError.damaged(path: path, reason: reason)
        case .SQLITE_CANTOPEN, .SQLITE_PERM, .SQLITE_READONLY, .SQLITE_AUTH:
            return StoreError.notPermitted(path: path)
        case .SQLITE_BUSY, .SQLITE_LOCKED: return StoreError.locked(path: path)
        case .SQLITE_IOERR: return StoreError.other(path: path, reason: "the disk failed (\(reason))")
        default: return StoreError.other(path: path, reason: reason)
        }
    }
}
