public import ControlRoom

/// What was passed over in a log because it is no event, for whoever reports it: all of it counted, the first of it named.
public struct JunkNotes: Equatable, Sendable {
    /// How many entries.
    public private(set) var count = 0
    /// The first of them, at most 20.
    public private(set) var first: [JunkEntry] = []

    private static let mostNamed = 20

    public init() {}

    mutating func add(_ junk: [JunkEntry]) {
        count += junk.count
        first += junk.prefix(max(0, JunkNotes.mostNamed - first.count))
    }
}
