import ControlRoom
import Dispatch
import Feed
import Logging
import Metrics
import NIOCore
import Standards
import Store
import Synchronization

/// A tenant's feed with the queues that run it: one appends, one tells those who follow, one folds and forwards.
final class TenantEngine: Sendable {
    let feed: TenantFeed
    let logID: String
    let frames: Frames<ByteBuffer>
    let now: @Sendable () -> Timestamp
    let logger: Logger
    private let register: @Sendable () -> Register
    private let deliver: TenantFeed.Outlet
    let appending: DispatchQueue
    private let telling: DispatchQueue
    private let folding: DispatchQueue
    private let reading: DispatchQueue
    private let copying: DispatchQueue
    private let toldHealth = Mutex(LogHealth.good)
    private let toldServed = Mutex(true)
    private let latest = Mutex<MadeSnapshot?>(nil)
    private let told = Mutex((isDue: false, last: DispatchTime(uptimeNanoseconds: 0)))
    private let isFolding = Mutex(false)
    private let isBusy = Atomic(false)
    private let isServed: Meter
    private let copies: Counter
    let timings: TenantTimings
    let watchers: Watchers
    private let junkEntries: JunkCounter
    let isWritable: Meter
    let writing = Mutex(WriteHealth())
    let toldWritable = Mutex(true)
    let journal: RefusalJournal
    private let restsUntil = Mutex(DispatchTime(uptimeNanoseconds: 0))

    /// So long the events after a first one are gathered, to be written once for everybody.
    private static let gathering = DispatchTimeInterval.milliseconds(20)
    private static let frameEntries = 500
    private static let frameBytes = 256 << 10
    /// Entries that come during one stretch of folding, from which on posting goes first: folding then rests many times as
    /// long as it worked, as long as it is not too far behind.
    private static let busyEntries = 40
    private static let shortStretch = 200
    private static let breathers = 25.0
    private static let mostLag: Int64 = 500_000

    init(
        _ feed: TenantFeed, now: @escaping @Sendable () -> Timestamp, logger: Logger, journal: RefusalJournal,
        register: @escaping @Sendable () -> Register, deliver: @escaping TenantFeed.Outlet
    ) throws {
        self.feed = feed
        self.now = now
        self.logger = logger
        self.journal = journal
        self.register = register
        self.deliver = deliver
        let logID = try feed.log.logID
        self.logID = logID
        frames = Frames(last: try feed.log.lastSequence()) { [wire = feed.wire] in
            TenantEngine.render($0, logID, wire)
        }
        appending = DispatchQueue(label: "append \(feed.tenant)")
        telling = DispatchQueue(label: "tell \(feed.tenant)")
        folding = DispatchQueue(label: "fold \(feed.tenant)")
        reading = DispatchQueue(label: "read \(feed.tenant)")
        copying = DispatchQueue(label: "copy \(feed.tenant)")
        copies = Counter(label: "impetus_hub_snapshots_total", dimensions: [("tenant", feed.tenant)])
        timings = TenantTimings(feed.tenant)
        watchers = Watchers(now: now())
        junkEntries = JunkCounter(feed.tenant)
        isServed = Meter(label: "impetus_hub_tenant_served", dimensions: [("tenant", feed.tenant)])
        isWritable = Meter(label: "impetus_hub_tenant_writable", dimensions: [("tenant", feed.tenant)])
        isWritable.set(1)
        feed.compare(now: now())
        tellHealth()
        feed.log.onAppend { [weak self] in self?.stirred() }
    }

    private func stirred() {
        tellSoon()
        fold()
    }

    func drain() {
        appending.async { [self] in
            while true {
                let (began, before) = (DispatchTime.now(), feed.appender.total)
                let isMore = feed.appender.drain(now: now())
                if feed.appender.total > before { timings.append.recordInterval(since: began) }
                noteAppend()
                guard isMore else { return }
            }
        }
    }

    // MARK: - Telling

    private func tellSoon() {
        let wait: DispatchTime? = told.withLock { told in
            guard !told.isDue else { return nil }
            told.isDue = true
            return max(DispatchTime.now(), told.last + TenantEngine.gathering)
        }
        guard let wait else { return }
        telling.asyncAfter(deadline: wait) { [self] in
            told.withLock { $0 = (false, .now()) }
            tell()
        }
    }

    private func tell() {
        do {
            while true {
                let entries = try feed.log.read(after: frames.last, limit: TenantEngine.frameEntries)
                guard !entries.isEmpty else { return }
                for frame in TenantEngine.cut(entries) { frames.publish(Array(frame)) }
            }
        } catch {
            logger.error("the log could not be read", metadata: ["tenant": "\(feed.tenant)", "error": "\(error)"])
        }
    }

    /// Stretches of at most `frameBytes`, or of one entry that is larger: whoever stops reading in the middle of a frame keeps
    /// no more than it in memory.
    private static func cut(_ entries: [LogEntry]) -> [ArraySlice<LogEntry>] {
        var (cut, start, bytes) = ([ArraySlice<LogEntry>](), 0, 0)
        for (index, entry) in entries.enumerated() {
            if index > start, bytes + entry.body.count > frameBytes {
                cut.append(entries[start..<index])
                (start, bytes) = (index, 0)
            }
            bytes += entry.body.count
        }
        cut.append(entries[start...])
        return cut
    }

    /// Entries as a stream carries them: what is no event as one of the type `junk`, by its digest.
    static func render(_ entries: [LogEntry], _ logID: String, _ wire: Wire) -> ByteBuffer {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(entries.reduce(0) { $0 + $1.body.count + 160 })
        for entry in entries {
            let sequence = Timestamp.padded(entry.sequence, CloudEventWriter.sequenceWidth)
            let travelling = wire.travelling(entry)
            var type: String?
            if case .junk = travelling { type = "junk" }
            EventStream.write(id: logID + ":" + sequence, type: type, data: travelling.json, to: &bytes)
        }
        return ByteBuffer(bytes: bytes)
    }

