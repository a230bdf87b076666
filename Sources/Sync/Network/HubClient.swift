import AsyncHTTPClient
import ControlRoom
import Feed
import NIOCore
import NIOHTTP1
import NIOPosix
import NIOSSL
import Standards
import Store
public import Trust

/// How one identity talks to hubs: HTTP/1.1 over TLS 1.3 with its certificate, or plain HTTP on loopback for a trial.
public final class HubClient: Sendable {
    private let calls: HTTPClient
    private let streams: HTTPClient

    /// Why a hub could not be asked.
    public enum Failure: Error, Equatable, CustomStringConvertible {
        /// It may go better later, or elsewhere; not before so many seconds, where the hub says so.
        case unreachable(String, after: Int? = nil)
        /// It will not go better by itself. Whoever answered need not be a hub.
        case refused(Int, String)
        /// It says that the certificate which was shown to it was revoked.
        case revoked(String)

        public var description: String {
            switch self {
            case .unreachable(let reason, _): reason
            case .refused(_, let reason), .revoked(let reason): reason
            }
        }
    }

    /// By what a member shows who they are (certificate and key), and by which authority it knows a hub.
    public struct Security: Sendable {
        var key: SigningKey
        var certificate: MemberCertificate
        var authority: AuthorityCertificate

        public init(key: SigningKey, certificate: MemberCertificate, authority: AuthorityCertificate) {
            self.key = key
            self.certificate = certificate
            self.authority = authority
        }
    }

    private static let largestAnswer = 64 << 20
    /// A stream that says nothing for so long is cut; hubs say something every two seconds.
    private static let silence = TimeAmount.seconds(20)

    /// - Parameter security: nil for plain HTTP.
    /// - Throws: what NIOSSL says where certificate or key cannot be used. No hub is asked yet.
    public convenience init(security: Security?) throws {
        var tls: TLSConfiguration?
        if let security {
            var made = HubClient.tls(trusting: security.authority)
            made.certificateChain = [.certificate(try NIOSSLCertificate(bytes: security.certificate.der, format: .der))]
            made.privateKey = .privateKey(
                try NIOSSLPrivateKey(bytes: Array(security.key.pem.utf8), format: .pem))
            tls = made
        }
        try self.init(tls: tls)
    }

    /// For an enrolment, where there is no certificate yet.
    ///
    /// - Throws: what NIOSSL says where the authority's certificate cannot be used. No hub is asked yet.
    public convenience init(trusting authority: AuthorityCertificate) throws {
        try self.init(tls: HubClient.tls(trusting: authority))
    }

    private init(tls: TLSConfiguration?) throws {
        if let tls { _ = try NIOSSLContext(configuration: tls) }
        calls = HubClient.client(tls, read: .seconds(120))
        streams = HubClient.client(tls, read: HubClient.silence)
    }

    private static func tls(trusting authority: AuthorityCertificate?) -> TLSConfiguration {
        var tls = TLSConfiguration.makeClientConfiguration()
        tls.minimumTLSVersion = .tlsv13
        tls.shutdownTimeout = .milliseconds(500)
        if let authority, let root = try? NIOSSLCertificate(bytes: authority.der, format: .der) {
            tls.trustRoots = .certificates([root])
        } else {
            tls.trustRoots = .certificates([])
        }
        return tls
    }

    private static func client(_ tls: TLSConfiguration?, read: TimeAmount) -> HTTPClient {
        var configuration = HTTPClient.Configuration()
        configuration.tlsConfiguration = tls
        configuration.httpVersion = .http1Only
        configuration.redirectConfiguration = .disallow
        configuration.timeout = .init(connect: .seconds(5), read: read)
        configuration.connectionPool.retryConnectionEstablishment = false
        configuration.connectionPool.idleTimeout = .seconds(20)
        return HTTPClient(eventLoopGroup: MultiThreadedEventLoopGroup.singleton, configuration: configuration)
    }

    /// Ends its connections; to be called once, when nobody asks it any more.
    public func shutdown() async {
        try? await calls.shutdown()
        try? await streams.shutdown()
    }

