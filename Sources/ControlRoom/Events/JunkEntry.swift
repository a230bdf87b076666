/// An entry of a log that is no event, or that no hub vouches for: whoever can write to a log's servers can put any bytes there.
/// Everybody skips it at its place; the chain takes it in by the digest of its bytes.
public struct JunkEntry: Equatable, Sendable {
    /// Why it has no effect. Not part of what the chain takes in.
    public enum Kind: Int, Sendable {
        /// Its bytes are no event.
        case noEvent = 0
        /// It is an event, and bears no hub's word: no hub of this site wrote it here.
        case unproved = 1
    }

    /// Its place in the log, 1 or more.
    public let sequence: Int64
    /// SHA-256 (FIPS 180-4) of its bytes: 64 digits, hexadecimal, lower case.
    public let digest: String
    /// How many bytes it has; 0 for an empty one.
    public let bytes: Int
    public let kind: Kind

    /// For a place of a log that was read; what came from elsewhere is read by `init(json:)`, which checks the bounds.
    public init(sequence: Int64, digest: String, bytes: Int, kind: Kind = .noEvent) {
        self.sequence = sequence
        self.digest = digest
        self.bytes = bytes
        self.kind = kind
    }

    private static func isDigest(_ text: String) -> Bool {
        text.utf8.count == 64 && text.utf8.allSatisfy { (0x30...0x39).contains($0) || (0x61...0x66).contains($0) }
    }
}

extension JunkEntry: CustomStringConvertible {
    /// What is reported of it: never its bytes.
    public var description: String {
        switch kind {
        case .noEvent: "entry \(sequence) is no event: \(bytes) bytes"
        case .unproved: "entry \(sequence) bears no hub's word: \(bytes) bytes"
        }
    }
}

extension JunkEntry {
    private static let unprovedName = "unproved"

    /// As it travels in place of an event: in a stream, a page or a bundle.
    public var json: [UInt8] {
        JSONWriter.bytes { writer in
            writer.object { writer in
                writer.member("sequence", String(sequence))
                writer.member("digest", digest)
                writer.member("bytes", bytes)
                if kind == .unproved { writer.member("kind", JunkEntry.unprovedName) }
            }
        }
    }

    /// - Throws: `JSONError` where a member is missing or out of its bounds.
    public init(json: [UInt8]) throws { self = try JSONReader.read(json) { try JunkEntry(&$0) } }

    /// - Throws: `JSONError` where a member is missing or out of its bounds.
    public init(_ reader: inout JSONReader) throws {
        var (sequence, digest, bytes, kind) = ("", "", -1, Kind.noEvent)
        try reader.object { key, reader in
            switch key {
            case "sequence": sequence = try reader.string()
            case "digest": digest = try reader.string()
            case "bytes": bytes = try reader.integer()
            // One that a newer version names otherwise has no effect either.
            case "kind": kind = try reader.string() == JunkEntry.unprovedName ? .unproved : .noEvent
            default: try reader.skip()
            }
        }
        guard let sequence = Int64(sequence), sequence >= 1, bytes >= 0, JunkEntry.isDigest(digest) else {
            throw reader.failure("this names no place of a log by sequence, digest and bytes")
        }
        self.init(sequence: sequence, digest: digest, bytes: bytes, kind: kind)
    }
}
