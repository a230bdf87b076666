import ControlRoom
import Nats

/// What a stream's leader says of it.
struct StreamInfo: Equatable {
    /// The sequences of the first and the last message; the first is one behind the last where there is none.
    var first: Int64 = 0
    var last: Int64 = 0
    /// Nanoseconds since 1970.
    var created: Int64 = 0
    /// Bytes; 0 or less where nothing but the servers bound it.
    var largestMessage = 0

    /// - Throws: `NatsFailure` where it is no answer of the API.
    init(_ answer: [UInt8]) throws {
        var time: Int64?
        let isRead: Void? = try? JSONReader.read(answer) { reader in
            try reader.object { name, value in
                switch name {
                case "created": time = JetStreamAPI.nanoseconds(try value.string())
                case "state": try readState(&value)
                case "config": try readConfiguration(&value)
                default: _ = try value.skip()
                }
            }
        }
        guard isRead != nil, let time else { throw NatsFailure("NATS: an answer that tells of no stream") }
        created = time
    }

    private mutating func readState(_ reader: inout JSONReader) throws {
        try reader.object { name, value in
            switch name {
            case "first_seq": first = Int64(try value.integer())
            case "last_seq": last = Int64(try value.integer())
            default: _ = try value.skip()
            }
        }
    }

    private mutating func readConfiguration(_ reader: inout JSONReader) throws {
        try reader.object { name, value in
            if name == "max_msg_size" { largestMessage = try value.integer() } else { _ = try value.skip() }
        }
    }
}
