import ControlRoom
import Feed
import HTTPTypes
import HubCore
import Hummingbird
import NIOCore
import ServiceLifecycle
import Standards
import Trust

/// What is read from the hub.
extension Responder {
    private static let lastEventID = HTTPField.Name("Last-Event-ID")
    private static let log = HTTPField.Name("Impetus-Log")
    /// Sent by a program that shows the log to somebody, with the value `open`.
    private static let console = HTTPField.Name("Impetus-Console")
    /// Sent beside it by a program that says each ten seconds that it runs (`/v1/me` with `Impetus-Console: open`).
    private static let answers = HTTPField.Name("Impetus-Console-Answers")
    private static let mostOfPage = 5_000
    private static let pageBytes = 4 << 20

    func events(_ request: Request, _ connection: Connection) async throws -> Response {
        let (submitter, tenant) = try await readable(connection)
        let query = request.uri.queryParameters
        let after = try await place(request, query["after"].map(String.init), tenant)
        if request.headers[.accept]?.contains(EventStream.contentType) == true {
            // Who lacks something is still given it, and told at its end.
            if let trouble = tenant.postTrouble, after >= tenant.frames.last {
                throw Refusal(.serviceUnavailable, trouble)
            }
            return try follow(tenant, after: after, submitter, request, connection)
        }
        let limit = min(Responder.mostOfPage, max(1, query.get("limit", as: Int.self) ?? 1_000))
        // As read, as written, and as packed.
        let held = try hold(3 * Responder.pageBytes, for: .machines)
        let entries = try await tenant.page(after: after, limit: limit, bytes: Responder.pageBytes)
        var bytes = Array("{\"log\":\"\(tenant.logID)\",\"events\":[".utf8)
        for (index, entry) in entries.enumerated() {
            if index > 0 { bytes.append(UInt8(ascii: ",")) }
            bytes.append(contentsOf: tenant.feed.wire.travelling(entry).json)
        }
        bytes.append(contentsOf: "]}".utf8)
        return packed(bytes, held, request, type: "application/json", log: tenant.logID)
    }

    /// Where a reader goes on: `logid:sequence`, or a bare sequence in the query.
    ///
    /// - Throws: `Refusal` where it comes from another log, or from beyond the end of this one: what they have is not what is
    ///   here, and to go on would mix the two.
    private func place(_ request: Request, _ query: String?, _ tenant: TenantEngine) async throws -> Int64 {
        let header = Responder.lastEventID.flatMap { request.headers[$0] }
        guard let text = header ?? query, !text.isEmpty else { return try await within(0, tenant) }
        let parts = text.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
        let number = parts.last.flatMap { $0.allSatisfy(\.isNumber) ? Int64($0) : nil }
        guard let number, parts.count <= 2 else { throw Refusal(.badRequest, "a place is LOG:SEQUENCE or SEQUENCE") }
        if parts.count == 2, parts[0] != tenant.logID {
            if LogChain.lineage(of: parts[0]) == LogChain.lineage(of: tenant.logID) {
                let reason =
                    "this log was restored from a backup; what came after it was taken is not here, and your store keeps it: "
                    + "follow the restored log with another --store"
                throw Refusal(.conflict, reason, more: [("log", tenant.logID)])
            }
            throw Refusal(.conflict, "this is another log than \(parts[0])", more: [("log", tenant.logID)])
        }
        return try await within(number, tenant)
    }

    private func within(_ number: Int64, _ tenant: TenantEngine) async throws -> Int64 {
        let (first, last) = try await tenant.read { (try $0.log.firstSequence(), try $0.log.lastSequence()) }
        guard number >= first - 1 else {
            throw Refusal(
                .gone,
                "entries up to \(first - 1) were archived: begin with a new store (--store), which starts from the hub's "
                    + "snapshot, or import a bundle of a colleague who has them",
                more: [("first", "\(first)")])
        }
        guard number <= last else {
            throw Refusal(
                .conflict, "this log ends at \(last), before \(number): it was restored from a backup or replaced",
                more: [("log", tenant.logID), ("last", "\(last)")])
        }
        return number
    }

    /// - Parameter held: the memory of the page, until it is with the reader.
    private func packed(_ bytes: [UInt8], _ held: Held, _ request: Request, type: String, log: String) -> Response {
        var headers: HTTPFields = [.contentType: type, .vary: "Accept-Encoding"]
        if let name = Responder.log { headers[name] = log }
        let accepts = request.headers[.acceptEncoding].map { $0.contains("gzip") && !$0.contains("gzip;q=0") } ?? false
        var buffer = ByteBuffer(bytes: bytes)
        if accepts, bytes.count > 1_000, let packed = Gzip.pack(bytes) {
            headers[.contentEncoding] = "gzip"
            buffer = ByteBuffer(bytes: packed)
        }
        // Once for the page, once on its way.
        held.shrink(to: 2 * buffer.readableBytes)
        let body = ResponseBody(contentLength: buffer.readableBytes) { [buffer] writer in
            defer { withExtendedLifetime(held) {} }
            try await writer.write(buffer)
            try await writer.finish(nil)
        }
        return Response(status: .ok, headers: headers, body: body)
    }

    // MARK: - Following

    private func follow(
        _ tenant: TenantEngine, after: Int64, _ submitter: Submitter, _ request: Request, _ connection: Connection
    ) throws -> Response {
        let held = try hold(MemoryBudget.stream, for: .people)
        var headers: HTTPFields = [.contentType: EventStream.contentType, .cacheControl: "no-store"]
        if let name = Responder.log { headers[name] = tenant.logID }
        let watches = Responder.isConsole(request) && submitter.may(.acknowledge)
        let answers = Responder.answers.flatMap { request.headers[$0] } != nil
        return Response(
            status: .ok, headers: headers,
            body: ResponseBody { writer in
                engine.countFollower(1)
                let now = engine.surroundings.now
                let watcher = watches ? tenant.watchers.came(submitter.watchesAs, answers: answers, at: now()) : nil
                let stream = Follower(
                    engine: engine, tenant: tenant, submitter: submitter, channel: connection.channel, watcher: watcher)
                defer {
                    if let watcher { tenant.watchers.left(watcher, at: now()) }
                    engine.countFollower(-1)
                    withExtendedLifetime(held) {}
                }
                var place = after
                try await request.body.consumeWithCancellationOnInboundClose { _ in
                    try await stream.run(&place, &writer)
                }
                try await writer.finish(nil)
            })
    }

    /// Whether a program asks that shows the log to somebody.
    static func isConsole(_ request: Request) -> Bool { console.flatMap { request.headers[$0] } == "open" }

    // MARK: - Snapshot

    func snapshot(_ connection: Connection) async throws -> Response {
        let (_, tenant) = try await readable(connection)
        let held = try hold(MemoryBudget.stream, for: .machines)
        let snapshot = try await tenant.snapshot(by: engine.central)
        let loop = connection.channel.eventLoop
        var headers: HTTPFields = [.contentType: "application/vnd.sqlite3"]
        for (name, value) in snapshot.headers {
            if let name = HTTPField.Name(name) { headers[name] = value }
        }
        return Response(
            status: .ok, headers: headers,
            body: ResponseBody(contentLength: snapshot.bytes) { writer in
                defer { withExtendedLifetime(held) {} }
                var paced = PacedWriter(writer, on: loop)
                try await snapshot.read { try await paced.write(ByteBuffer(bytes: $0)) }
                writer = paced.body
                try await writer.finish(nil)
            })
    }
}
