import Console
import Store
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
    private let pipe = WakePipe()

    /// Becomes readable when something came.
    var descriptor: Int32 { pipe.descriptor }

    func post(_ message: Message) {
        content.withLock { $0.messages.append(message) }
        pipe.wake()
    }

    func postChanged() {
        content.withLock { $0.changed = true }
        pipe.wake()
    }

    func post(_ status: FeedStatus) {
        content.withLock { $0.feed = status }
        pipe.wake()
    }

    func take() -> [Message] {
        pipe.drain()
        return content.withLock { content in
            var all = content.messages
            if let feed = content.feed { all.append(.feed(feed)) }
            if content.changed { all.append(.changed) }
            content = Content()
            return all
        }
    }
}
