import ControlRoom
import CoreMetrics
import HubCore
import Metrics
import Standards

/// What was brought in one request, and the answer to it.
struct PostedEvents: Sendable {
    let events: [Event]
    /// What could be read of raises that are no events, and why they are none.
    let unreadRaises: [Central.UnreadRaise]
    private let unreadable: [Refusal]
    private let notes: [Note]

    /// What of a message that was taken could not be read, or was read against its standard.
    struct Note: Sendable {
        /// Of the body, from 1.
        var line: Int
        var text: String
    }

    /// What is beyond is not told.
    static let mostNotes = 1_000

    private struct Refusal: Sendable {
        var id: String
        var reason: String
        var isDenied = false
    }

    init(_ items: [CloudEventHTTP.Item], notes: [Note] = []) {
        self.notes = notes
        var events: [Event] = []
        var unreadable: [Refusal] = []
        var raises: [Central.UnreadRaise] = []
        for item in items {
            switch item {
            case .event(let event): events.append(event)
            case .rejected(let id, let reason, let raise):
                unreadable.append(Refusal(id: id, reason: reason))
                if let raise { raises.append(Central.UnreadRaise(event: raise, reason: reason)) }
            }
        }
        self.events = events
        self.unreadable = unreadable
        unreadRaises = raises
    }

    struct Answer: Sendable {
        var status: Int
        /// `{accepted, duplicate, rejected: [{id, reason}]}`, what is to be posted again later: `later: [id]`, and what is said beside
        /// a message: `notes: [{line, note}]`.
        var text: [UInt8]
        /// Seconds (RFC 9110, 10.2.3); nil where nothing is to come again.
        var retryAfter: Int?
    }

    /// 202; 429 where some of it is to be posted again (RFC 6585, 4), be it all: the rest is then a duplicate; 503 where the log
    /// took nothing.
    func answer(
        _ result: Result<[Central.Verdict], Appender.Failure>, from submitter: Submitter, _ engine: HubEngine
    ) -> Answer {
        let verdicts: [Central.Verdict]
        switch result {
        case .success(let decided): verdicts = decided
        case .failure(let failure):
            let isHidden = engine.plainTrouble != nil && !submitter.administers
            let words = isHidden ? HubEngine.takesNothing : failure.description
            return Answer(status: 503, text: Refused.text(words), retryAfter: 1)
        }
        var rejected = unreadable
        var (accepted, duplicate) = (0, 0)
        var (later, wait) = ([String](), nil as Int?)
        for (event, verdict) in zip(events, verdicts) {
            switch verdict {
            case .accepted: accepted += 1
            case .duplicate: duplicate += 1
            case .rejected(let reason, let isDenied):
                rejected.append(Refusal(id: event.id, reason: reason, isDenied: isDenied))
                if isDenied { engine.noteDenial(of: event, from: submitter) }
            case .later(let seconds):
                later.append(event.id)
                wait = max(wait ?? 0, seconds)
            }
        }
        engine.count(accepted: accepted, duplicate: duplicate, rejected: rejected.count)
        engine.noteLater(later.count, from: submitter, sender: nil)
        return Answer(
            status: wait == nil ? 202 : 429, text: text(accepted, duplicate, rejected, later),
            retryAfter: wait)
    }

    private static let tooMany = "more than this machine may post; what is listed as later is to be posted again later"

    private func text(_ accepted: Int, _ duplicate: Int, _ rejected: [Refusal], _ later: [String]) -> [UInt8] {
        JSONWriter.bytes { writer in
            writer.object { writer in
                if !later.isEmpty { writer.member("error", PostedEvents.tooMany) }
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
                if !later.isEmpty {
                    writer.key("later")
                    writer.array { writer in for id in later { writer.string(id) } }
                }
                guard !notes.isEmpty else { return }
                writer.key("notes")
                writer.array { writer in
                    for note in notes {
                        writer.object { writer in
                            writer.member("line", note.line)
                            writer.member("note", note.text)
                        }
                    }
                }
            }
        }
    }
}
