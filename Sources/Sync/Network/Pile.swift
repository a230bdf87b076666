import ControlRoom
import Synchronization

/// What was read of a stream and not yet taken, between one who reads and one who takes.
///
/// While one stretch is kept, the next piles up, up to a bound: so a long log is kept in large transactions, and an event
/// that comes alone goes through at once.
final class Pile: Sendable {
    private struct Content {
        var pieces: [HubClient.Piece] = []
        var bytes = 0
        var isTaking = false
        var waiting: CheckedContinuation<Void, Never>?

        mutating func add(_ piece: HubClient.Piece) {
            guard case .events(let more) = piece, case .events(var events)? = pieces.last else {
                return pieces.append(piece)
            }
            // Taken out first, so that there is one copy of a long list and it can grow where it is.
            pieces.removeLast()
            events.append(contentsOf: more)
            pieces.append(.events(events))
        }
    }

    private let content = Mutex(Content())
    static let most = 12 << 20

    /// Puts pieces on top.
    ///
    /// - Returns: whether somebody has to begin to take.
    func add(_ pieces: [HubClient.Piece], bytes: Int) -> Bool {
        content.withLock { content in
            for piece in pieces { content.add(piece) }
            content.bytes += bytes
            defer { content.isTaking = true }
            return !content.isTaking
        }
    }

    /// Everything that lies there; nil when there is nothing, and taking is over.
    func take() -> [HubClient.Piece]? {
        let (pieces, waiting) = content.withLock { content in
            let taken = (content.pieces, content.waiting)
            (content.pieces, content.bytes, content.waiting) = ([], 0, nil)
            content.isTaking = !taken.0.isEmpty
            return taken
        }
        waiting?.resume()
        return pieces.isEmpty ? nil : pieces
    }

    /// Events that lie there.
    var count: Int {
        content.withLock { content in
            content.pieces.reduce(0) { count, piece in
                if case .events(let events) = piece { return count + events.count }
                return count
            }
        }
    }

    /// Returns when the bound is kept; at once where nobody takes.
    func room() async {
        await withCheckedContinuation { continuation in
            let isFree = content.withLock { content in
                guard content.bytes >= Pile.most, content.isTaking else { return true }
                content.waiting = continuation
                return false
            }
            if isFree { continuation.resume() }
        }
    }
}
