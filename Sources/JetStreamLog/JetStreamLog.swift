public import ControlRoom
import Dispatch
import Synchronization

/// A tenant's log on a stream of NATS JetStream, which several hubs may serve and several servers hold.
///
/// Duplicates are told by the hub: it knows the names of all that the stream holds (`Names`), and each message that it publishes expects
/// the stream to end where the hub knows it (`Nats-Expected-Last-Sequence`). Where another hub was first, it reads on and decides
/// anew. So an event stands in the stream once, however late or by whichever hub it is brought again, and what was appended together
/// stands in its order.
///
/// An acknowledged event has been written by a majority of the servers; nats-server 2.9 calls fsync every
/// two minutes, so that it survives the death of any process, and the loss of power where not a majority loses it at once.
public final class JetStreamLog: EventLog {
    let nats: NatsConnection
    let stream: Stream
    let publisher: Publisher
    let tail: Tail
    let names: Names
    let handover: Handover
    let naming: Naming
    /// Held by whoever appends, or reads names on.
    let turn: Mutex<Turn>
    private let indexing = DispatchQueue(label: "names")
    private let isIndexing = Mutex(false)

    /// Source, id and content of an entry, as whoever reads the log finds them in it; nil for what is no event.
    public typealias Naming = @Sendable (LogEntry) -> NewEntry?

    struct Turn {
        /// Batches that were on their way, each a round trip to the servers.
        var rounds = 0
    }

    /// So many entries are read for their names before somebody else gets a turn.
    static let portion = 1_000

    /// Opens the stream of a log, making it where there is none.
    ///
    /// - Parameters:
    ///   - name: of the tenant, or `system`.
    ///   - replicas: servers that hold it.
    ///   - names: the file of this hub in which it keeps which names the stream holds; made where there is none, and made anew
    ///     from the stream where it is damaged or of another stream.
    ///   - naming: tells an event from what somebody else published.
    /// - Throws: `JetStreamFailure`, or what the file of the names says.
    public init(
        _ nats: NatsConnection, name: String, replicas: Int, names: String, naming: @escaping Naming
    ) throws {
        self.nats = nats
        self.naming = naming
        stream = try Stream(nats, log: name, replicas: replicas)
        publisher = try Publisher(nats, subject: stream.subject)
        self.names = try Names(path: names, logID: "\(stream.name)-\(stream.created)")
        turn = Mutex(Turn())
        handover = try Handover(nats, subject: stream.subject)
        tail = try Tail(stream.context, stream: stream.name, subject: stream.subject)
        tail.onAppend { [weak self] in self?.index() }
    }

    deinit {
        tail.close()
        handover.close()
        names.close()
    }

    /// Reads names on beside whoever appends, so that they find few that they do not know.
    private func index() {
        let isFirst = isIndexing.withLock { isIndexing in
            defer { isIndexing = true }
            return !isIndexing
        }
        guard isFirst else { return }
        indexing.async { [weak self] in
            self?.isIndexing.withLock { $0 = false }
            // What fails now is tried with the next message, and by whoever appends.
            while let self, (try? turn.withLock({ _ in try readNames(to: tail.last) })) == true {}
        }
    }

    // MARK: - EventLog

    public var logID: String { "\(stream.name)-\(stream.created)" }

    /// In bytes of a body: what the server takes, and the stream, without what the headers need.
    public var largestEntry: Int { stream.largestMessage(nats) - Publisher.headerBytes }

    public func entry(at sequence: Int64) throws -> LogEntry? { try stream.message(sequence)?.entry }

    public func read(after sequence: Int64, limit: Int) throws -> [LogEntry] {
        if let entries = tail.read(after: sequence, limit: limit) { return entries }
        let last = try lastSequence()
        guard last > sequence else { return [] }
        return try stream.page(from: sequence + 1, count: Int(min(Int64(limit), last - sequence)))
    }

    public func lastSequence() throws -> Int64 { max(tail.last, try stream.info().last) }

    public func firstSequence() throws -> Int64 { max(1, try stream.info().first) }

    public func onAppend(_ body: @escaping @Sendable () -> Void) { tail.onAppend(body) }
}
