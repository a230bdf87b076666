public import Feed
public import Trust

extension EntryWords {
    /// Those of a tenant's log, as the system log says which secret counts where.
    public convenience init(
        _ secret: LogSecret, of tenant: String, logID: String, _ verifier: SystemVerifier, trustedTo: Int64 = 0
    ) {
        let older = verifier.rekeyings.compactMap { change -> Older? in
            guard let through = change.places[tenant], through > 0, let before = secret.named(change.before) else {
                return nil
            }
            return Older(word: before.word(of: logID), through: through)
        }
        self.init(secret.word(of: logID), older: older, trustedTo: trustedTo)
    }
}
