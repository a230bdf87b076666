import Foundation
import Trust

/// A message as a nats-server keeps it in a block of a stream (`N.blk`): length, sequence, time, subject, headers, body and checksum,
/// numbers with the lowest byte first.
public struct StoredMessage: Hashable, Sendable {
    public var sequence: UInt64
    public var body: [UInt8]

    /// Without the hub's word behind it.
    public var event: [UInt8] { LogWord.event(of: body) }

    private static let fixed = 22
    private static let checksum = 8
    /// The highest bit of the length.
    private static let hasHeaders: UInt32 = 1 << 31
    /// Bits of a sequence that mark what was deleted.
    private static let marks: UInt64 = 3 << 62

    /// All messages of a stream's folder, in their order.
    ///
    /// - Throws: what the disk says.
    static func all(in folder: String) throws -> [StoredMessage] {
        let blocks = try FileManager.default.contentsOfDirectory(atPath: folder).filter { $0.hasSuffix(".blk") }
        let numbers = blocks.compactMap { Int($0.dropLast(4)) }.sorted()
        return try numbers.flatMap { number in
            messages(of: Array(try Data(contentsOf: URL(fileURLWithPath: folder + "/\(number).blk"))))
        }
    }

    static func messages(of block: [UInt8]) -> [StoredMessage] {
        var found: [StoredMessage] = []
        var place = 0
        while place + fixed + checksum <= block.count {
            let word = UInt32(truncatingIfNeeded: number(block, place, 4))
            let end = place + Int(word & ~hasHeaders)
            guard end <= block.count, end >= place + fixed + checksum else { break }
            let sequence = number(block, place + 4, 8)
            var body = place + fixed + Int(number(block, place + 20, 2))
            if word & hasHeaders != 0, body + 4 <= end { body += 4 + Int(number(block, body, 4)) }
            if sequence & marks == 0, body <= end - checksum {
                found.append(StoredMessage(sequence: sequence, body: Array(block[body..<end - checksum])))
            }
            place = end
        }
        return found
    }

    private static func number(_ bytes: [UInt8], _ place: Int, _ count: Int) -> UInt64 {
        (0..<count).reversed().reduce(0) { $0 << 8 | UInt64(bytes[place + $1]) }
    }
}