    // MARK: - Calls

    struct Answer: Sendable {
        var status: Int
        var headers: HTTPHeaders
        var body: [UInt8]
    }

    /// - Parameter isConsole: the answer is of no use but that the hub is asked by a console that runs.
    func call(
        _ method: HTTPMethod, _ url: String, type: String? = nil, body: [UInt8]? = nil, isConsole: Bool = false
    ) async throws -> Answer {
        do {
            var request = HTTPClientRequest(url: url)
            request.method = method
            if isConsole { request.headers.add(name: HubClient.console, value: "open") }
            if let type { request.headers.add(name: "content-type", value: type) }
            if let body { request.body = .bytes(ByteBuffer(bytes: body)) }
            let response = try await calls.execute(request, timeout: .seconds(30))
            let buffer = try await response.body.collect(upTo: HubClient.largestAnswer)
            let answer = Answer(
                status: Int(response.status.code), headers: response.headers, body: Array(buffer.readableBytesView))
            try HubClient.check(answer.status, answer.body, retryAfter: answer.headers.first(name: "retry-after"))
            return answer
        } catch {
            throw HubClient.meaning(of: error)
        }
    }

    /// The longest time, in seconds, for which a hub is believed that it wants to be left alone.
    private static let longestWait = 300

    /// - Parameter retryAfter: seconds (RFC 9110, 10.2.3); a date counts as nothing said.
    /// - Throws: `Failure` for what is no success; `.revoked` only where the hub says so by name. A plain 401 is no revocation: a
    ///   hub gives it as well whose clock is wrong, or which has not read of an enrolment yet.
    static func check(_ status: Int, _ body: [UInt8], retryAfter: String? = nil) throws {
        guard status >= 300 else { return }
        let said = try? JSONReader.read(body) { try $0.member("error") }
        let words = said ?? "the hub answered \(status)"
        // Too busy, or in trouble of its own: later.
        if status == 408 || status == 429 || status >= 500 {
            let seconds = retryAfter.flatMap { Int($0) }.map { min(longestWait, max(0, $0)) }
            throw Failure.unreachable(words, after: seconds)
        }
        let standing = try? JSONReader.read(body) { try $0.member("certificate") }
        if status == 401, standing == "revoked" { throw Failure.revoked(words) }
        throw Failure.refused(status, words)
    }

    /// What went wrong, in words for an operator.
    static func meaning(of error: any Error) -> any Error {
        if error is Failure || error is CancellationError { return error }
        let text = String(describing: error)
        // Nobody has shown who they are yet: whoever stands in the line can send an alert.
        if text.contains("_ALERT_") {
            return Failure.refused(496, "the hub does not accept this certificate, or it is not the hub that answers")
        }
        if text.contains("CERTIFICATE_VERIFY_FAILED") || error is NIOSSLExtraError {
            return Failure.refused(495, "this is not the hub of our authority, or it does not go by this name")
        }
        if let error = error as? HTTPClientError { return Failure.unreachable(error.shortDescription) }
        guard let known = troubles.first(where: { text.contains($0.sign) }) else {
            let isConnecting = error is NIOConnectionError
            return Failure.unreachable(isConnecting ? "the hub cannot be reached" : "the line to the hub failed")
        }
        return Failure.unreachable("the hub cannot be reached: " + known.words)
    }

    /// What libraries say in their ways, as a person says it.
    private static let troubles: [(sign: String, words: String)] = [
        ("errno: 111", "nothing listens at this address"), ("Connection refused", "nothing listens at this address"),
        ("errno: 113", "no way leads to this host"), ("errno: 101", "this machine has no network"),
        ("errno: 110", "it does not answer"), ("ConnectTimeout", "it does not answer"),
        ("dnsAError", "this name is not known"), ("dnsAAAAError", "this name is not known"),
        ("errno: 104", "the line was cut"),
    ]

    private static let console = "impetus-console"
    /// A console says so often that it runs: a stream stays open where its program was stopped.
    private static let runsSeconds = 10.0

