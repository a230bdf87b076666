public import Store

extension SyncStatus {
    /// Whether a hub takes the certificate by which it was asked; nil as long as none has said that it does, or that it was
    /// revoked. That one could not be reached, or refused for any other reason, says nothing.
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
    /// A name for each key: several people of a tenant share a store.
    private static func disownedName(_ keyID: String) -> String { "revoked." + keyID }

    /// - Throws: `StoreError`.
    public func isDisowned(keyID: String) throws -> Bool {
        try isNoted(keyID) || isRevoked(keyID: keyID)
    }

    /// Keeps what a hub says of a key. A transaction only where it is news.
    ///
    /// - Throws: `StoreError`.
    public func note(isWelcome: Bool, keyID: String) throws {
        if isWelcome == (try isNoted(keyID)) { try remember(Store.disownedName(keyID), isWelcome ? "" : "yes") }
    }

    private func isNoted(_ keyID: String) throws -> Bool { try recall(Store.disownedName(keyID)) == "yes" }
}
