public import ControlRoom
public import Feed
public import Store
import Trust

/// What a hub has seen of a log and the log does not hold any more: what is lost where the log is taken as it is.
public struct LogLoss: Sendable {
    /// Where the log ends, and the head of its chain there: the same on each hub that finds the same log. Nil where the log's beginning
    /// was archived.
    public private(set) var end: Int64 = 0
    public private(set) var head: String?
    /// Up to where this hub has seen it.
    public private(set) var seen: Int64 = 0
    /// The first place that was seen and holds something else now, or nothing.
    public private(set) var firstDifference: Int64?
    /// Events that the view still keeps, and whose name stands nowhere in the log from the first difference on.
    public private(set) var count = 0
    /// The first of them.
    public private(set) var examples: [Event] = []
    /// The first entry that the log has; those before it were archived.
    public private(set) var first: Int64 = 1

    private static let page = 1_000
    public static let mostExamples = 20

    /// Walks the log and the view beside each other. Takes as long as it takes to read both.
    ///
    /// - Throws: what the log or the view says.
    public init(of log: any EventLog, seenBy view: Store, wire: Wire) throws {
        seen = try view.cursor()?.sequence ?? 0
        first = try log.firstSequence()
        end = first - 1
        var chain = LogChain(logID: try log.logID)
        // Behind the first difference an event may stand at another place than it was seen at.
        var others: Set<String> = []
        while true {
            let entries = try log.read(after: end, limit: LogLoss.page)
            guard let last = entries.last?.sequence else { break }
            let known = try LogLoss.digests(in: view, from: end + 1, to: last)
            for entry in entries {
                let admitted = wire.admitted(entry)
                chain.add(admitted)
                if firstDifference == nil, let digest = known[entry.sequence], digest != admitted.digest {
                    firstDifference = entry.sequence
                }
                if firstDifference != nil, admitted.junk == nil { others.insert(LogLoss.name(of: admitted.event)) }
            }
            end = last
        }
        head = first == 1 ? chain.head : nil
        if firstDifference == nil, seen > end { firstDifference = end + 1 }
        try lookForLost(in: view, others)
    }

    private mutating func lookForLost(in view: Store, _ others: Set<String>) throws {
        guard var place = firstDifference.map({ $0 - 1 }) else { return }
        while case let events = try view.read(after: place, limit: LogLoss.page), let last = events.last?.sequence {
            for event in events where !others.contains(LogLoss.name(of: event)) {
                count += 1
                if examples.count < LogLoss.mostExamples { examples.append(event) }
            }
            place = last
        }
    }

    private static func name(of event: Event) -> String { event.source + "\u{1F}" + event.id }

    /// What the view says of places; of those whose events it has forgotten it says nothing.
    private static func digests(in view: Store, from first: Int64, to last: Int64) throws -> [Int64: [UInt8]] {
        let limit = Int(last - first) + 1
        var digests: [Int64: [UInt8]] = [:]
        for event in try view.read(after: first - 1, limit: limit) {
            guard let sequence = event.sequence, sequence <= last else { break }
            digests[sequence] = LogChain.digest(of: event)
        }
        for ghost in try view.ghosts(after: first - 1, limit: limit) where ghost.sequence <= last {
            digests[ghost.sequence] = ghost.digest
        }
        return digests
    }
}
