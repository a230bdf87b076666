import ControlRoom
import CoreMetrics
import Feed
import Metrics
import Standards

/// What was brought in one request, and the answer to it.
struct PostedEvents: Sendable {
    let events: [Event]
    private let unreadable: [Refusal]

    private struct Refusal: Sendable {
        var id: String
        var reason: String
        var isDenied = false
    }

    init(_ items: [CloudEventHTTP.Item]) {
        var events: [Event] = []
        var unreadable: [Refusal] = []
        for item in items {
            switch item {
            case .event(let event): events.append(event)
            case .rejected(let id, let reason): unreadable.append(Refusal(id: id, reason: reason))
            }
        }
        self.events = events
        self.unreadable = unreadable
    }

    /// - Returns: the status and the body: `{accepted, duplicate, rejected: [{id, reason}]}`.
    func answer(
        _ result: Result<[Central.Verdict], Appender.Failure>, from submitter: Submitter, _ engine: HubEngine
    ) -> (status: Int, text: [UInt8]) {
        let verdicts: [Central.Verdict]
        switch result {
        case .success(let decided): verdicts = decided
        case .failure(let failure): return (503, Refused.text(failure.description))
        }
        var rejected = unreadable
        var (accepted, duplicate) = (0, 0)
        for (event, verdict) in zip(events, verdicts) {
            switch verdict {
            case .accepted: accepted += 1
            case .duplicate: duplicate += 1
            case .rejected(let reason, let isDenied):
                rejected.append(Refusal(id: event.id, reason: reason, isDenied: isDenied))
                if isDenied { engine.noteDenial(of: event, from: submitter) }
            }
        }
        engine.count(accepted: accepted, duplicate: duplicate, rejected: rejected.count)
        return (202, PostedEvents.text(accepted, duplicate, rejected))
    }

    private static func text(_ accepted: Int, _ duplicate: Int, _ rejected: [Refusal]) -> [UInt8] {
        JSONWriter.bytes { writer in
            writer.object { writer in
                writer.member("accepted", accepted)
                writer.member("duplicate", duplicate)
                writer.key("rejected")
                writer.array { writer in
                    for one in rejected {
                        writer.object { writer in
                            writer.member("id", one.id)
                            writer.member("reason", one.reason)
                            if one.isDenied { writer.member("denied", true) }
                        }
                    }
                }
            }
        }
    }
}
