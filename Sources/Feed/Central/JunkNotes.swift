public import ControlRoom

/// What was passed over in a log because it is no event, or no hub vouches for it, for whoever reports it: all of it counted, the
/// first of it named.
public struct JunkNotes: Equatable, Sendable {
    /// How many entries are no events.
    public private(set) var count = 0
    /// How many entries bear no hub's word, or, in the system log, no signature of a hub.
    public private(set) var unproved = 0
    /// The first of them, at most 20.
    public private(set) var first: [JunkEntry] = []

    private static let mostNamed = 20

    public init() {}

    mutating func add(_ junk: [JunkEntry]) {
        let found = junk.count { $0.kind == .unproved }
        unproved += found
        count += junk.count - found
        first += junk.prefix(max(0, JunkNotes.mostNamed - first.count))
    }
}
