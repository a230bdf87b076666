import ControlRoom
import CoreMetrics
import HTTPTypes
import HubCore
import Hummingbird
import NIOCore
import Standards

/// What is brought to the hub in foreign formats; events themselves come by the `IngestLane`.
extension Responder {
    private func submit(
        _ items: [CloudEventHTTP.Item], _ submitter: Submitter, notes: [PostedEvents.Note] = []
    ) async -> Response {
        let posted = PostedEvents(items, notes: notes)
        let answer = posted.answer(await engine.submit(posted.events, from: submitter), from: submitter, engine)
        var headers: HTTPFields = [.contentType: "application/json"]
        if let seconds = answer.retryAfter { headers[.retryAfter] = String(seconds) }
        return Response(
            status: .init(code: answer.status), headers: headers,
            body: .init(byteBuffer: ByteBuffer(bytes: answer.text)))
    }

    // MARK: - Foreign formats

    func ingest(_ format: String, _ request: Request, _ connection: Connection) async throws -> Response {
        let submitter = try await submitter(connection)
        let body = try await body(of: request, for: submitter.bringsAs)
        defer { withExtendedLifetime(body.held) {} }
        let now = engine.surroundings.now()
        do {
            switch format {
            case "cap":
                let read = try imported(body.bytes, now: now)
                return await submit(read.items, submitter, notes: read.notes)
            case "alertmanager":
                return await submit(
                    try AlertmanagerWebhook.events(body.bytes, now: now).map(CloudEventHTTP.Item.event), submitter)
            case "sensorthings":
                return await submit(
                    try SensorThingsObservation.events(body.bytes, now: now).map(CloudEventHTTP.Item.event), submitter)
            default: throw Refusal(.notFound, "taken are cap, alertmanager and sensorthings")
            }
        } catch let error as JSONError {
            throw Refusal(.badRequest, "at byte \(error.offset): \(error.reason)")
        } catch let failure as ImportFailure {
            throw Refusal(.badRequest, "\(failure)")
        }
    }

    /// CAP alone, or in an Atom feed, RSS or an EDXL-DE envelope; and every other format that `impetus import` takes, for
    /// it is told by its content. Where it cannot be read to its end, what was read is taken.
    private func imported(
        _ body: [UInt8], now: Timestamp
    ) throws -> (items: [CloudEventHTTP.Item], notes: [PostedEvents.Note]) {
        var items: [CloudEventHTTP.Item] = []
        var notes: [PostedEvents.Note] = []
        var source = MemorySource(body)
        do {
            try Importer(name: "post", format: nil, languages: ["en"], receivedAt: now).run(&source) { item in
                switch item {
                case .event(let event, _): items.append(.event(event))
                case .rejected(let rejection):
                    items.append(.rejected(id: "line \(rejection.line)", reason: rejection.reason))
                case .note(let line, let text):
                    if notes.count < PostedEvents.mostNotes { notes.append(PostedEvents.Note(line: line, text: text)) }
                }
            }
        } catch let failure as ImportFailure where !items.isEmpty {
            items.append(.rejected(id: "line \(failure.line)", reason: failure.reason))
        }
        return (items, notes)
    }
}
