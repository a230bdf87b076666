public import ControlRoom
import Dispatch
public import Nats
import Synchronization

/// A tenant's log on a stream of NATS JetStream, which several hubs may serve and several servers hold.
///
/// Duplicates are told by the hub: it knows the names of all that the stream holds (`Names`), and each batch or message that it publishes
/// expects the stream to end where the hub knows it (`Nats-Expected-Last-Sequence`). Where another hub was first, it reads on and decides
/// anew. So an event stands in the stream once, however late or by whichever hub it is brought again, and what was appended together
/// stands in its order.
///
/// An acknowledged event has been written by a majority of the servers; they call fsync every two minutes: a majority that loses
/// power at once loses what came since. After servers were killed, 2.9.10 has brought back copies that differed (README).
///
/// - Throws: `NatsFailure`, from all that throws here, or what the file of the names says. Waits for servers up to 5 s for
///   each of their answers, of which an append can want many: call nothing of it on a thread that others wait for.
public final class JetStreamLog: EventLog {
    let nats: NatsConnection
    let stream: Stream
    let publisher: Publisher
    let tail: Tail
    let names: Names
    let handover: Handover
    /// Held by whoever appends, or reads names on.
    let turn: Mutex<Turn>
    private let indexing = DispatchQueue(label: "names")
    private let isIndexing = Mutex(false)
    private let naming = Mutex(Naming())

    /// A function that stands in a `Mutex` by itself is wrapped anew at each look.
    private struct Naming { var body: EventNaming? }

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
    ///   - makeSecret: asked when the file of the names is made, for the key of its hashes.
    /// - Throws: `NatsFailure`, or what the file of the names says.
    public init(
        _ nats: NatsConnection, name: String, replicas: Int, names: String, makeSecret: () -> String
    ) throws {
        self.nats = nats
        stream = try Stream(nats, log: name, replicas: replicas)
        publisher = Publisher(nats, stream)
        self.names = try Names(path: names, logID: "\(stream.name)-\(stream.created)", secret: makeSecret())
        turn = Mutex(Turn())
        handover = try Handover(nats, subject: stream.subject)
        tail = try Tail(nats, stream: stream.name)
        // Never held on the connection's thread: whoever lets go last waits for the servers.
        let indexing = indexing
        tail.onAppend { [weak self] in indexing.async { [weak self] in self?.index() } }
    }

    public func name(by naming: @escaping EventNaming) {
        self.naming.withLock { $0.body = naming }
        index()
    }

    /// - Throws: `NatsFailure` before `name(by:)`: which names are taken depends on it.
    func knownNaming() throws -> EventNaming {
        guard let naming = naming.withLock({ $0.body }) else {
            throw NatsFailure("it is not known yet which entries of \(stream.name) are events")
        }
        return naming
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
            do {
                while let self, try turn.withLock({ _ in try readNames(to: tail.last) }) {}
            } catch {
                self?.indexLater()
            }
        }
    }

    /// Where nothing is appended, no message comes that would try again.
    private func indexLater() { indexing.asyncAfter(deadline: .now() + 1) { [weak self] in self?.index() } }

    // MARK: - EventLog

    public var logID: String { "\(stream.name)-\(stream.created)" }

    /// In bytes of a body: what the server takes, and the stream, without what the headers need.
    public var largestEntry: Int { stream.largestMessage - Publisher.headerBytes }

    /// From the stream's leader, past what is kept in memory.
    public func entry(at sequence: Int64) throws -> LogEntry? { try stream.message(sequence)?.entry }

    /// From what is kept in memory of the end, or from the servers: a page is bounded in bytes.
    public func read(after sequence: Int64, limit: Int) throws -> [LogEntry] {
        if let entries = tail.read(after: sequence, limit: limit) { return entries }
        let last = try lastSequence()
        guard last > sequence else { return [] }
        return try stream.page(from: sequence + 1, count: Int(min(Int64(limit), last - sequence)))
    }

    /// Asks the servers, and never says less than what has come to this process.
    public func lastSequence() throws -> Int64 { max(tail.last, try stream.info().last) }

    /// Asks the servers.
    public func firstSequence() throws -> Int64 { max(1, try stream.info().first) }

    public func onAppend(_ body: @escaping @Sendable () -> Void) { tail.onAppend(body) }
}