    private func sayRunning(_ hub: String, pause: @Sendable (Double) async throws -> Void) async {
        while (try? await pause(HubClient.runsSeconds)) != nil, !Task.isCancelled {
            // A hub that does not hear it loses its stream soon.
            _ = try? await call(.GET, hub + "/v1/me", isConsole: true)
        }
    }

    // MARK: - The feed

    /// What a hub said to acts that were posted.
    struct Posted: Sendable {
        var rejected: [(id: String, reason: String, isDenied: Bool)] = []

        init(_ body: [UInt8]) throws {
            var found: [(id: String, reason: String, isDenied: Bool)] = []
            try JSONReader.read(body) { reader in
                try reader.object { key, reader in
                    guard key == "rejected" else {
                        try reader.skip()
                        return
                    }
                    try reader.array { reader in
                        var one = (id: "", reason: "", isDenied: false)
                        try reader.object { key, reader in
                            switch key {
                            case "id": one.id = try reader.string()
                            case "reason": one.reason = try reader.string()
                            case "denied": one.isDenied = try reader.bool()
                            default: try reader.skip()
                            }
                        }
                        found.append(one)
                    }
                }
            }
            rejected = found
        }
    }

    func post(_ events: [[UInt8]], to hub: String) async throws -> Posted {
        var body: [UInt8] = [UInt8(ascii: "[")]
        for (index, event) in events.enumerated() {
            if index > 0 { body.append(UInt8(ascii: ",")) }
            body.append(contentsOf: event)
        }
        body.append(UInt8(ascii: "]"))
        let answer = try await call(.POST, hub + "/v1/events", type: CloudEventHTTP.batch, body: body)
        do {
            return try Posted(answer.body)
        } catch {
            throw Failure.unreachable("the hub's answer could not be read")
        }
    }

    /// One piece of a stream.
    enum Piece: Sendable {
        case opened(logID: String)
        case events([AdmittedEvent])
        case heartbeat(hub: Timestamp, last: Int64)
        /// The hub's view of the log is so many seconds behind: what it says by rules comes as late. 0 where it is so no more.
        case behind(seconds: Int)
        case revoked
        /// The hub cannot serve for now, and why.
        case trouble(String)
        /// The hub serves, and warns an administrator of something about itself.
        case warning(String)
    }

    /// Follows a hub's log until the line is cut.
    ///
    /// - Parameters:
    ///   - isConsole: it is shown to somebody: the hub does not escalate while such a stream is open.
    ///   - take: called piece by piece; what comes next is read while it works, up to a bound.
    func follow(
        _ hub: String, after: (logID: String, sequence: Int64)?, isConsole: Bool = false,
        pause: @escaping @Sendable (Double) async throws -> Void, take: @escaping @Sendable (Piece) async -> Void
    ) async throws {
        do {
            var request = HTTPClientRequest(url: hub + "/v1/events")
            request.headers.add(name: "accept", value: EventStream.contentType)
            if isConsole {
                request.headers.add(name: HubClient.console, value: "open")
                request.headers.add(name: "impetus-console-answers", value: "yes")
            }
            if let after { request.headers.add(name: "last-event-id", value: "\(after.logID):\(after.sequence)") }
            let response = try await streams.execute(request, timeout: .seconds(10))
            guard response.status == .ok else {
                let body = try await response.body.collect(upTo: 64 << 10)
                return try HubClient.check(Int(response.status.code), Array(body.readableBytesView))
            }
            let running = isConsole ? Task { await sayRunning(hub, pause: pause) } : nil
            defer { running?.cancel() }
            await take(.opened(logID: response.headers.first(name: "impetus-log") ?? ""))
            try await read(response.body, pause: pause, take)
        } catch {
            throw HubClient.meaning(of: error)
        }
    }

    /// A long log comes faster than so many events in a round of waiting; what happens in a city does not.
    private static let floodOfRound = 100
    private static let roundSeconds = 0.005
    /// Events that are worth a transaction.
    private static let largeStretch = 16_000

