import CNats
import ControlRoom

extension Stream {
    /// Whether the stream takes atomic batches (nats-server 2.12 and later; ADR-50 of NATS): asked for where it does not yet. The library
    /// knows nothing of them.
    ///
    /// - Throws: `JetStreamFailure` where nobody answers.
    static func takesBatches(_ nats: NatsConnection, _ name: String) throws -> Bool {
        guard let known = configuration(in: try ask(nats, "$JS.API.STREAM.INFO." + name, [])) else { return false }
        if isAtomic(known) { return true }
        let wanted = Array("{\"allow_atomic\":true,".utf8) + known.dropFirst()
        let answer = try ask(nats, "$JS.API.STREAM.UPDATE." + name, wanted)
        return configuration(in: answer).map(isAtomic) ?? false
    }

    /// The answer to a request of the JetStream API.
    static func ask(
        _ nats: NatsConnection, _ subject: String, _ body: [UInt8], milliseconds: Int64 = waitMilliseconds
    ) throws -> [UInt8] {
        var answer: OpaquePointer?
        let status = body.withUnsafeBytes { bytes in
            natsConnection_Request(
                &answer, nats.connection, subject, bytes.baseAddress, Int32(bytes.count), milliseconds)
        }
        try JetStreamFailure.check(status, subject)
        defer { natsMsg_Destroy(answer) }
        return Message.body(answer)
    }

    /// A JSON object with one member at least; nil where the answer holds none.
    static func configuration(in answer: [UInt8]) -> [UInt8]? {
        var found: [UInt8]?
        try? JSONReader.read(answer) { reader in
            try reader.object { name, value in
                if name == "config" { found = try value.raw() } else { _ = try value.skip() }
            }
        }
        return found
    }

    static func isAtomic(_ configuration: [UInt8]) -> Bool {
        var isAtomic = false
        try? JSONReader.read(configuration) { reader in
            try reader.object { name, value in
                if name == "allow_atomic" { isAtomic = try value.bool() } else { _ = try value.skip() }
            }
        }
        return isAtomic
    }
}
