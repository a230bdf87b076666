import ControlRoom

/// What a stream's leader answers to what was published.
enum PublishAnswer: Equatable {
    /// The sequence of the last message.
    case stored(Int64)
    /// The stream does not end where it was expected to.
    case overtaken
    /// Nothing was stored.
    case failed(String)

    /// JSStreamWrongLastSequenceErrF, and JSStreamWrongLastSequenceConstantErr of later servers.
    static let wrongLastSequence: Set<Int> = [10_071, 10_164]

    /// - Throws: `JetStreamFailure` where it says neither a sequence nor an error.
    init(_ json: [UInt8]) throws {
        var (sequence, error): (Int?, (code: Int, text: String)?) = (nil, nil)
        let isRead: Void? = try? JSONReader.read(json) { reader in
            try reader.object { name, value in
                switch name {
                case "seq": sequence = try value.integer()
                case "error": error = try PublishAnswer.error(&value)
                default: _ = try value.skip()
                }
            }
        }
        guard isRead != nil else { throw JetStreamFailure("NATS: an answer that is not JSON") }
        if let error {
            self = PublishAnswer.wrongLastSequence.contains(error.code) ? .overtaken : .failed(error.text)
        } else if let sequence, sequence > 0 {
            self = .stored(Int64(sequence))
        } else {
            throw JetStreamFailure("NATS: an answer without a sequence")
        }
    }

    static func error(_ reader: inout JSONReader) throws -> (code: Int, text: String) {
        var found = (code: 0, text: "not stored")
        try reader.object { name, value in
            switch name {
            case "err_code": found.code = try value.integer()
            case "description": found.text = try value.string()
            default: _ = try value.skip()
            }
        }
        return found
    }
}
