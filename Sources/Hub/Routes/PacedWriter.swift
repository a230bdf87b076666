import Hummingbird
import NIOCore

/// Writes a response's body in slices, and lets the connection's event loop come to them: only then it is known whether the
/// reader takes any. So no more than `mostUnseen` bytes, and what the channel takes before it is full, wait for one who reads
/// nothing.
struct PacedWriter {
    private(set) var body: any ResponseBodyWriter
    private let loop: any EventLoop
    /// Bytes that the loop may not have come to.
    private var unseen = 0

    static let slice = 64 << 10
    static let mostUnseen = 128 << 10

    init(_ body: any ResponseBodyWriter, on loop: any EventLoop) {
        self.body = body
        self.loop = loop
    }

    /// Returns when all but a bounded rest has been taken by the reader's side.
    ///
    /// - Throws: where the connection is gone.
    mutating func write(_ buffer: ByteBuffer) async throws {
        var rest = buffer
        while rest.readableBytes > 0, let slice = rest.readSlice(length: min(rest.readableBytes, PacedWriter.slice)) {
            try await body.write(slice)
            unseen += slice.readableBytes
            guard unseen >= PacedWriter.mostUnseen else { continue }
            unseen = 0
            try await loop.submit {}.get()
        }
    }
}
