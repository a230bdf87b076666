import ControlRoom
import HTTPTypes
import HubCore
import Hummingbird
import Logging
import NIOCore
import NIOHTTP1
import Standards
import Trust

/// Answers requests: finds who asks, what for, and whether they may.
struct Responder: Sendable {
    let engine: HubEngine
    let metrics: PrometheusMetrics
    let bodyBytes: Int
    let tries = EnrolmentTries()
    var scope = Scope.all

    /// What is answered at an address.
    enum Scope: Sendable {
        case all
        /// `/metrics` and `/healthz` alone; `isOpen` to whoever reaches it.
        case metrics(isOpen: Bool)
    }

    func respond(to request: Request, on connection: Connection) async -> Response {
        do {
            return try await answer(request, connection)
        } catch let refusal as Refusal {
            return refusal.response
        } catch is NIOTooManyBytesError {
            return Refusal(.contentTooLarge, "more than \(bodyBytes) bytes", closes: true).response
        } catch let failure as Central.EnrolmentFailure {
            return Refusal(.forbidden, "\(failure)").response
        } catch let excess as EnrolmentTries.Excess {
            var response = Refusal(.tooManyRequests, "\(excess)").response
            response.headers[.retryAfter] = String(excess.retryAfter)
            return response
        } catch is HTTPParserError {
            return Refusal(.badRequest, "this is no HTTP", closes: true).response
        } catch {
            engine.logger.error("request failed", metadata: ["error": "\(error)", "path": "\(request.uri.path)"])
            return Refusal(.internalServerError, "the hub could not do this; try again").response
        }
    }

    private func answer(_ request: Request, _ connection: Connection) async throws -> Response {
        if case .metrics(let isOpen) = scope { return try await operate(request, connection, isOpen: isOpen) }
        switch (request.method, request.uri.path) {
        case (.get, "/healthz"): return .text("ok\n")
        case (.get, "/readyz"): return ready()
        case (.get, "/metrics"): return try await numbers(connection)
        case (.get, "/v1/authority"):
            return .text(try engine.central.authorityCertificate.pem(), type: "application/x-pem-file")
        case (.post, "/v1/enrol"): return try await enrol(request, connection)
        case (.post, "/v1/renew"): return try await renew(request, connection)
        case (.get, "/v1/events"): return try await events(request, connection)
        case (.get, "/v1/snapshot"): return try await snapshot(connection)
        case (.get, "/v1/me"): return try await me(request, connection)
        case (.post, let path) where path.hasPrefix("/v1/ingest/"):
            return try await ingest(String(path.dropFirst(11)), request, connection)
        case (_, "/v1/events"), (_, "/v1/snapshot"), (_, "/v1/enrol"), (_, "/v1/renew"):
            throw Refusal(.methodNotAllowed, "this path is not used so")
        default: throw Refusal(.notFound, "there is nothing here")
        }
    }

    private func operate(_ request: Request, _ connection: Connection, isOpen: Bool) async throws -> Response {
        switch (request.method, request.uri.path) {
        case (.get, "/healthz"): return .text("ok\n")
        case (.get, "/metrics"): return isOpen ? numbers : try await numbers(connection)
        default: throw Refusal(.notFound, "here are /metrics and /healthz alone")
        }
    }

    private var numbers: Response { .text(metrics.text(), type: "text/plain; version=0.0.4") }

    /// They name tenants and tell how busy each is.
    private func numbers(_ connection: Connection) async throws -> Response {
        let submitter = try await submitter(connection)
        guard submitter.administers else {
            engine.journal.note(.metrics, ["actor": submitter.identity.actor, "tenant": submitter.identity.tenant])
            throw Refusal(
                .forbidden,
                "metrics are for members of the role admin, or at an address of their own: [metrics] listen")
        }
        return numbers
    }

    /// Who asks.
    ///
    /// - Throws: `Refusal` where they showed no certificate that is in force.
    func submitter(_ connection: Connection) async throws -> Submitter {
        guard let submitter = await connection.submitter(now: engine.surroundings.now()) else {
            guard await connection.showsRevoked() else {
                throw Refusal(.unauthorized, "a certificate of this hub that is in force is needed; enrol with a code")
            }
            // By this word alone a console believes that its acts will never be taken.
            throw Refusal(
                .unauthorized, "the certificate was revoked; ask for a new code", more: [("certificate", "revoked")])
        }
        return submitter
    }

    /// The tenant's feed, for who may read it.
    func readable(_ connection: Connection) async throws -> (Submitter, TenantEngine) {
        let submitter = try await submitter(connection)
        guard submitter.may(.read) else {
            engine.journal.note(
                .refusedRole, ["actor": submitter.identity.actor, "tenant": submitter.identity.tenant])
            throw Refusal(.forbidden, "the role \(submitter.identity.role.rawValue) may not read the log")
        }
        let name = submitter.identity.tenant
        if let trouble = engine.central.openTrouble(of: name) { throw Refusal(.serviceUnavailable, trouble) }
        guard let tenant = engine.engine(of: name) else { throw Refusal(.notFound, "there is no tenant \(name)") }
        if let trouble = tenant.trouble { throw Refusal(.serviceUnavailable, trouble) }
        return (submitter, tenant)
    }

