public import Store

extension SyncStatus {
    /// Whether a hub takes the certificate by which it was asked; nil as long as none has said anything of it.
    public var isWelcome: Bool? {
        if isDisowned { return false }
        switch state {
        case .live, .catchingUp: return true
        case .starting, .offline, .refused: return nil
        }
    }
}

/// Whether a hub will ever take an act that a key signs, as far as that is known on this machine: the log names whose key was
/// revoked, and what a hub said last is kept, for while it is away.
extension Store {
    private static let disownedKey = "disowned"

    /// - Throws: `StoreError`.
    public func isDisowned(keyID: String) throws -> Bool {
        try recall(Store.disownedKey) == keyID || isRevoked(keyID: keyID)
    }

    /// Keeps what a hub says of a key. A transaction only where it is news.
    ///
    /// - Throws: `StoreError`.
    public func note(isWelcome: Bool, keyID: String) throws {
        let isKept = try recall(Store.disownedKey) == keyID
        if isWelcome == isKept { try remember(Store.disownedKey, isWelcome ? "" : keyID) }
    }
}
