import ControlRoom
import CoreMetrics
import Feed
import HTTPTypes
import Hummingbird
import NIOCore
import Standards

/// What is brought to the hub.
extension Responder {
    func post(_ request: Request, _ connection: Connection) async throws -> Response {
        let submitter = try await submitter(connection)
        let body = try await body(of: request)
        let items: [CloudEventHTTP.Item]
        do {
            items = try CloudEventHTTP.events(
                contentType: request.headers[.contentType], headers: Responder.attributes(request.headers), body: body)
        } catch CloudEventHTTP.Failure.unsupportedMediaType(let type) {
            throw Refusal(.unsupportedMediaType, "\(CloudEventHTTP.Failure.unsupportedMediaType(type))")
        } catch let failure as CloudEventHTTP.Failure {
            throw Refusal(.badRequest, "\(failure)")
        }
        return try await submit(items, submitter)
    }

    private static func attributes(_ headers: HTTPFields) -> [(name: String, value: String)] {
        headers.compactMap { field in
            let name = field.name.canonicalName
            return name.hasPrefix("ce-") ? (name, field.value) : nil
        }
    }

    private func submit(_ items: [CloudEventHTTP.Item], _ submitter: Submitter) async throws -> Response {
        var events: [Event] = []
        var rejected: [(id: String, reason: String, denied: Bool)] = []
        for item in items {
            switch item {
            case .event(let event): events.append(event)
            case .rejected(let id, let reason): rejected.append((id, reason, false))
            }
        }
        let verdicts: [Central.Verdict]
        switch await engine.submit(events, from: submitter) {
        case .success(let decided): verdicts = decided
        case .failure(let failure): throw Refusal(.serviceUnavailable, failure.description)
        }
        var (accepted, duplicate) = (0, 0)
        for (event, verdict) in zip(events, verdicts) {
            switch verdict {
            case .accepted: accepted += 1
            case .duplicate: duplicate += 1
            case .rejected(let reason, let isDenied): rejected.append((event.id, reason, isDenied))
            }
        }
        engine.submissions.increment(by: accepted)
        engine.duplicates.increment(by: duplicate)
        engine.rejections.increment(by: rejected.count)
        return Responder.answer(accepted, duplicate, rejected)
    }

    private static func answer(
        _ accepted: Int, _ duplicate: Int, _ rejected: [(id: String, reason: String, denied: Bool)]
    ) -> Response {
        .json(.accepted) { writer in
            writer.member("accepted", accepted)
            writer.member("duplicate", duplicate)
            writer.key("rejected")
            writer.array { writer in
                for one in rejected {
                    writer.object { writer in
                        writer.member("id", one.id)
                        writer.member("reason", one.reason)
                        if one.denied { writer.member("denied", true) }
                    }
                }
            }
        }
    }

    // MARK: - Foreign formats

    func ingest(_ format: String, _ request: Request, _ connection: Connection) async throws -> Response {
        let submitter = try await submitter(connection)
        let body = try await body(of: request)
        let now = engine.surroundings.now()
        do {
            switch format {
            case "cap": return try await submit(try imported(body, .cap, now: now), submitter)
            case "alertmanager":
                return try await submit(
                    try AlertmanagerWebhook.events(body, now: now).map(CloudEventHTTP.Item.event), submitter)
            case "sensorthings":
                return try await submit(
                    try SensorThingsObservation.events(body, now: now).map(CloudEventHTTP.Item.event), submitter)
            default: throw Refusal(.notFound, "taken are cap, alertmanager and sensorthings")
            }
        } catch let error as JSONError {
            throw Refusal(.badRequest, "at byte \(error.offset): \(error.reason)")
        } catch let failure as ImportFailure {
            throw Refusal(.badRequest, "\(failure)")
        }
    }

    /// CAP alone, or in an Atom feed, RSS or an EDXL-DE envelope.
    private func imported(_ body: [UInt8], _ format: ImportFormat, now: Timestamp) throws -> [CloudEventHTTP.Item] {
        var items: [CloudEventHTTP.Item] = []
        var source = MemorySource(body)
        try Importer(name: "post", format: nil, languages: ["en"], receivedAt: now).run(&source) { item in
            switch item {
            case .event(let event, _): items.append(.event(event))
            case .rejected(let rejection):
                items.append(.rejected(id: "line \(rejection.line)", reason: rejection.reason))
            case .note: break
            }
        }
        return items
    }
}
