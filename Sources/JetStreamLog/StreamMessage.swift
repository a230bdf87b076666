import ControlRoom
import FoundationEssentials
import Nats

/// A message of a stream, as its leader gives it by its sequence.
struct StreamMessage {
    let entry: LogEntry
    /// The header that tells of the content; nil where there is none.
    let content: String?

    /// Nil where it is no answer of the API.
    init?(_ answer: [UInt8], sequence: Int64) {
        var (data, headers, time) = ("", "", "")
        let isRead: Void? = try? JSONReader.read(answer) { reader in
            try reader.object { name, value in
                guard name == "message" else { return _ = try value.skip() }
                try value.object { name, value in
                    switch name {
                    case "data": data = try value.string()
                    case "hdrs": headers = try value.string()
                    case "time": time = try value.string()
                    default: _ = try value.skip()
                    }
                }
            }
        }
        guard isRead != nil, let body = Data(base64Encoded: data), let lines = Data(base64Encoded: headers),
            let nanoseconds = JetStreamAPI.nanoseconds(time)
        else { return nil }
        let recorded = Timestamp(milliseconds: nanoseconds / 1_000_000)
        entry = LogEntry(sequence: sequence, recorded: recorded, body: Array(body))
        content = NatsHeaders(Array(lines))[Publisher.contentHeader]
    }
}

extension LogEntry {
    private static let acknowledging = Array("$JS.ACK.".utf8)

    /// A message that a consumer delivers. Nil where it is none of a stream: a heartbeat, a word that there are no more.
    init?(delivered message: NatsMessage) {
        // $JS.ACK.<stream>.<consumer>.<deliveries>.<stream sequence>.<consumer sequence>.<nanoseconds>.<pending>
        guard message.reply.starts(with: LogEntry.acknowledging) else { return nil }
        // Once for each message of the city: without texts in between.
        let numbers = Numbers.last(4, of: message.reply)
        guard numbers.count == 4, (1..<Int64.max).contains(numbers[0]) else { return nil }
        self.init(
            sequence: numbers[0], recorded: Timestamp(milliseconds: numbers[2] / 1_000_000), body: message.body)
    }
}
