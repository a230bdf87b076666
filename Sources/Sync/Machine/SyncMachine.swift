public import ControlRoom
public import Feed
public import Store
import Trust

/// The whole of how a console keeps in step with its hubs, without network, disk or clock: what happened goes in, what is to
/// be done comes out. The shell does it, and says how it went.
public struct SyncMachine: Sendable {
    /// What happened, as the shell tells it.
    public enum Input: Sendable {
        /// The time that was asked for has come.
        case timer
        /// The hub opened the stream; its log, and that log's end.
        case opened(logID: String)
        /// Events of the stream, in order, each with its sequence, as `LogVerifier.read` makes them.
        case received([AdmittedEvent])
        case heartbeat(hub: Timestamp, last: Int64)
        /// The hub's view of the log is so many seconds behind; 0 where it is so no more.
        case behind(seconds: Int)
        case closed(reason: String)
        /// The hub serves, and warns of something about itself.
        case warned(String)
        /// - Parameter isDisowned: a hub that has shown who it is says that the certificate was revoked.
        case refused(reason: String, isDisowned: Bool = false)
        /// Somebody put acts into the outbox.
        case outboxChanged
        /// The hub has answered for acts up to this position; whether more wait behind them.
        case posted(upTo: Int64, more: Bool)
        /// The hub wants to be posted to again after so many seconds at the earliest, where it says so.
        case postFailed(reason: String, after: Int? = nil)
        /// Older events were kept, and more of them come.
        case filling(BackFill)
        /// No more of them come for now; what is missing still.
        case filled(BackFill?)
        /// - Parameter isFinal: to ask again would be in vain.
        case fillFailed(reason: String, isFinal: Bool)
    }

    /// What the shell is to do, in the order in which actions are given.
    public enum Action: Equatable, Sendable {
        case open(hub: String, after: Store.Cursor?)
        case close
        /// Keep these, and move on to the cursor, in one transaction.
        case keep([AdmittedEvent], Store.Cursor)
        case post(hub: String, after: Int64, resending: Bool)
        /// Read these older events, behind all else, and keep them.
        case fill(hub: String, BackFill)
        case wake(at: Timestamp)
        case tell(SyncStatus)
    }

    private enum Stream: Equatable {
        case down(until: Timestamp)
        case opening
        case open
        case over
    }

    private enum Sending: Equatable {
        case idle
        case underWay
        case down(until: Timestamp)

        /// Whether the pause after a failure is over. A clock that was set back does not make it longer.
        func isOver(_ now: Timestamp) -> Bool {
            guard case .down(let until) = self else { return false }
            return now >= until || until.seconds(since: now) > 60
        }
    }

    public private(set) var status: SyncStatus
    private let hubs: [String]
    private var hub = 0
    private var cursor: Store.Cursor?
    private var verifier: LogVerifier?
    private let makeVerifier: @Sendable (Store.Cursor) -> LogVerifier
    private var stream = Stream.down(until: Timestamp(milliseconds: 0))
    private var sending = Sending.idle
    private var filling = Sending.idle
    /// Acts to be sent, from this position on, those that were sent before included.
    private var resending = true
    private var sentUpTo: Int64 = 0
    private var isOutboxStirred = true
    private var backoff = Backoff()
    private var postBackoff = Backoff()
    private var fillBackoff = Backoff()
    private var chance: SeededChance
    private var hubLast: Int64 = 0
    private var gaps = 0
    /// When the hub was last heard on the open stream.
    private var heard = Timestamp(milliseconds: 0)

    /// Without a word for so long, a stream counts as cut.
    public static let silenceSeconds = 15.0

    /// Until whoever refused us is asked again.
    private static let refusedSeconds = 30.0

    /// - Parameters:
    ///   - hubs: URLs, the preferred first; never empty.
    ///   - cursor: up to where the store has come; nil for a store that follows no log yet.
    ///   - backFill: what it has not got yet of what was before.
    ///   - heard: when the hub was last heard, by whoever ran before.
    public init(
        hubs: [String], cursor: Store.Cursor?, backFill: BackFill? = nil, heard: Timestamp? = nil, seed: UInt64,
        now: Timestamp,
        makeVerifier: @escaping @Sendable (Store.Cursor) -> LogVerifier
    ) {
        self.hubs = hubs
        self.cursor = cursor
        self.makeVerifier = makeVerifier
        chance = SeededChance(seed: seed)
        status = SyncStatus(state: .starting, hub: hubs.first ?? "")
        status.backFill = backFill
        status.heard = heard
    }

