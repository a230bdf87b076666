public import ControlRoom
public import Feed

/// What was passed over in a log, for whoever reports it: all of it counted, the first of it named.
public struct PassedOver<Item: Equatable & Sendable>: Equatable, Sendable {
    /// How many entries.
    public private(set) var count = 0
    /// The first of them, at most 20.
    public private(set) var first: [Item] = []

    private static var mostNamed: Int { 20 }

    public init() {}

    mutating func add(_ items: [Item]) {
        count += items.count
        first += items.prefix(max(0, PassedOver.mostNamed - first.count))
    }
}

/// Events that were kept without effect, because a signature is missing or is not the one of who is said to have made them.
public typealias FindingNotes = PassedOver<LogVerifier.Finding>

/// Entries that are no events, or that no hub vouches for.
public struct JunkNotes: Equatable, Sendable {
    private var all = PassedOver<JunkEntry>()
    /// How many entries bear no hub's word, or, in the system log, no signature of a hub.
    public private(set) var unproved = 0

    /// How many entries are no events.
    public var count: Int { all.count - unproved }

    /// The first of both, at most 20.
    public var first: [JunkEntry] { all.first }

    public init() {}

    mutating func add(_ junk: [JunkEntry]) {
        unproved += junk.count { $0.kind == .unproved }
        all.add(junk)
    }
}
