/// Something that bytes are read from, once, from its beginning.
public protocol ByteSource {
    /// Fills the start of `buffer` and returns how many bytes; 0 at the end.
    ///
    /// - Throws: what the source says where it cannot be read on; `FileFault` for a file.
    mutating func read(into buffer: UnsafeMutableRawBufferPointer) throws -> Int
}

/// Bytes in memory.
public struct MemorySource: ByteSource {
    private let bytes: [UInt8]
    private var position = 0

    public init(_ bytes: [UInt8]) { self.bytes = bytes }

    public init(_ text: String) { bytes = Array(text.utf8) }

    /// Copies what fits; 0 at the end.
    ///
    /// - Throws: what a `ByteSource` may throw; memory never does.
    public mutating func read(into buffer: UnsafeMutableRawBufferPointer) throws -> Int {
        let count = min(buffer.count, bytes.count - position)
        buffer.copyBytes(from: bytes[position..<position + count])
        position += count
        return count
    }
}
