import CNats
import ControlRoom

/// A consumer of a stream that lives as long as somebody uses it, made by the servers' own requests (ADR-1 of NATS describes them). libnats 3.4
/// has ordered and pull consumers of its own, which have corrupted memory while servers were killed.
struct Consumer {
    /// Where it begins.
    enum Start {
        case last
        case sequence(Int64)
    }

    private let nats: NatsConnection
    private let stream: String
    private let name: String

    private static let idleNanoseconds = 10_000_000_000
    static let heartbeatNanoseconds = 1_000_000_000

    /// - Parameters:
    ///   - inbox: where all messages are pushed to, with a word each second where there are none; nil for one that is asked (`send`).
    ///   - milliseconds: to wait for the servers.
    /// - Throws: `JetStreamFailure` where they refuse, or do not answer.
    init(_ nats: NatsConnection, stream: String, from start: Start, to inbox: String?, milliseconds: Int64) throws {
        (self.nats, self.stream) = (nats, stream)
        name = try String(Inbox.name().split(separator: ".").last ?? "consumer")
        let body = Consumer.request(stream, name, start, inbox)
        let subject = "$JS.API.CONSUMER.CREATE.\(stream).\(name)"
        let answer = try Stream.ask(nats, subject, body, milliseconds: milliseconds)
        if let refusal = Consumer.refusal(answer) { throw JetStreamFailure("NATS: reading \(stream): \(refusal)") }
    }

    private static func request(_ stream: String, _ name: String, _ start: Start, _ inbox: String?) -> [UInt8] {
        JSONWriter.bytes { writer in
            writer.object { request in
                request.member("stream_name", stream)
                request.member(
                    "config",
                    object: { config in
                        config.member("name", name)
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
                        if let inbox {
                            config.member("deliver_subject", inbox)
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

    /// Has messages sent to an inbox: what there is, up to these bounds. Behind them comes a word that there are no more.
    func send(_ count: Int, bytes: Int, to inbox: String) throws {
        let body = JSONWriter.bytes { writer in
            writer.object { request in
                request.member("batch", count)
                request.member("max_bytes", bytes)
                request.member("no_wait", true)
            }
        }
        let subject = "$JS.API.CONSUMER.MSG.NEXT.\(stream).\(name)"
        try JetStreamFailure.check(
            natsConnection_PublishRequest(nats.connection, subject, inbox, body, Int32(body.count)), subject)
    }

    /// Without waiting for an answer.
    func end() {
        guard let nowhere = try? Inbox.name() else { return }
        natsConnection_PublishRequest(
            nats.connection, "$JS.API.CONSUMER.DELETE.\(stream).\(name)", nowhere, nil, 0)
    }
}