    /// What a follower that has fallen behind reads; empty at the end.
    ///
    /// - Parameters:
    ///   - limit: entries, at most.
    ///   - bytes: of their bodies, at most; the first entry is there whatever its size.
    /// - Throws: what the log says.
    func page(after sequence: Int64, limit: Int, bytes: Int) async throws -> [LogEntry] {
        try await read { feed in
            var taken = 0
            let entries = try feed.log.read(after: sequence, limit: limit)
            let fitting = entries.prefix { entry in
                taken += entry.body.count
                return taken <= bytes
            }
            return fitting.isEmpty ? Array(entries.prefix(1)) : Array(fitting)
        }
    }

    /// One that was made serves all who start within its age: however often it is asked for, the view is copied only after that.
    ///
    /// - Throws: what the view or the disk says.
    func snapshot(by central: Central) async throws -> Snapshot {
        try await withCheckedThrowingContinuation { continuation in
            copying.async { [self] in
                let (time, known) = (now(), latest.withLock { $0 })
                if let known, known.serves(at: time, firstOfLog: try? feed.log.firstSequence()) {
                    return continuation.resume(returning: known.snapshot)
                }
                let began = DispatchTime.now().uptimeNanoseconds
                continuation.resume(
                    with: Result {
                        let made = try Snapshot(of: feed, by: central)
                        let took = Double(DispatchTime.now().uptimeNanoseconds - began) / 1e9
                        latest.withLock { $0 = MadeSnapshot(snapshot: made, made: time, seconds: took) }
                        copies.increment()
                        return made
                    })
            }
        }
    }

    /// Runs what takes its time and reads the log or the view.
    func read<Value: Sendable>(_ body: @escaping @Sendable (TenantFeed) throws -> Value) async throws -> Value {
        try await withCheckedThrowingContinuation { continuation in
            reading.async { [self] in continuation.resume(with: Result { try body(feed) }) }
        }
    }

    // MARK: - Health

    /// Why nobody can be served now.
    var trouble: String? { feed.trouble(at: now()) }

    /// What folding found out of the log, told once; whoever follows looks whether they are still served.
    private func tellHealth() {
        let trouble = trouble
        isServed.set(trouble == nil ? 1 : 0)
        if trouble != nil { frames.wakeAll() }
        let wasServed = toldServed.withLock { told in
            defer { told = trouble == nil }
            return told
        }
        if wasServed, let trouble {
            logger.error("the tenant is not served", metadata: ["tenant": "\(feed.tenant)", "why": "\(trouble)"])
        } else if !wasServed, trouble == nil {
            logger.notice("the tenant is served again", metadata: ["tenant": "\(feed.tenant)"])
        }
        let after = feed.health
        let before = toldHealth.withLock { told in
            defer { told = after }
            return told
        }
        switch (before, after) {
        case (.good, .unreachable(_, let reason)):
            logger.warning("the log does not answer", metadata: ["tenant": "\(feed.tenant)", "error": "\(reason)"])
        case (.unreachable, .good): logger.notice("the log answers again", metadata: ["tenant": "\(feed.tenant)"])
        case (.altered, .altered): break
        case (_, .altered(let what)):
            logger.critical(
                "the log is not the one that this hub has seen; the tenant is not served; see impetus-hub accept-log --help",
                metadata: ["tenant": "\(feed.tenant)", "what": "\(what)", "view": "\(feed.view.path)"])
        default: break
        }
    }

    // MARK: - Folding

    /// At most one round waits, however often it is asked for.
    func fold() {
        let isFirst = isFolding.withLock { isFolding in
            defer { isFolding = true }
            return !isFolding
        }
        guard isFirst else { return }
        foldNow(at: .now())
    }

    private func foldNow(at time: DispatchTime) {
        folding.asyncAfter(deadline: time) { [self] in
            let rest = restsUntil.withLock { $0 }
            guard rest <= .now() else { return foldNow(at: rest) }
            isFolding.withLock { $0 = false }
            do {
                while true {
                    defer { tellHealth() }
                    let (start, before) = (now(), feed.appender.total)
                    let limit = isBusy.load(ordering: .relaxed) ? TenantEngine.shortStretch : TenantFeed.batch
                    let began = DispatchTime.now()
                    let isMore = try feed.step(register: register(), now: start, limit: limit, outlet: deliver)
                    junkEntries.tell(feed.takeJunk(), journal)
                    // Five times a second there is nothing to fold, which takes no time.
                    if isMore { timings.fold.recordInterval(since: began) }
                    guard isMore else {
                        return noteFold(nil)
                    }
                    noteFold(nil)
                    // Who posts waits for an answer; what is folded may follow behind, but not for ever.
                    let hasCome = feed.appender.total - before
                    isBusy.store(hasCome > TenantEngine.busyEntries, ordering: .relaxed)
                    if hasCome > TenantEngine.busyEntries, try feed.lag() < TenantEngine.mostLag {
                        return foldLater(after: now().seconds(since: start) * TenantEngine.breathers)
                    }
                }
            } catch {
                noteFold(error)
            }
        }
    }

    private func foldLater(after seconds: Double) {
        // Whoever asked meanwhile waits as well.
        restsUntil.withLock { $0 = .now() + max(0.02, min(1, seconds)) }
        fold()
    }

    /// Whoever follows is told to go; what is posted is still taken.
    func sendAway() { frames.close() }

    /// Nothing runs any more when this returns.
    func stop() {
        frames.close()
        appending.sync {}
        telling.sync {}
        folding.sync {}
        reading.sync {}
    }
}
