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

extension Directory {
    /// Everybody whom a store knows, and whose certificate was taken back.
    public convenience init(authority: AuthorityCertificate, known: [Store.KnownIdentity]) {
        self.init(authority: authority)
        for identity in known {
            learn(pem: identity.certificate)
            if identity.revoked != nil { revoke(keyID: identity.keyID) }
        }
    }
}
