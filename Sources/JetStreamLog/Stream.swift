import ControlRoom
import Nats
import Synchronization

/// A stream on the servers: made where there is none, asked, and read.
final class Stream: Sendable {
    let name: String
    let subject: String
    /// When it was made, in nanoseconds since 1970, which tells it from another of the same name.
    let created: Int64
    private let nats: NatsConnection
    private let mostOfConfiguration: Int?
    private let batches: Mutex<Bool>
    /// Pages that are read without a consumer, after one did not answer.
    private let distrust = Mutex(0)

    /// A consumer answers at once, or its server is down.
    private static let consumerMilliseconds = 1_000
    private static let pagesOneByOne = 10
    private static let mostOneByOne = 500
    private static let wave = 32
    /// Of the bodies that one look at the stream brings, past the first.
    static let pageBytes = 4 << 20
    static let pageEntries = 5_000

    /// - Parameters:
    ///   - log: the name of the log.
    ///   - replicas: servers that hold it.
    /// - Throws: `NatsFailure`, `JetStreamRefusal`.
    init(_ nats: NatsConnection, log: String, replicas: Int) throws {
        self.nats = nats
        name = "IMPETUS_" + log
        subject = "impetus." + log
        try Stream.make(nats, name, subject, replicas)
        let answer = try Stream.askInfo(nats, name)
        batches = Mutex(try Stream.takesBatches(nats, name, known: answer))
        let info = try StreamInfo(answer)
        created = info.created
        mostOfConfiguration = info.largestMessage > 0 ? Int(info.largestMessage) : nil
    }

    /// What is there already counts, also with other replicas.
    private static func make(_ nats: NatsConnection, _ name: String, _ subject: String, _ replicas: Int) throws {
        let configuration = JetStreamAPI.object { stream in
            stream.member("name", name)
            stream.member("subjects", [subject])
            stream.member("retention", "limits")
            stream.member("storage", "file")
            stream.member("num_replicas", replicas)
            stream.member("discard", "new")
            stream.member("deny_delete", true)
            stream.member("deny_purge", true)
            stream.member("allow_direct", true)
        }
        do {
            _ = try JetStreamAPI.askPatiently(nats, "STREAM.CREATE." + name, configuration)
        } catch let refusal as JetStreamRefusal where refusal.code == JetStreamRefusal.exists {
        }
    }

    /// Whether it takes atomic batches.
    var isAtomic: Bool { batches.withLock { $0 } }

    /// A server that leads it now is older than those that were asked. Until it is opened anew, each message expects the one before it.
    func takesNoBatches() { batches.withLock { $0 = false } }

    // MARK: - Asking

    /// What the stream's leader says.
    ///
    /// - Throws: `NatsFailure`, also where nobody leads; `JetStreamRefusal`.
    func info() throws -> StreamInfo { try StreamInfo(Stream.askInfo(nats, name)) }

    private static func askInfo(_ nats: NatsConnection, _ name: String) throws -> [UInt8] {
        try JetStreamAPI.ask(nats, "STREAM.INFO." + name)
    }

    /// Bytes of the largest message, its headers included, that the server takes to which the connection leads now.
    var largestMessage: Int { min(nats.largestPayload, mostOfConfiguration ?? nats.largestPayload) }

    /// Asks the stream's leader; one that has lost its majority steps down within some ten seconds, and then nobody answers.
    ///
    /// - Returns: nil where there is none.
    /// - Throws: `NatsFailure`, `JetStreamRefusal`.
    func message(_ sequence: Int64) throws -> StreamMessage? {
        guard sequence > 0 else { return nil }
        do {
            let answer = try JetStreamAPI.ask(
                nats, "STREAM.MSG.GET." + name, JetStreamAPI.object { $0.member("seq", Int(sequence)) })
            guard let message = StreamMessage(answer, sequence: sequence) else {
                throw NatsFailure("NATS: message \(sequence) cannot be read")
            }
            return message
        } catch let refusal as JetStreamRefusal where refusal.code == JetStreamRefusal.noMessage {
            return nil
        }
    }

