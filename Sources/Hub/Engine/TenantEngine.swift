import ControlRoom
import Dispatch
import Feed
import HubCore
import Logging
import Metrics
import NIOCore
import Standards
import Store
import Synchronization
import Tenancy

/// A tenant's feed with the queues that run it: one appends, one tells those who follow, one folds, one copies what is shared. No
/// tenant's work stands in a queue of another's.
final class TenantEngine: Sendable {
    let feed: TenantFeed
    let logID: String
    let frames: Frames<ByteBuffer>
    let now: @Sendable () -> Timestamp
    let logger: Logger
    let register: @Sendable () -> Register
    let deliver: TenantFeed.Outlet
    let appending: DispatchQueue
    private let telling: DispatchQueue
    private let folding: DispatchQueue
    private let reading: DispatchQueue
    private let copying: DispatchQueue
    /// For signatures of many acts at once, which take too long for an event loop.
    let checking: DispatchQueue
    let sharing: DispatchQueue
    let isSharing = Mutex(false)
    let sharingBacklog: Meter
    private let toldHealth = Mutex(LogHealth.good)
    private let toldServed = Mutex(true)
    private let toldRefold = Mutex<String?>(nil)
    private let latest = Mutex<MadeSnapshot?>(nil)
    private let told = Mutex((isDue: false, last: DispatchTime(uptimeNanoseconds: 0)))
    private let isFolding = Mutex(false)
    private let pace = Mutex(FoldPace())
    private let isServed: Meter
    private let lag: Meter
    private let copies: Counter
    let timings: TenantTimings
    let watchers: Watchers
    private let junkEntries: JunkCounter
    private let unbelieved: FindingCounter
    let isWritable: Meter
    let writing = Mutex(WriteHealth())
    let toldWritable = Mutex(true)
    let journal: RefusalJournal
    private let restsUntil = Mutex(DispatchTime(uptimeNanoseconds: 0))

    /// So long the events after a first one are gathered, to be written once for everybody.
    private static let gathering = DispatchTimeInterval.milliseconds(20)
    private static let frameEntries = 500
    private static let frameBytes = 256 << 10
    /// 1 while the tenant is served, else 0.
    static let servedLabel = "impetus_hub_tenant_served"

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
        checking = DispatchQueue(label: "check \(feed.tenant)")
        sharing = DispatchQueue(label: "share \(feed.tenant)")
        sharingBacklog = Meter(
            label: "impetus_hub_sharing_backlog_entries", dimensions: [("tenant", feed.tenant)])
        lag = Meter(label: "impetus_hub_view_lag_seconds", dimensions: [("tenant", feed.tenant)])
        copies = Counter(label: "impetus_hub_snapshots_total", dimensions: [("tenant", feed.tenant)])
        timings = TenantTimings(feed.tenant)
        watchers = Watchers(now: now())
        junkEntries = JunkCounter(feed.tenant)
        unbelieved = FindingCounter(feed.tenant)
        isServed = Meter(label: TenantEngine.servedLabel, dimensions: [("tenant", feed.tenant)])
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
            logger.error(
                "the log could not be read", metadata: ["tenant": "\(feed.tenant)", "error": "\(HubWords.of(error))"])
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
        let wasServed = toldServed.exchange(trouble == nil)
        if wasServed, let trouble {
            logger.error("the tenant is not served", metadata: ["tenant": "\(feed.tenant)", "why": "\(trouble)"])
        } else if !wasServed, trouble == nil {
            logger.notice("the tenant is served again", metadata: ["tenant": "\(feed.tenant)"])
        }
        let after = feed.health
        let before = toldHealth.exchange(after)
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

    /// That the rows stay as another version has folded them is told once.
    private func tellRefold() {
        guard let reason = feed.refoldFailure else { return }
        guard toldRefold.exchange(reason) != reason else { return }
        logger.warning(
            "the view stays as another version folded it", metadata: ["tenant": "\(feed.tenant)", "why": "\(reason)"])
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
                while try foldStretch() {}
            } catch {
                noteFold(error)
            }
        }
    }

    /// - Returns: whether there is more to fold now.
    private func foldStretch() throws -> Bool {
        defer {
            tellHealth()
            lag.set(viewLag)
        }
        let (before, began) = (feed.appender.total, DispatchTime.now())
        let limit = pace.withLock { $0.limit(most: TenantFeed.batch) }
        let isMore = try feed.step(register: register(), now: now(), limit: limit)
        junkEntries.tell(feed.takeJunk(), journal)
        unbelieved.tell(feed.takeFindings(), journal)
        for copy in feed.takeRefusedCopies() {
            journal.note(.cannotShare, ["tenant": copy.from, "receiver": feed.tenant, "error": copy.words])
        }
        noteFold(nil)
        tellRefold()
        share()
        guard isMore else { return false }
        // Five times a second there is nothing to fold, which takes no time.
        timings.fold.recordInterval(since: began)
        let rest = try restAfterStretch(since: began, came: feed.appender.total - before)
        guard let rest else { return true }
        // Whoever asked meanwhile waits as well.
        restsUntil.withLock { $0 = .now() + rest }
        fold()
        return false
    }

    private func restAfterStretch(since began: DispatchTime, came: Int) throws -> Double? {
        let ended = DispatchTime.now()
        let stretch = FoldPace.Stretch(
            ended: Double(ended.uptimeNanoseconds) / 1e9,
            took: Double(ended.uptimeNanoseconds - began.uptimeNanoseconds) / 1e9, came: came,
            total: feed.appender.total, lagSeconds: viewLag, lagEntries: try feed.lag())
        return pace.withLock { $0.rest(after: stretch) }
    }

    /// Seconds that the view is behind the log.
    var viewLag: Double { feed.lagSeconds(at: now()) }

    /// Whoever follows is told to go; what is posted is still taken.
    func sendAway() { frames.close() }

    /// Nothing runs any more when this returns.
    func stop() {
        frames.close()
        appending.sync {}
        telling.sync {}
        folding.sync {}
        checking.sync {}
        sharing.sync {}
        reading.sync {}
    }
}
