import ControlRoom
import Nats

/// A consumer of a stream that lives as long as somebody uses it, made by the servers' own requests (ADR-1 of NATS describes them).
struct Consumer {
    /// Where it begins.
    enum Start {
        case last
        case sequence(Int64)
    }

    /// A name that nobody else on the servers has, for a consumer and the subject that it sends to.
    struct Inbox {
        let name = UniqueName.make()

        var subject: String { "_INBOX." + name }
    }

    private let nats: NatsConnection
    private let stream: String
    private let inbox: Inbox

    private static let idleNanoseconds = 10_000_000_000
    private static let heartbeatNanoseconds = 1_000_000_000

    /// - Parameters:
    ///   - inbox: where messages are sent; whoever wants them listens there already.
    ///   - isPushed: all are sent as they come, with a word each second where there are none; otherwise what `send` asks for.
    ///   - milliseconds: to wait for the servers.
    /// - Throws: `NatsFailure` where they do not answer; `JetStreamRefusal`.
    init(
        _ nats: NatsConnection, stream: String, from start: Start, to inbox: Inbox, isPushed: Bool,
        milliseconds: Int
    ) throws {
        (self.nats, self.stream, self.inbox) = (nats, stream, inbox)
        _ = try JetStreamAPI.ask(
            nats, "CONSUMER.CREATE.\(stream).\(inbox.name)", Consumer.request(stream, inbox, start, isPushed),
            milliseconds: milliseconds)
    }

    private static func request(_ stream: String, _ inbox: Inbox, _ start: Start, _ isPushed: Bool) -> [UInt8] {
        JetStreamAPI.object { request in
            request.member("stream_name", stream)
            request.member("config") { config in
                config.member("name", inbox.name)
                switch start {
                case .last: config.member("deliver_policy", "last")
                case .sequence(let first):
                    config.member("deliver_policy", "by_start_sequence")
                    config.member("opt_start_seq", Int(max(1, first)))
                }
                config.member("ack_policy", "none")
                config.member("replay_policy", "instant")
                config.member("num_replicas", 1)
                config.member("mem_storage", true)
                config.member("inactive_threshold", idleNanoseconds)
                if isPushed {
                    config.member("deliver_subject", inbox.subject)
                    config.member("idle_heartbeat", heartbeatNanoseconds)
                }
            }
        }
    }

    /// Has messages sent: what there is, up to these bounds. Behind them comes a word that there are no more.
    ///
    /// - Throws: `NatsFailure` without a connection.
    func send(_ count: Int, bytes: Int) throws {
        let body = JetStreamAPI.object { request in
            request.member("batch", count)
            request.member("max_bytes", bytes)
            request.member("no_wait", true)
        }
        try nats.publish(
            OutgoingMessage(
                subject: "$JS.API.CONSUMER.MSG.NEXT.\(stream).\(inbox.name)", body: body, reply: inbox.subject))
    }

    /// Without waiting for an answer.
    func end() {
        try? nats.publish(OutgoingMessage(subject: "$JS.API.CONSUMER.DELETE.\(stream).\(inbox.name)"))
    }
}
