public import ControlRoom
public import Tenancy

/// What a tenant gives to others.
extension TenantFeed {
    /// Who could not be given their copies, and why.
    public struct SharingTrouble: Equatable, Sendable {
        public var receiver: String
        public var reason: String
    }

    /// Copies the next stretch of what is shared into the logs of the receivers, as far as the view has come. May run beside
    /// `step`, on one thread at a time; each receiver has a place of its own, and one that cannot be served is tried again after
    /// one to ten seconds.
    ///
    /// - Parameter limit: entries of the log for each place from which receivers go on.
    /// - Returns: whether there is more at once, and who could not be served now.
    /// - Throws: what the view says.
    public func share(
        register: Register, now: Timestamp, limit: Int = sharingBatch, outlet: Outlet
    ) throws -> (isMore: Bool, troubles: [SharingTrouble]) {
        guard mayBeShared else { return (false, []) }
        let folded = now.adding(seconds: -lagSeconds(at: now))
        let round = try sharing.step(register, now: now, folded: folded, limit: limit, outlet)
        return (round.isMore, round.troubles)
    }

    /// Entries that the receiver that is furthest behind has not been served yet.
    ///
    /// - Throws: `StoreError`.
    public func sharingBacklog() throws -> Int64 { try sharing.backlog() }

    /// Whether the view knows from which place of the log an agreement holds.
    func hasBegun(_ agreement: String) throws -> Bool { try sharing.hasBegun(agreement) }

    /// The agreements that hold as far as the view has come.
    func runningAgreements() throws -> [String] { try sharing.running() }
}
