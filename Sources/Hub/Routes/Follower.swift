import ControlRoom
import Feed
import Hummingbird
import NIOCore
import Standards
import Trust

/// One who follows a tenant's log: what is old from the log itself, what is new from the frames that all share.
struct Follower: Sendable {
    let engine: HubEngine
    let tenant: TenantEngine
    let submitter: Submitter

    private static let page = 500
    private static let beatSeconds = 1.9

    /// Until the follower leaves, may not follow any more, or the hub stops.
    func run(_ place: inout Int64, _ writer: inout any ResponseBodyWriter) async throws {
        try await writer.write(beat())
        var beaten = engine.surroundings.now()
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
            case .behind: try await catchUp(&place, &writer)
            case .nothing: await waitABeat(after: place)
            }
            let now = engine.surroundings.now()
            if now.seconds(since: beaten) >= Follower.beatSeconds || now < beaten {
                try await writer.write(beat())
                beaten = now
            }
        }
    }

    private var mayFollow: Bool {
        if submitter.isTrial { return true }
        return submitter.keyID.map { engine.central.isInForce(keyID: $0, now: engine.surroundings.now()) } ?? false
    }

    private var isRevoked: Bool {
        submitter.keyID.flatMap(engine.central.directory.member(keyID:))?.isRevoked ?? false
    }

    private func catchUp(_ place: inout Int64, _ writer: inout any ResponseBodyWriter) async throws {
        let entries = try await tenant.page(after: place, limit: Follower.page)
        guard let last = entries.last else { return await waitABeat(after: place) }
        try await writer.write(TenantEngine.render(entries, tenant.logID))
        place = last.sequence
    }

    /// Says that the hub is there, how late it is there, and how far the log goes.
    private func beat() -> ByteBuffer {
        let now = engine.surroundings.now().milliseconds
        return ByteBuffer(bytes: EventStream.comment("beat \(now) \(tenant.logID):\(tenant.frames.last)"))
    }

    /// Until something comes; the engine wakes everybody for a heartbeat.
    private func waitABeat(after place: Int64) async {
        await tenant.frames.wait(after: place)
    }
}
