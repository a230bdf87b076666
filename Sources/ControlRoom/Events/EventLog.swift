/// An ordered log of events, the only thing that is ever true; all else is a fold of it.
///
/// A log gives each event the next sequence number. A second event of the same source and id is told as a duplicate, however late
/// and by whichever process it comes; the same id with other content is told as that. A reader ignores one that stands in a log all
/// the same: logs of before this held, and whoever reaches the servers, can have put it there.
///
/// - Throws: from all that throws here, what the log rests on says: `StoreError` for one in a file, `NatsFailure`,
///   `JetStreamRefusal`, or `StoreError` of its index of names, for one on servers. After an error of `append` a part of the entries may be in the log; to bring all of them again
///   is safe.
public protocol EventLog: Sendable {
    /// Names the log; a reader that meets another log must not go on from its old place.
    var logID: String { get throws }
    /// Appends in order, durably: what is accepted here survives the plug being pulled.
    ///
    /// Where a part fails and all is brought again, entries still stand in the order in which they were brought.
    ///
    /// - Parameter now: becomes the time at which they were recorded, where the log has no clock of its own.
    func append(_ entries: [NewEntry], now: Timestamp) throws -> [Appended]
    /// Bytes of the largest body that it takes now; larger ones are refused, alone. No bound of its own: `Int.max`.
    var largestEntry: Int { get }
    /// Entries after a sequence number, at most `limit`, in order; fewer where they are large: some megabytes, or one that is
    /// larger. Empty only at the end.
    func read(after sequence: Int64, limit: Int) throws -> [LogEntry]
    /// The entry of a sequence as whoever decides over the log has it now, past all that is kept in memory; nil where there is
    /// none. Fails where nobody can decide: a cluster without a majority.
    func entry(at sequence: Int64) throws -> LogEntry?
    /// The sequence of the last entry; 0 for an empty log.
    func lastSequence() throws -> Int64
    /// The sequence of the first entry that is still there; older ones were archived. 1 for an empty log.
    func firstSequence() throws -> Int64
    /// Says how events are told from what else may stand in the log, before the first `append`. A log that nobody reaches but its hubs need
    /// not know it.
    func name(by naming: @escaping EventNaming)
    /// Calls `body` after each append to this object that brought something, on any thread; where the log is on servers, also after
    /// what others append. Whoever shares a file with other processes looks for what they appended.
    func onAppend(_ body: @escaping @Sendable () -> Void)
}

extension EventLog {
    public var largestEntry: Int { .max }

    public func name(by naming: @escaping EventNaming) {}
}

/// An event of a log as it was brought, read from its entry; nil for what is no event, or none of a hub's: that takes no event's name.
public typealias EventNaming = @Sendable (LogEntry) -> NewEntry?

/// An event on its way into a log: written once, as JSON without what the log gives it.
public struct NewEntry: Equatable, Sendable {
    /// Source and id, which are unique together. In the system log the id holds the signature: the same fact signed
    /// anew is another entry, which its reader passes over.
    public var source: String
    public var id: String
    /// A CloudEvent in its JSON format, without `sequence` and `recordedtime`.
    public var body: [UInt8]
    /// Tells a second event from another of the same name.
    public var content: ContentHash
    /// What the event has as `data`, as it came: entries that an older version has kept are compared by it alone.
    public var data: [UInt8]

    public init(source: String, id: String, body: [UInt8], content: ContentHash, data: [UInt8] = []) {
        self.source = source
        self.id = id
        self.body = body
        self.content = content
        self.data = data
    }
}

/// An event in its place in a log.
public struct LogEntry: Equatable, Sendable {
    public var sequence: Int64
    public var recorded: Timestamp
    public var body: [UInt8]

    public init(sequence: Int64, recorded: Timestamp, body: [UInt8]) {
        self.sequence = sequence
        self.recorded = recorded
        self.body = body
    }
}

/// What a log did with an entry.
public enum Appended: Equatable, Sendable {
    case accepted(sequence: Int64)
    case duplicate
    /// The id is known with other content; the first one stands.
    case conflicting
    /// The log cannot hold it, for a reason that stays; those beside it are not held up.
    case refused(String)
}

/// What became of an event that was handed to a store.
public enum Admission: Equatable, Sendable {
    case accepted(sequence: Int64, outcome: Outcome)
    case duplicate
    /// The id is known with other bytes; the first one stands.
    case conflicting
    case rejected(reason: String)

    public var isAccepted: Bool {
        if case .accepted = self { return true }
        return false
    }
}