    /// Takes in one thing that happened, and says what is to be done about it, in order. Does nothing itself, and reads
    /// no clock.
    public mutating func handle(_ input: Input, now: Timestamp) -> [Action] {
        var actions: [Action] = []
        let before = status
        switch input {
        case .timer: break
        case .opened(let logID): opened(logID, now, &actions)
        case .received(let events): received(events, now, &actions)
        case .heartbeat(let time, let last): heartbeat(time, last, now)
        case .warned(let words): status.warning = words
        case .behind(let seconds): if stream == .open { status.hubBehind = seconds }
        case .closed(let reason): down(reason, now, &actions)
        case .refused(let reason, let isDisowned):
            if isDisowned { status.isDisowned = true }
            refused(reason, now, &actions)
        case .outboxChanged: isOutboxStirred = true
        case .posted(let position, let more): posted(position, more: more)
        case .postFailed(let reason, let seconds): postFailed(reason, after: seconds, now)
        case .filling(let gap): status.backFill = gap
        case .filled(let gap): filled(gap)
        case .fillFailed(let reason, let isFinal): fillFailed(reason, isFinal: isFinal, now)
        }
        drive(now, &actions)
        if status != before { actions.append(.tell(status)) }
        actions.append(.wake(at: nextTime(now)))
        return actions
    }

    // MARK: - The stream

    private mutating func opened(_ logID: String, _ now: Timestamp, _ actions: inout [Action]) {
        guard stream == .opening else { return }
        if let cursor, cursor.logID != logID {
            actions.append(.close)
            return refused(
                "the hub has another log (\(logID)) than the one that is followed here (\(cursor.logID)): it was replaced",
                now, &actions)
        }
        let start = cursor ?? .start(of: logID)
        cursor = start
        verifier = makeVerifier(start)
        stream = .open
        status.isDisowned = false
        heard = now
        status.heard = now
        status.warning = nil
        // What the hub had taken before the line was cut, it has; what it had not, it gets again. It knows each by its id.
        resending = true
        sentUpTo = 0
        isOutboxStirred = true
        postBackoff.reset()
        sending = sending == .underWay ? .underWay : .idle
        // How far the log goes is known with the first heartbeat, which follows at once.
    }

    private mutating func received(_ events: [AdmittedEvent], _ now: Timestamp, _ actions: inout [Action]) {
        guard stream == .open, var verifier, let cursor else { return }
        // Its list of heads is long, and is not to be copied.
        self.verifier = nil
        defer { self.verifier = verifier }
        heard = now
        status.heard = now
        var kept: [AdmittedEvent] = []
        kept.reserveCapacity(events.count)
        for read in events {
            guard let sequence = read.event.sequence, sequence > verifier.chain.sequence else { continue }
            guard let taken = verifier.take(read: read) else {
                finish(kept, verifier.chain, cursor, &actions)
                return gap(expected: verifier.chain.sequence + 1, found: sequence, now, &actions)
            }
            kept.append(taken.event)
            if let finding = taken.finding { note("\(finding)") }
        }
        finish(kept, verifier.chain, cursor, &actions)
        backoff.reset()
        gaps = 0
        settleState()
    }

    private mutating func finish(
        _ kept: [AdmittedEvent], _ chain: LogChain, _ cursor: Store.Cursor, _ actions: inout [Action]
    ) {
        guard !kept.isEmpty else { return }
        let moved = Store.Cursor(
            logID: cursor.logID, sequence: chain.sequence, head: chain.head)
        self.cursor = moved
        hubLast = max(hubLast, moved.sequence)
        actions.append(.keep(kept, moved))
    }

    /// Once it may be the line; a second time it is the log.
    private mutating func gap(expected: Int64, found: Int64, _ now: Timestamp, _ actions: inout [Action]) {
        gaps += 1
        let words = "\(LogVerifier.Finding.gap(expected: expected, found: found))"
        actions.append(.close)
        guard gaps > 1 else { return down(words, now, &actions) }
        note(words)
        refused(words, now, &actions)
    }

    private mutating func heartbeat(_ time: Timestamp, _ last: Int64, _ now: Timestamp) {
        guard stream == .open else { return }
        heard = now
        status.heard = now
        hubLast = last
        // The clock is set only by what cannot be the line's delay.
        guard abs(Double(time.milliseconds)) < 1e15 else { return }
        let offset = time.milliseconds - now.milliseconds
        if abs(offset - status.clockOffset) > 1_000 { status.clockOffset = abs(offset) > 2_000 ? offset : 0 }
        backoff.reset()
        settleState()
    }

