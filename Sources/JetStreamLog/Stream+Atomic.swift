import ControlRoom
import Nats

extension Stream {
    /// Whether the stream takes atomic batches (nats-server 2.12 and later; ADR-50 of NATS): asked for where it does not yet.
    ///
    /// - Parameter answer: what its leader says of it.
    /// - Throws: `NatsFailure` where nobody answers.
    static func takesBatches(_ nats: NatsConnection, _ name: String, known answer: [UInt8]) throws -> Bool {
        guard let known = configuration(in: answer) else { return false }
        if isAtomic(known) { return true }
        let wanted = Array("{\"allow_atomic\":true,".utf8) + known.dropFirst()
        do {
            let answer = try JetStreamAPI.ask(nats, "STREAM.UPDATE." + name, wanted)
            return configuration(in: answer).map(isAtomic) ?? false
        } catch let refusal as JetStreamRefusal where refusal.status < 500 {
            return false
        }
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
