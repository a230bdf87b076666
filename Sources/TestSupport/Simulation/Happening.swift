/// What can happen in a run of the simulation. A test counts that each does.
public enum Happening: String, CaseIterable, Sendable {
    // What sources say.
    case raised, cleared, replaced, cancelled
    /// Of what another source raised first.
    case foreignRaise, foreignClear, foreignReplacement, foreignCancel
    /// A machine posts under another's source.
    case forgedSource
    /// A newer report of the same alarm stands before it in the log.
    case late
    /// More than ten minutes old when it came, or more than ten minutes ahead.
    case old, ahead
    case unknownType, junk
    // What people do, as far as it took effect.
    case acknowledged, verdict, closed, reset, taken, noted
    case shelvedOffline, shelfEndedByTime, shelfEndedByHand
    case outOfService, returned
    case requested, requestedAgain, granted, refused
    case undone
    /// Acts without effect, because of what their author had not seen or may not do.
    case actWithoutEffect, actDenied
    // What becomes of members and tenants.
    case renewed, revoked
    /// An act that stands behind its author's revocation, because it was under way.
    case actBehindRevocation
    case agreed, agreedTwice, agreementEnded, copied, withdrawn
    // What the time brings.
    case escalated, trimmed, olderEventsFilled
}

/// How often each happened.
public struct Happenings: Sendable {
    private var counts: [Happening: Int] = [:]

    public init() {}

    public subscript(_ one: Happening) -> Int { counts[one] ?? 0 }

    public mutating func note(_ one: Happening, _ count: Int = 1) { counts[one, default: 0] += count }

    public mutating func add(_ others: Happenings) { counts.merge(others.counts, uniquingKeysWith: +) }

    /// What never did.
    public var missing: [Happening] { Happening.allCases.filter { self[$0] == 0 } }
}
