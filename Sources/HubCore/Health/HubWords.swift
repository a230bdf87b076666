public import Store

extension StoreError {
    /// The same to whoever runs a hub: of its files not all are rebuilt by a start.
    public var hubWords: String {
        switch self {
        case .damaged(let path, let reason): "\(path) is damaged (\(reason)): " + StoreError.remedy(of: path)
        case .notAStore(let path): "\(path) is no file of a hub: " + StoreError.remedy(of: path)
        case .newerSchema(let path): "\(path) was written by a newer version of impetus-hub: update it"
        case .inUse(let path): "\(path) is damaged, and another process has it open: end that one"
        case .rebuilding(let path): "\(path) was damaged and is being rebuilt by another process"
        case .full, .notPermitted, .locked, .otherLog, .other: description
        }
    }

    /// Only a tenant's log can be taken as it is.
    private static func remedy(of path: String) -> String {
        if path.hasSuffix(".view.sqlite") { return "a view is folded anew by the next start" }
        let put =
            "impetus-hub check names what cannot be read; with the hub stopped, put that file of a backup in its place"
        guard path.hasSuffix(".log.sqlite") else { return put }
        return put + ", and impetus-hub accept-log says what it lacks and takes it as it is"
    }
}

/// What is told to whoever runs a hub of an error of a tenant's log or view.
public enum HubWords {
    public static func of(_ error: any Error) -> String { (error as? StoreError)?.hubWords ?? "\(error)" }
}
