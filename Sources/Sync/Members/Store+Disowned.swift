public import Store

/// Whether a hub will ever take an act that a key signs, as far as that is known on this machine: the log names whose key was
/// revoked, and what a hub said last is kept, for while it is away.
extension Store {
    private static let disownedKey = "disowned"

    /// - Throws: `StoreError`.
    public func isDisowned(keyID: String) throws -> Bool {
        try recall(Store.disownedKey) == keyID || isRevoked(keyID: keyID)
    }

    /// Keeps what a hub says of a key; that it says nothing changes nothing. A transaction only where it is news.
    ///
    /// - Throws: `StoreError`.
    public func note(_ status: SyncStatus, ofKey keyID: String) throws {
        let isWelcome =
            switch status.state {
            case .live, .catchingUp: true
            case .starting, .offline, .refused: false
            }
        guard status.isDisowned || isWelcome else { return }
        let isKept = try recall(Store.disownedKey) == keyID
        if status.isDisowned != isKept { try remember(Store.disownedKey, status.isDisowned ? keyID : "") }
    }
}
