public import ControlRoom

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

/// Entries that are no event.
public typealias JunkNotes = PassedOver<JunkEntry>

/// Events that were kept without effect, because a signature is missing or is not the one of who is said to have made them.
public typealias FindingNotes = PassedOver<LogVerifier.Finding>
