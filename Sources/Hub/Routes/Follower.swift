import ControlRoom
import CoreMetrics
import HubCore
import Hummingbird
import NIOCore
import Standards
import Trust

/// One who follows a tenant's log: what is old from the log itself, what is new from the frames that all share.
struct Follower: Sendable {
    let engine: HubEngine
    let tenant: TenantEngine
    let submitter: Submitter
    let channel: any Channel
    /// Its number among those who watch; nil where it is shown to nobody.
    let watcher: Int?

    private static let page = 500
    private static let leastPage = 8
    /// Of what a follower reads from the log by itself.
    private static let pageBytes = 256 << 10
    private static let beatSeconds = 1.9

    /// Until the follower leaves, may not follow any more, or the hub stops or cannot write.
    ///
    /// Of one who does not read, no more is kept than `PacedWriter` lets go at once and the stretch of which that is a part.
    func run(_ place: inout Int64, _ body: inout any ResponseBodyWriter) async throws {
        var writer = PacedWriter(body, on: channel.eventLoop)
        defer { body = writer.body }
        var portion = Follower.page
        try await writer.write(beat())
        var beaten = engine.surroundings.now()
        var warned: (at: Timestamp, words: String)?
        var lag = LagWord()
        while !Task.isCancelled, !tenant.frames.isClosed {
            guard mayFollow else {
                // Of a certificate that has ended the next request tells; it may be renewed.
                if isRevoked { try await writer.write(ByteBuffer(bytes: EventStream.comment("revoked"))) }
                return
            }
            if let trouble = tenant.trouble {
                try await writer.write(ByteBuffer(bytes: EventStream.comment("trouble " + trouble)))
                return
            }
            switch tenant.frames.next(after: place) {
            case .frame(let frame):
                try await writer.write(frame.rendered)
                place = frame.last
                note(frame)
            case .behind: try await catchUp(&place, &portion, &writer)
            case .nothing:
                if let trouble = tenant.postTrouble {
                    try await writer.write(ByteBuffer(bytes: EventStream.comment("trouble " + trouble)))
                    return
                }
                await waitABeat(after: place)
            }
            let now = engine.surroundings.now()
            if let words = warning(&warned, now) { try await writer.write(words) }
            if now.seconds(since: beaten) >= Follower.beatSeconds || now < beaten {
                await noteTaken(now)
                try await writer.write(beat())
                if let word = lag.word(at: tenant.viewLag) {
                    try await writer.write(ByteBuffer(bytes: EventStream.comment(word)))
                }
                beaten = now
            }
        }
    }

    private func note(_ frame: Frames<ByteBuffer>.Frame) {
        let milliseconds = engine.surroundings.now().milliseconds - frame.recorded.milliseconds
        tenant.timings.delivery.recordMilliseconds(max(0, milliseconds))
    }

    /// Before each beat: whether the reader has taken all that came before it. While one takes nothing, this is not come to.
    private func noteTaken(_ now: Timestamp) async {
        guard let watcher else { return }
        let waiting = try? await channel.getOption(.bufferedWritableBytes).get()
        if waiting == 0 { tenant.watchers.took(watcher, at: now) }
    }

    private var mayFollow: Bool {
        if submitter.isTrial { return true }
        return submitter.keyID.map { engine.central.isInForce(keyID: $0, now: engine.surroundings.now()) } ?? false
    }

    private var isRevoked: Bool {
        submitter.keyID.flatMap(engine.central.knownMembers.member(keyID:))?.isRevoked ?? false
    }

    /// - Parameter portion: entries to ask for; it follows how many fit into a page.
    private func catchUp(_ place: inout Int64, _ portion: inout Int, _ writer: inout PacedWriter) async throws {
        let entries = try await tenant.page(after: place, limit: portion, bytes: Follower.pageBytes)
        portion = min(Follower.page, max(Follower.leastPage, entries.count * 2))
        guard let last = entries.last else { return await waitABeat(after: place) }
        try await writer.write(TenantEngine.render(entries, tenant.logID, tenant.feed.wire))
        place = last.sequence
    }

    /// Says that the hub is there, how late it is there, and how far the log goes.
    private func beat() -> ByteBuffer {
        let now = engine.surroundings.now().milliseconds
        return ByteBuffer(bytes: EventStream.comment("beat \(now) \(tenant.logID):\(tenant.frames.last)"))
    }

    /// What an administrator is told of the hub itself, at the start of a stream, once a day, and when it is something else; nil where it is not time, or all is well.
    private func warning(_ warned: inout (at: Timestamp, words: String)?, _ now: Timestamp) -> ByteBuffer? {
        guard submitter.administers else { return nil }
        guard let words = engine.warning(at: now) else { return nil }
        if let warned, warned.words == words, abs(now.seconds(since: warned.at)) < PlainLogWarning.saySeconds {
            return nil
        }
        warned = (now, words)
        return ByteBuffer(bytes: EventStream.comment("warning " + words))
    }

    /// Until something comes; the engine wakes everybody for a heartbeat.
    private func waitABeat(after place: Int64) async {
        await tenant.frames.wait(after: place)
    }
}