    // MARK: - Reading

    /// What stands from a place on, or from the stream's beginning where that lies behind it; at most `pageBytes`, or one that is larger.
    ///
    /// A page ends before a gap, and is empty behind the end of the stream.
    ///
    /// - Throws: `NatsFailure` where nothing came, or the first message is missing and others stand behind it.
    func page(from first: Int64, count: Int) throws -> [LogEntry] {
        let isTrusted = distrust.withLock { left in
            defer { left = max(0, left - 1) }
            return left == 0
        }
        if isTrusted {
            let entries = consumed(from: first, count: count)
            if let found = entries.first?.sequence, try found == first || found == info().first { return entries }
            distrust.withLock { $0 = Stream.pagesOneByOne }
        }
        return try oneByOne(from: first, count: count)
    }

    /// By a consumer, which may have been given to a server that is down: then nothing comes.
    private func consumed(from first: Int64, count: Int) -> [LogEntry] {
        let inbox = Consumer.Inbox()
        guard let mailbox = try? Mailbox(nats, subject: inbox.subject) else { return [] }
        defer { mailbox.close() }
        guard
            let consumer = try? Consumer(
                nats, stream: name, from: .sequence(first), to: inbox, isPushed: false,
                milliseconds: Stream.consumerMilliseconds)
        else { return [] }
        defer { consumer.end() }
        let most = min(count, Stream.pageEntries)
        guard (try? consumer.send(most, bytes: Stream.pageBytes)) != nil else { return [] }
        var entries: [LogEntry] = []
        // Behind the last comes a word that there are no more; behind a gap the next look begins.
        while entries.count < most, let entry = mailbox.next(milliseconds: Stream.consumerMilliseconds),
            entry.sequence == entries.last.map({ $0.sequence + 1 }) ?? entry.sequence
        {
            entries.append(entry)
        }
        return entries
    }

    /// From the stream's leader, some at once: slower, and all that is needed is that somebody leads. Also for one that is larger than
    /// a page.
    private func oneByOne(from first: Int64, count: Int) throws -> [LogEntry] {
        guard let head = try message(first)?.entry else { return try behindHole(at: first, count: count) }
        var (page, bytes) = ([head], head.body.count)
        let most = min(count, Stream.mostOneByOne)
        while page.count < most {
            let wave = try messages(from: first + Int64(page.count), count: min(Stream.wave, most - page.count))
            for message in wave {
                guard let entry = message?.entry, bytes + entry.body.count <= Stream.pageBytes else { return page }
                page.append(entry)
                bytes += entry.body.count
            }
        }
        return page
    }

    /// Where there is no message, the stream ends before it, or begins behind it. Anything else is damage.
    private func behindHole(at first: Int64, count: Int) throws -> [LogEntry] {
        let info = try info()
        if first > info.last || info.first > info.last { return [] }
        guard first < info.first else {
            throw NatsFailure("NATS: message \(first) is missing in \(name), which goes on to \(info.last)")
        }
        guard try message(info.first) != nil else {
            throw NatsFailure("NATS: message \(info.first), the first of \(name), is missing")
        }
        return try oneByOne(from: info.first, count: count)
    }

    /// One round trip for all of them; nil in place of what did not come.
    private func messages(from first: Int64, count: Int) throws -> [StreamMessage?] {
        let places = (0..<Int64(count)).map { first + $0 }
        let questions = places.map { place in
            OutgoingMessage(
                subject: "$JS.API.STREAM.MSG.GET." + name, body: JetStreamAPI.object { $0.member("seq", Int(place)) })
        }
        let answers = try nats.request(questions, milliseconds: JetStreamAPI.waitMilliseconds)
        return zip(places, answers).map { place, answer in
            (try? answer.get()).flatMap { StreamMessage($0.body, sequence: place) }
        }
    }
}