    private mutating func settleState() {
        let at = cursor?.sequence ?? 0
        status.state = hubLast > at ? .catchingUp(at: at, of: hubLast) : .live
    }

    private mutating func down(_ reason: String, _ now: Timestamp, _ actions: inout [Action]) {
        guard stream != .over else { return }
        if stream == .open { actions.append(.close) }
        status.hubBehind = 0
        hub = (hub + 1) % hubs.count
        status.hub = hubs[hub]
        // With another hub to go to, one goes there at once; only when all were tried one waits.
        let pause = hub == 0 || hubs.count == 1 || backoff.failures > 0 ? backoff.next(&chance) : 0.05
        stream = .down(until: now.adding(seconds: pause))
        if case .offline(let since, _) = status.state {
            status.state = .offline(since: since, reason: reason)
        } else {
            status.state = .offline(since: status.heard ?? now, reason: reason)
        }
    }

    private mutating func refused(_ reason: String, _ now: Timestamp, _ actions: inout [Action]) {
        if stream == .open { actions.append(.close) }
        // Another hub may know better; with one alone there is time.
        hub = (hub + 1) % hubs.count
        status.hub = hubs[hub]
        stream = .down(until: now.adding(seconds: hub == 0 ? SyncMachine.refusedSeconds : 1))
        status.state = .refused(reason)
    }

    private mutating func note(_ words: String) {
        guard !status.findings.contains(words), status.findings.count < 100 else { return }
        status.findings.append(words)
    }

    // MARK: - Sending

    private mutating func posted(_ position: Int64, more: Bool) {
        sending = .idle
        status.unsent = nil
        sentUpTo = max(sentUpTo, position)
        postBackoff.reset()
        isOutboxStirred = isOutboxStirred || more
        if !more { resending = false }
    }

    private mutating func postFailed(_ reason: String, after seconds: Int?, _ now: Timestamp) {
        sending = .down(until: now.adding(seconds: max(postBackoff.next(&chance), Double(seconds ?? 0))))
        isOutboxStirred = true
        status.unsent = reason
    }

    // MARK: - Older events

    private mutating func filled(_ gap: BackFill?) {
        if gap != status.backFill { fillBackoff.reset() }
        status.backFill = gap
        filling = .idle
    }

    private mutating func fillFailed(_ reason: String, isFinal: Bool, _ now: Timestamp) {
        filling = .down(until: now.adding(seconds: fillBackoff.next(&chance)))
        guard isFinal else { return }
        status.backFill = nil
        note(reason)
    }

    // MARK: - What is due

    private mutating func drive(_ now: Timestamp, _ actions: inout [Action]) {
        if stream == .open, silence(now) >= SyncMachine.silenceSeconds {
            down("the hub has been silent for \(Int(SyncMachine.silenceSeconds)) s", now, &actions)
        }
        if case .down(let until) = stream, now >= until || until.seconds(since: now) > 60 {
            stream = .opening
            actions.append(.open(hub: hubs[hub], after: cursor))
        }
        if sending.isOver(now) { sending = .idle }
        if filling.isOver(now) { filling = .idle }
        if stream == .open, sending == .idle, isOutboxStirred {
            isOutboxStirred = false
            sending = .underWay
            actions.append(.post(hub: hubs[hub], after: resending ? sentUpTo : 0, resending: resending))
        }
        // What is going on first, then what was.
        if stream == .open, status.state == .live, filling == .idle, let gap = status.backFill {
            filling = .underWay
            actions.append(.fill(hub: hubs[hub], gap))
        }
    }

    /// A clock that was set back says nothing of silence.
    private mutating func silence(_ now: Timestamp) -> Double {
        if now < heard { heard = now }
        return now.seconds(since: heard)
    }

    private func nextTime(_ now: Timestamp) -> Timestamp {
        var times: [Timestamp] = [now.adding(seconds: 5)]
        if case .down(let until) = stream { times.append(until) }
        for case .down(let until) in [sending, filling] { times.append(until) }
        if stream == .open { times.append(heard.adding(seconds: SyncMachine.silenceSeconds)) }
        return max(now.adding(seconds: 0.01), times.min() ?? now)
    }
}
