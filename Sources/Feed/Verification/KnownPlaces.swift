public import ControlRoom
public import Store
public import Trust

extension Store.Cursor {
    /// From where on a log is kept.
    public static func base(_ base: LogBase, of logID: String) -> Store.Cursor {
        base.sequence == 0
            ? .start(of: logID) : Store.Cursor(logID: logID, sequence: base.sequence, head: base.head)
    }

    /// Before the first event of a log.
    public static func start(of logID: String) -> Store.Cursor {
        Store.Cursor(logID: logID, sequence: 0, head: LogChain(logID: logID).head)
    }
}

extension KnownMembers {
    /// Everybody whom a store knows, and whose certificate was taken back.
    ///
    /// - Parameter time: what was known then, for a log that is read from there on. A hub signs before its own certificate stands
    ///   in the log, and is known always.
    public convenience init(authority: AuthorityCertificate, known: [Store.KnownIdentity], at time: Timestamp? = nil) {
        self.init(authority: authority)
        for identity in known {
            let isKnown = time.map { identity.enrolled <= $0 } ?? true
            if isKnown || identity.role == Role.hub.rawValue { learn(pem: identity.certificate) }
            // Also of a key whose certificate came behind its revocation.
            guard let revoked = identity.revoked, time.map({ revoked <= $0 }) ?? true else { continue }
            revoke(keyID: identity.keyID)
        }
    }
}
