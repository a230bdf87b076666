/// `log.checkpointed.v1`: a hub's signed word that the chain over the log has this head at this sequence.
public struct LogCheckpointed: Equatable, Sendable {
    public var sequence: Int64
    /// SHA-256, hexadecimal.
    public var head: String

    public init(sequence: Int64, head: String) {
        self.sequence = sequence
        self.head = head
    }

    init(reading reader: inout JSONReader) throws {
        self.init(sequence: 0, head: "")
        try reader.object { key, reader in
            switch key {
            case "sequence": sequence = Int64(try reader.integer())
            case "head": head = try reader.string()
            default: try reader.skip()
            }
        }
    }

    public func write(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.member("sequence", Int(sequence))
            writer.member("head", head)
        }
    }
}