    /// A request's body, and the memory that it takes until nobody has it any more.
    struct Body {
        let bytes: [UInt8]
        let held: Held
    }

    /// - Throws: `Refusal`: larger than `most`, packed, or more than there is memory for.
    func body(of request: Request, for use: MemoryBudget.Use, most: Int? = nil) async throws -> Body {
        let most = most ?? bodyBytes
        if let length = request.headers[.contentLength].flatMap({ Int($0) }), length > most {
            throw Refusal(.contentTooLarge, "more than \(most) bytes", closes: true)
        }
        if let encoding = request.headers[.contentEncoding], encoding != "identity" {
            throw Refusal(.unsupportedMediaType, "a body is sent as it is, not as \(encoding.prefix(20))")
        }
        let held = try hold(0, for: use)
        var bytes: [UInt8] = []
        for try await buffer in request.body {
            guard bytes.count + buffer.readableBytes <= most else {
                throw Refusal(.contentTooLarge, "more than \(most) bytes", closes: true)
            }
            guard held.grow(by: buffer.readableBytes * MemoryBudget.copiesOfBody) else { throw noMemory(closes: true) }
            bytes.append(contentsOf: buffer.readableBytesView)
        }
        return Body(bytes: bytes, held: held)
    }

    /// - Throws: `Refusal` where so many bytes are not to be had.
    func hold(_ bytes: Int, for use: MemoryBudget.Use) throws -> Held {
        guard let held = engine.memory.hold(bytes, for: use) else { throw noMemory() }
        return held
    }

    private func noMemory(closes: Bool = false) -> Refusal {
        engine.journal.note(.outOfMemory, [:])
        return Refusal(.serviceUnavailable, MemoryBudget.refusal, closes: closes)
    }

    private func ready() -> Response {
        if let trouble = engine.central.unprovedTrouble { return Refusal(.serviceUnavailable, trouble).response }
        // Whoever asks needs no certificate: what is wrong with the servers of the log is for journal and administrators.
        if engine.plainTrouble != nil {
            return Refusal(.serviceUnavailable, HubEngine.takesNothing).response
        }
        let stuck = engine.followTrouble
        guard engine.servesAnybody else {
            // Whoever asks needs no certificate: that nobody is served they may know, not why.
            let reason = stuck ?? "no tenant can be served now; the hub's journal says why"
            return Refusal(.serviceUnavailable, reason).response
        }
        if let trouble = engine.writeTrouble { return Refusal(.serviceUnavailable, trouble).response }
        return !engine.hasTenants
            ? Refusal(.serviceUnavailable, "no tenant yet; impetus-hub tenant add NAME").response
            // The others are served: who sends posts to hubs that are ready goes on sending theirs here.
            : .text(stuck.map { "ready, but not for \($0)\n" } ?? "ready\n")
    }

    /// A console that is open asks it to be known to run.
    private func me(_ request: Request, _ connection: Connection) async throws -> Response {
        let submitter = try await submitter(connection)
        if Responder.isConsole(request) {
            engine.engine(of: submitter.identity.tenant)?.watchers
                .answered(submitter.watchesAs, at: engine.surroundings.now())
        }
        return .json { writer in
            writer.member("actor", submitter.identity.actor)
            writer.member("tenant", submitter.identity.tenant)
            writer.member("role", submitter.identity.role.rawValue)
            writer.member("hub", engine.central.hub)
            writer.member("time", engine.surroundings.now().rfc3339)
        }
    }
}

/// A request that is not carried out, and why: told as JSON.
struct Refusal: Error {
    let status: HTTPResponse.Status
    let reason: String
    let closes: Bool
    let more: [(String, String)]

    init(_ status: HTTPResponse.Status, _ reason: String, closes: Bool = false, more: [(String, String)] = []) {
        self.status = status
        self.reason = reason
        self.closes = closes
        self.more = more
    }

    private struct Close: Error {}

    var response: Response {
        let bytes = JSONWriter.bytes { writer in
            writer.object { writer in
                writer.member("error", reason)
                for (name, value) in more { writer.member(name, value) }
            }
        }
        var headers: HTTPFields = [.contentType: "application/json"]
        if status == .serviceUnavailable { headers[.retryAfter] = "1" }
        guard closes else {
            return Response(status: status, headers: headers, body: .init(byteBuffer: ByteBuffer(bytes: bytes)))
        }
        headers[.connection] = "close"
        // To leave with an error is how a connection is closed from here; what else was sent is not read.
        let body = ResponseBody(contentLength: bytes.count) { writer in
            try await writer.write(ByteBuffer(bytes: bytes))
            try await writer.finish(nil)
            throw Close()
        }
        return Response(status: status, headers: headers, body: body)
    }
}

extension Response {
    static func text(_ text: String, type: String = "text/plain; charset=utf-8") -> Response {
        Response(status: .ok, headers: [.contentType: type], body: .init(byteBuffer: ByteBuffer(string: text)))
    }

    static func json(_ status: HTTPResponse.Status = .ok, _ members: (inout JSONWriter) -> Void) -> Response {
        let bytes = JSONWriter.bytes { $0.object(members) }
        return Response(
            status: status, headers: [.contentType: "application/json"],
            body: .init(byteBuffer: ByteBuffer(bytes: bytes)))
    }
}