    /// Waits as long as a long log is coming in and more of it makes a larger transaction; not for what comes alone.
    private static func gather(_ pile: Pile, pause: (Double) async throws -> Void) async {
        var count = pile.count
        while count >= floodOfRound, count < largeStretch {
            guard (try? await pause(roundSeconds)) != nil else { return }
            let grown = pile.count
            guard grown - count >= floodOfRound else { return }
            count = grown
        }
    }

    private func read(
        _ body: HTTPClientResponse.Body, pause: @escaping @Sendable (Double) async throws -> Void,
        _ take: @escaping @Sendable (Piece) async -> Void
    ) async throws {
        var reader = EventStreamReader()
        let pile = Pile()
        var working: Task<Void, Never>?
        defer { working?.cancel() }
        for try await buffer in body {
            let pieces = try HubClient.pieces(&reader, buffer)
            guard !pieces.isEmpty else { continue }
            if pile.add(pieces, bytes: buffer.readableBytes) {
                working = Task {
                    while let pieces = pile.take() {
                        for piece in pieces { await take(piece) }
                        await HubClient.gather(pile, pause: pause)
                    }
                }
            }
            await pile.room()
        }
        await working?.value
    }

    /// Events that follow on one another are one piece: they are kept in one transaction.
    private static func pieces(_ reader: inout EventStreamReader, _ buffer: ByteBuffer) throws -> [Piece] {
        var pieces: [Piece] = []
        var events: [AdmittedEvent] = []
        try reader.read(buffer.readableBytesView) { item in
            switch item {
            case .event(_, let data): events.append(LogVerifier.read(try CloudEventReader.kept(data)))
            case .typed("junk", _, let data): events.append(LogVerifier.read(try JunkEntry(json: data)))
            // Of a newer hub; what it carries leaves a gap, if it was a place of the log.
            case .typed: return
            case .comment(let text):
                guard let piece = heartbeat(text) else { return }
                if !events.isEmpty { pieces.append(.events(events)) }
                events = []
                pieces.append(piece)
            }
        }
        if !events.isEmpty { pieces.append(.events(events)) }
        return pieces
    }

    private static func heartbeat(_ text: String) -> Piece? {
        let words = text.split(separator: " ")
        if words.first == "revoked" { return .revoked }
        if words.first == "warning" { return .warning(words.dropFirst().joined(separator: " ")) }
        if words.first == "trouble" { return .trouble(words.dropFirst().joined(separator: " ")) }
        if words.count == 2, words[0] == "behind" { return Int(words[1]).map { .behind(seconds: max(0, $0)) } }
        guard words.count == 3, words[0] == "beat", let time = Int64(words[1]),
            let last = words[2].split(separator: ":").last.flatMap({ Int64($0) })
        else { return nil }
        return .heartbeat(hub: Timestamp(milliseconds: time), last: last)
    }
}

extension HubClient {
    /// Fetches a snapshot into a file that is not there, and checks that it is what a hub of the authority vouches for.
    ///
    /// - Throws: `Failure`, `SnapshotWord.Fault`; the file is then gone again.
    public func snapshot(from hub: String, to file: String, authority: AuthorityCertificate) async throws
        -> SnapshotWord
    {
        do {
            let response = try await calls.execute(
                HTTPClientRequest(url: hub + "/v1/snapshot"), timeout: .seconds(300))
            guard response.status == .ok else {
                let body = try await response.body.collect(upTo: 64 << 10)
                try HubClient.check(Int(response.status.code), Array(body.readableBytesView))
                throw Failure.unreachable("the hub gave no snapshot")
            }
            let word = try SnapshotWord(field: { response.headers.first(name: $0) }, authority: authority)
            let output = try WrittenFile(file)
            var hash = ByteHash()
            for try await buffer in response.body {
                let bytes = Array(buffer.readableBytesView)
                hash.add(bytes)
                try output.write(bytes)
            }
            try output.finish()
            guard hash.text == word.hash else { throw SnapshotWord.Fault("the snapshot was altered on its way") }
            return word
        } catch {
            WrittenFile.remove(file)
            throw error is SnapshotWord.Fault ? error : HubClient.meaning(of: error)
        }
    }
}
