import ControlRoom
@preconcurrency import Dispatch
import Foundation
import Synchronization

/// The last line that a program writes to its standard error, which is read as long as it runs, so that it never waits for a
/// reader. What it leaves running may go on writing there: that is read, and thrown away, until nobody writes any more.
final class LastComplaint: Sendable {
    private let pipe = Pipe()
    private let queue = DispatchQueue(label: "standard error of a command")
    private let tail = Mutex<[UInt8]>([])
    /// Nobody writes any more.
    private let isOver = Mutex(false)

    /// Bytes of the line that are told.
    static let longest = 500
    /// Bytes that are kept.
    private static let mostKept = 4 << 10
    /// Portions that are still read when the program has ended.
    private static let mostPortions = 64

    init() {
        let descriptor = pipe.fileHandleForReading.fileDescriptor
        _ = fcntl(descriptor, F_SETFL, fcntl(descriptor, F_GETFL) | O_NONBLOCK)
        // It lives until nobody writes any more.
        let source = DispatchSource.makeReadSource(fileDescriptor: descriptor, queue: queue)
        source.setEventHandler { [weak self] in
            // Nobody asks any more what a program says that was left behind.
            guard (self?.read() ?? LastComplaint.discard(descriptor)) == 0 else { return }
            self?.isOver.withLock { $0 = true }
            source.cancel()
        }
        source.setCancelHandler { [pipe] in try? pipe.fileHandleForReading.close() }
        source.activate()
    }

    /// Where the program writes.
    var standardError: Pipe { pipe }

    /// To be called once, when the program has ended or did not start.
    ///
    /// - Returns: what it said last, cut, without controls; nil where it said nothing.
    func end() -> String? {
        queue.sync {
            guard !isOver.withLock({ $0 }) else { return }
            for _ in 0..<LastComplaint.mostPortions { if read() <= 0 { break } }
        }
        // Or its own end of the pipe is never closed here.
        try? pipe.fileHandleForWriting.close()
        return LastComplaint.line(tail.withLock { $0 })
    }

    /// - Returns: bytes; 0 where nobody writes any more, less where there are none now.
    private func read() -> Int {
        var portion = [UInt8](repeating: 0, count: LastComplaint.mostKept)
        let count = Foundation.read(pipe.fileHandleForReading.fileDescriptor, &portion, portion.count)
        if count > 0 { tail.withLock { $0 = ($0 + portion.prefix(count)).suffix(LastComplaint.mostKept) } }
        return count
    }

    private static func discard(_ descriptor: Int32) -> Int {
        var portion = [UInt8](repeating: 0, count: mostKept)
        return Foundation.read(descriptor, &portion, portion.count)
    }

    /// - Parameter bytes: what was written at the end; a line that has no end counts.
    static func line(_ bytes: [UInt8]) -> String? {
        let lines = bytes.split { $0 == 0x0A || $0 == 0x0D }
        let last = lines.last { line in line.contains { $0 > 0x20 && $0 != 0x7F } }
        return last.map { TextBound.cut(PlainText.shown(String(decoding: $0, as: UTF8.self)), to: longest) }
    }
}
