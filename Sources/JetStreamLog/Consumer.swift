import CNats
import ControlRoom

/// A consumer of a stream that lives as long as somebody uses it, made by the servers' own requests (ADR-1 of NATS describes them). libnats 3.4
/// has ordered and pull consumers of its own, which give up subscriptions (see `Listeners`).
struct Consumer {
    /// Where it begins.
    enum Start {
        case last
        case sequence(Int64)
    }

    private let nats: NatsConnection
    private let stream: String
    private let inbox: Listeners.Inbox

    private static let idleNanoseconds = 10_000_000_000
    static let heartbeatNanoseconds = 1_000_000_000

    /// - Parameters:
    ///   - inbox: where messages are sent.
    ///   - isPushed: all are sent as they come, with a word each second where there are none; otherwise what `send` asks for.
    ///   - milliseconds: to wait for the servers.
    /// - Throws: `JetStreamFailure` where they refuse, or do not answer.
    init(
        _ nats: NatsConnection, stream: String, from start: Start, to inbox: Listeners.Inbox, isPushed: Bool,
        milliseconds: Int64
    ) throws {
        (self.nats, self.stream, self.inbox) = (nats, stream, inbox)
        let body = Consumer.request(stream, inbox, start, isPushed)
        let subject = "$JS.API.CONSUMER.CREATE.\(stream).\(inbox.name)"
        let answer = try Stream.ask(nats, subject, body, milliseconds: milliseconds)
        if let refusal = Consumer.refusal(answer) { throw JetStreamFailure("NATS: reading \(stream): \(refusal)") }
    }

    private static func request(
        _ stream: String, _ inbox: Listeners.Inbox, _ start: Start, _ isPushed: Bool
    ) -> [UInt8] {
        JSONWriter.bytes { writer in
            writer.object { request in
                request.member("stream_name", stream)
                request.member(
                    "config",
                    object: { config in
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
                    })
            }
        }
    }

    private static func refusal(_ answer: [UInt8]) -> String? {
        var found: String?
        try? JSONReader.read(answer) { reader in
            try reader.object { name, value in
                if name == "error" { found = try PublishAnswer.error(&value).text } else { _ = try value.skip() }
            }
        }
        return found
    }

    /// Has messages sent: what there is, up to these bounds. Behind them comes a word that there are no more.
    func send(_ count: Int, bytes: Int) throws {
        let body = JSONWriter.bytes { writer in
            writer.object { request in
                request.member("batch", count)
                request.member("max_bytes", bytes)
                request.member("no_wait", true)
            }
        }
        let subject = "$JS.API.CONSUMER.MSG.NEXT.\(stream).\(inbox.name)"
        try JetStreamFailure.check(
            natsConnection_PublishRequest(nats.connection, subject, inbox.subject, body, Int32(body.count)), subject)
    }

    /// Without waiting for an answer.
    func end() {
        guard let nowhere = try? UniqueName.make() else { return }
        natsConnection_PublishRequest(
            nats.connection, "$JS.API.CONSUMER.DELETE.\(stream).\(inbox.name)", nowhere, nil, 0)
    }
}
