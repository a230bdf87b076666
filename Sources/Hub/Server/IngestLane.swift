import ControlRoom
import Dispatch
import HubCore
import NIOCore
import NIOHTTP1
import NIOSSL
import Standards
import Trust

/// The short way for what comes most: `POST /v1/events` is read, admitted and answered on the connection's own event loop,
/// without a task for each request. Everything else goes on to the responder.
///
/// Requests of one connection are answered one after the other, in their order.
final class IngestLane: ChannelDuplexHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias InboundOut = HTTPServerRequestPart
    typealias OutboundIn = HTTPServerResponsePart
    typealias OutboundOut = HTTPServerResponsePart

    private enum Turn {
        case free
        /// A request of ours is coming in.
        case reading
        /// It is on its way into the log.
        case appending
        /// The responder has one.
        case elsewhere
        /// Nothing more is read from this connection.
        case closing
    }

    private let engine: HubEngine
    private let look: MemberLook
    private let trial: Submitter?
    private let bodyBytes: Int
    private var turn = Turn.free
    private var head: HTTPRequestHead?
    private var body: [UInt8] = []
    /// The memory of the body, and of what came early.
    private var held: Held?
    private var heldEarly: Held?
    /// Parts of the next requests of somebody who does not wait for answers; bounded.
    private var early: [HTTPServerRequestPart] = []
    private var member: Submitter?
    private var hasLooked = false

    private static let mostEarly = 64
    private static let mostKept = 16 << 10

    init(_ look: MemberLook, trial: Submitter?, bodyBytes: Int) {
        engine = look.engine
        self.look = look
        self.trial = trial
        self.bodyBytes = bodyBytes
    }

    // MARK: - Parts

    func channelRead(context: ChannelHandlerContext, data: NIOAny) { take(unwrapInboundIn(data), context) }

    private func take(_ part: HTTPServerRequestPart, _ context: ChannelHandlerContext) {
        switch (turn, part) {
        case (.closing, _): return
        case (.appending, _), (.elsewhere, .head): wait(part, context)
        case (.elsewhere, _) where !early.isEmpty: wait(part, context)
        case (.elsewhere, _): context.fireChannelRead(wrapInboundOut(part))
        case (.free, .head(let head)): begin(head, context)
        case (.reading, .body(let buffer)): add(buffer, context)
        case (.reading, .end): submit(context)
        default: context.fireChannelRead(wrapInboundOut(part))
        }
    }

    private func wait(_ part: HTTPServerRequestPart, _ context: ChannelHandlerContext) {
        guard early.count < IngestLane.mostEarly, holdEarly(part) else {
            turn = .closing
            return context.close(promise: nil)
        }
        early.append(part)
    }

    private func holdEarly(_ part: HTTPServerRequestPart) -> Bool {
        let bytes = part.bytesInMemory
        if let heldEarly { return heldEarly.grow(by: bytes) }
        heldEarly = engine.memory.hold(bytes, for: .machines)
        return heldEarly != nil
    }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        guard turn == .elsewhere, case .end = unwrapOutboundIn(data) else {
            return context.write(data, promise: promise)
        }
        context.write(data, promise: promise)
        next(context)
    }

    /// The one before is answered.
    private func next(_ context: ChannelHandlerContext) {
        turn = .free
        let parts = early
        early.removeAll()
        heldEarly = nil
        for part in parts { take(part, context) }
    }

    /// The memory of a large body is not kept for the next one.
    private func letGo() {
        held = nil
        if body.capacity > IngestLane.mostKept { body = [] } else { body.removeAll(keepingCapacity: true) }
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        body = []
        (held, heldEarly) = (nil, nil)
    }

    // MARK: - A request

    private func begin(_ head: HTTPRequestHead, _ context: ChannelHandlerContext) {
        guard head.method == .POST, head.uri == "/v1/events" else {
            turn = .elsewhere
            return context.fireChannelRead(wrapInboundOut(.head(head)))
        }
        self.head = head
        // Nothing is kept of who may not post.
        guard let submitter = submitter(context) else {
            return refuse(401, "a certificate of this hub that is in force is needed; enrol with a code", context)
        }
        letGo()
        held = engine.memory.hold(0, for: submitter.bringsAs)
        turn = .reading
        let length = head.headers.first(name: "content-length").flatMap { Int($0) } ?? 0
        if length > bodyBytes { return refuse(413, "more than \(bodyBytes) bytes", context) }
        if head.headers.first(name: "expect")?.lowercased() == "100-continue" {
            let more = HTTPResponseHead(version: .http1_1, status: .continue)
            context.writeAndFlush(wrapOutboundOut(.head(more)), promise: nil)
        }
    }

    private func add(_ buffer: ByteBuffer, _ context: ChannelHandlerContext) {
        guard body.count + buffer.readableBytes <= bodyBytes else {
            return refuse(413, "more than \(bodyBytes) bytes", context)
        }
        guard held?.grow(by: buffer.readableBytes * MemoryBudget.copiesOfBody) == true else {
            engine.journal.note(.outOfMemory, ["from": look.ticket.address])
            return refuse(503, MemoryBudget.refusal, context)
        }
        body.append(contentsOf: buffer.readableBytesView)
    }

    private func submit(_ context: ChannelHandlerContext) {
        guard let head else { return }
        turn = .appending
        guard let submitter = submitter(context) else {
            return answer(
                401, Refused.text("a certificate of this hub that is in force is needed; enrol with a code"), context)
        }
        if let encoding = head.headers.first(name: "content-encoding"), encoding != "identity" {
            return answer(415, Refused.text("a body is sent as it is, not as \(encoding.prefix(20))"), context)
        }
        do {
            let posted = PostedEvents(
                try CloudEventHTTP.events(
                    contentType: head.headers.first(name: "content-type"), headers: IngestLane.attributes(head.headers),
                    body: body))
            engine.central.tell(posted.unreadRaises, from: submitter, now: engine.surroundings.now())
            append(posted, submitter, context)
        } catch CloudEventHTTP.Failure.malformed(let reason, let raise) {
            let raises = [raise].compactMap { $0 }.map { Central.UnreadRaise(event: $0, reason: reason) }
            engine.central.tell(raises, from: submitter, now: engine.surroundings.now())
            answer(400, Refused.text(reason), context)
        } catch CloudEventHTTP.Failure.unsupportedMediaType(let type) {
            answer(415, Refused.text("\(CloudEventHTTP.Failure.unsupportedMediaType(type))"), context)
        } catch {
            answer(400, Refused.text("\(error)"), context)
        }
    }

    private func append(_ posted: PostedEvents, _ submitter: Submitter, _ context: ChannelHandlerContext) {
        let lane = NIOLoopBound((self, context), eventLoop: context.eventLoop)
        let (loop, engine) = (context.eventLoop, engine)
        let submit: @Sendable () -> Void = {
            engine.central.submit(posted.events, from: submitter, now: engine.surroundings.now()) { result in
                let answer = posted.answer(result, from: submitter, engine)
                loop.execute {
                    let (lane, context) = lane.value
                    lane.answer(answer.status, answer.text, retryAfter: answer.retryAfter, context)
                }
            }
        }
        // The loop serves many connections: a batch of signatures is checked beside it. What else comes by this connection
        // waits for its answer, so that its order stays.
        guard posted.events.lazy.filter({ $0.signature != nil }).count > IngestLane.mostSignaturesOnLoop else {
            return submit()
        }
        // A tenant's signatures wait for no other's.
        guard let tenant = engine.engine(of: submitter.identity.tenant) else { return submit() }
        tenant.checking.async(execute: submit)
    }

    private static let mostSignaturesOnLoop = 16

    private static func attributes(_ headers: HTTPHeaders) -> [(name: String, value: String)] {
        headers.compactMap { name, value in
            name.count > 3 && name.prefix(3).lowercased() == "ce-" ? (name.lowercased(), value) : nil
        }
    }

    /// Who is behind the connection is found out once, and looked up again for each request whether they still may.
    private func submitter(_ context: ChannelHandlerContext) -> Submitter? {
        if let trial { return trial }
        let now = engine.surroundings.now()
        if !hasLooked {
            hasLooked = true
            let certificate = try? context.pipeline.syncOperations.nioSSL_peerCertificate()
            member = look.find((certificate ?? nil).flatMap { try? $0.toDERBytes() }, now: now)
        }
        guard let member, look.isInForce(member, now: now) else { return nil }
        return member
    }

    // MARK: - Answers

    /// - Parameter retryAfter: seconds.
    private func answer(_ status: Int, _ text: [UInt8], retryAfter: Int? = nil, _ context: ChannelHandlerContext) {
        guard turn == .appending else { return }
        let keepsAlive = head?.isKeepAlive ?? false
        send(status, text, closes: !keepsAlive, retryAfter: retryAfter, context)
        letGo()
        head = nil
        if keepsAlive { next(context) } else { turn = .closing }
    }

    /// What else is on its way is not read.
    private func refuse(_ status: Int, _ reason: String, _ context: ChannelHandlerContext) {
        turn = .closing
        letGo()
        send(status, Refused.text(reason), closes: true, retryAfter: status == 503 ? 1 : nil, context)
    }

    private func send(
        _ status: Int, _ text: [UInt8], closes: Bool, retryAfter: Int?, _ context: ChannelHandlerContext
    ) {
        guard context.channel.isActive else { return }
        var headers = HTTPHeaders([("content-type", "application/json"), ("content-length", "\(text.count)")])
        if closes { headers.add(name: "connection", value: "close") }
        if let retryAfter { headers.add(name: "retry-after", value: "\(retryAfter)") }
        let head = HTTPResponseHead(version: .http1_1, status: .init(statusCode: status), headers: headers)
        context.write(wrapOutboundOut(.head(head)), promise: nil)
        context.write(wrapOutboundOut(.body(.byteBuffer(ByteBuffer(bytes: text)))), promise: nil)
        let channel = context.channel
        let sent = context.eventLoop.makePromise(of: Void.self)
        if closes { sent.futureResult.whenComplete { _ in channel.close(promise: nil) } }
        context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: sent)
    }
}

/// A refusal as JSON.
enum Refused {
    static func text(_ reason: String) -> [UInt8] {
        JSONWriter.bytes { $0.object { $0.member("error", reason) } }
    }
}

extension HTTPServerRequestPart {
    /// What it takes while it waits, about: a name and a value of a header are two texts of their own.
    var bytesInMemory: Int {
        switch self {
        case .head(let head):
            head.headers.reduce(head.uri.utf8.count + 200) { $0 + $1.name.utf8.count + $1.value.utf8.count + 64 }
        case .body(let buffer): buffer.readableBytes
        case .end: 0
        }
    }
}
