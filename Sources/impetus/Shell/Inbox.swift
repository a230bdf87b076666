import Console
import Foundation
import Synchronization

/// The lane by which all else but input reaches the console's loop. Bounded: change notices and feed states replace each
/// other, and answers are at most one for each question under way.
final class Inbox: Sendable {
    private struct Content {
        var messages: [Message] = []
        var changed = false
        var feed: FeedStatus?
    }

    private let content = Mutex(Content())
    /// Becomes readable when something came.
    let descriptor: Int32
    private let writeEnd: Int32

    init() {
        var ends: [Int32] = [-1, -1]
        _ = pipe(&ends)
        for end in ends {
            _ = fcntl(end, F_SETFL, O_NONBLOCK)
            _ = fcntl(end, F_SETFD, FD_CLOEXEC)
        }
        descriptor = ends[0]
        writeEnd = ends[1]
    }

    deinit {
        close(descriptor)
        close(writeEnd)
    }

    func post(_ message: Message) {
        content.withLock { $0.messages.append(message) }
        wake()
    }

    func postChanged() {
        content.withLock { $0.changed = true }
        wake()
    }

    func post(_ status: FeedStatus) {
        content.withLock { $0.feed = status }
        wake()
    }

    func take() -> [Message] {
        var bytes = [UInt8](repeating: 0, count: 512)
        while read(descriptor, &bytes, bytes.count) == bytes.count {}
        return content.withLock { content in
            var all = content.messages
            if let feed = content.feed { all.append(.feed(feed)) }
            if content.changed { all.append(.changed) }
            content = Content()
            return all
        }
    }

    private func wake() {
        var byte: UInt8 = 1
        // A full pipe wakes as well as one byte more.
        _ = write(writeEnd, &byte, 1)
    }
}
