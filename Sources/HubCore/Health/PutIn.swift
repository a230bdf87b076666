import ControlRoom
import Feed
import Store
import Trust

/// Which events of a log that is to be taken as it is are not believed, though they would count where it is folded anew:
/// those without a hub's word that an administrator has not vouched for as they are, and those of keys that were revoked,
/// where the log may have lost the place from which on they count for nothing. What this hub has seen so, and believed, is.
struct PutIn {
    private let words: EntryWords?
    private let isOld: Bool
    private let revoked: Set<String>
    /// When a key was revoked, as the view has it.
    private let revokedAt: [String: Timestamp]
    /// Up to here the log is what this hub has seen, or an administrator has named, as a whole.
    private let vouchedThrough: Int64

    /// - Throws: what the log or the view says.
    init(_ ground: LogLoss.Ground, seenBy view: Store?) throws {
        (words, isOld, revoked) = (ground.wire.words, ground.trusted != nil, ground.revoked)
        var times: [String: Timestamp] = [:]
        for identity in try view?.identities() ?? [] { times[identity.keyID] = identity.revoked }
        revokedAt = times
        vouchedThrough = try PutIn.vouched(ground, try view?.base())
    }

    /// - Parameters:
    ///   - seen: the digest that the view has of the place; nil where it has none.
    ///   - members: who counts at this place of the log.
    func holds(_ read: AdmittedEvent, _ entry: LogEntry, seen: [UInt8]?, _ members: KnownMembers?) -> Bool {
        guard read.junk == nil else { return false }
        let isVouched = entry.sequence <= vouchedThrough || seen != nil && seen == read.digest
        if isOld, !isVouched, let words, !words.isSaid(of: entry) { return true }
        guard let keyID = read.event.extensions[EventDigest.keyID], revoked.contains(keyID),
            let members, members.isInForce(keyID: keyID)
        else { return false }
        // It was seen without effect where the key was revoked before.
        return !isVouched || revokedAt[keyID].map { entry.recorded >= $0 } ?? false
    }

    /// The last place at which the head of the chain is known.
    private static func vouched(_ ground: LogLoss.Ground, _ base: LogBase?) throws -> Int64 {
        let heads = [base.map { ($0.sequence, $0.head) }, ground.trusted.map { ($0.sequence, $0.head) }].compactMap(
            \.self)
        let last = heads.map(\.0).max() ?? 0
        let start = ground.start
        var chain = LogChain(sequence: start.sequence, head: start.head) ?? LogChain(logID: start.logID)
        var vouched: Int64 = 0
        while chain.sequence < last {
            let limit = Int(min(LogLoss.page, last - chain.sequence))
            let entries = try ground.log.read(after: chain.sequence, limit: limit)
            guard !entries.isEmpty else { return vouched }
            for entry in entries {
                guard entry.sequence == chain.sequence + 1 else { return vouched }
                chain.add(ground.wire.admitted(entry))
                if heads.contains(where: { $0 == (chain.sequence, chain.head) }) { vouched = chain.sequence }
            }
        }
        return vouched
    }
}
