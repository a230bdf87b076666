public import ControlRoom
import Crypto

extension JunkEntry {
    /// What stands at a place of a log, where it is no event, or has no effect there.
    public init(_ entry: LogEntry, kind: Kind = .noEvent) {
        self.init(
            sequence: entry.sequence, digest: Hex.text(SHA256.hash(data: entry.body)), bytes: entry.body.count,
            kind: kind)
    }
}

extension LogChain {
    /// What the chain takes in for an entry that is no event. SHA-256 (FIPS 180-4).
    ///
    /// What is hashed begins with eight bytes of all ones, where that of an event begins with its sequence, which is never
    /// negative: its first bit is 0. No event and no junk have the same bytes to hash, so that nobody can pass one off as the
    /// other, not even by choosing the bytes: a reader who is told of a junk entry makes this digest themselves.
    public static func digest(of junk: JunkEntry) -> [UInt8] {
        var bytes = [UInt8](repeating: 0xFF, count: 8)
        for number in [UInt64(bitPattern: junk.sequence), UInt64(bitPattern: Int64(junk.bytes))] {
            for shift in stride(from: 56, through: 0, by: -8) {
                bytes.append(UInt8(truncatingIfNeeded: number >> shift))
            }
        }
        bytes.append(contentsOf: junk.digest.utf8)
        return Array(SHA256.hash(data: bytes))
    }
}
