/// The number under which a name is entered in a file's table of hashes, and looked up there: SipHash under a key that the file keeps.
/// Nobody who does not read the file can choose names that fall together.
///
/// An older version entered names by FNV-1a, without a key. Of what was archived or trimmed nothing but that number is left: so those
/// rows keep it, and are looked up by it for ever.
public struct NameHash: Equatable, Sendable {
    private let key: SipHash.Key
    /// The last row that was entered by FNV-1a; 0 where none was.
    public let plainThrough: Int64

    public init(key: SipHash.Key, plainThrough: Int64) {
        self.key = key
        self.plainThrough = plainThrough
    }

    /// Read from what `text` gives; nil where it is none.
    public init?(_ text: String) {
        let parts = text.split(separator: " ")
        guard parts.count == 3, let first = UInt64(parts[0], radix: 16), let second = UInt64(parts[1], radix: 16),
            let plainThrough = Int64(parts[2])
        else { return nil }
        self.init(key: SipHash.Key(first, second), plainThrough: plainThrough)
    }

    /// As a file keeps it. It holds the key.
    public var text: String { "\(String(key.first, radix: 16)) \(String(key.second, radix: 16)) \(plainThrough)" }

    /// The hash of a name of several parts.
    public func of(_ parts: String...) -> Int64 { Int64(bitPattern: SipHash.of(texts: parts, under: key)) }

    /// The first row that stands for a name.
    ///
    /// - Parameters:
    ///   - hashed: the name's hash under the key.
    ///   - plain: its FNV-1a; made only where there are rows that were entered by it.
    ///   - match: what is known of the name at a row; nil where the row is another's.
    /// - Throws: what `rows` and `match` throw.
    public func first<Value>(
        in rows: some RowsByHash, _ hashed: Int64, plain: @autoclosure () -> Int64, _ match: (Int64) throws -> Value?
    ) throws -> Value? {
        if let found = try rows.first(hashed, { $0 > plainThrough ? try match($0) : nil }) { return found }
        guard plainThrough > 0 else { return nil }
        return try rows.first(plain()) { $0 <= plainThrough ? try match($0) : nil }
    }
}

/// Rows that are entered by a hash, of which several may be the same.
public protocol RowsByHash {
    /// The first row of a hash that `match` knows for its own.
    ///
    /// - Throws: what the file says, and what `match` throws.
    func first<Value>(_ hash: Int64, _ match: (Int64) throws -> Value?) throws -> Value?
}
