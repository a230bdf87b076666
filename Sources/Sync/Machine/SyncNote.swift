public import ControlRoom
public import Store

/// What was last known of the line to the hub: kept in the store, for whoever looks at it without running the feed, and for
/// the next start.
public struct SyncNote: Equatable, Sendable {
    /// As it is written into the store. `refused`: the hub answers, and nothing is tried again by itself.
    public enum State: String, Sendable { case connected, offline, refused }

    public var state: State
    /// When the hub was last heard; nil where it never was.
    public var heard: Timestamp?
    /// Why it is not connected.
    public var reason: String
    /// The key that the hub refused: several people share a store. Nil where it refused none, and in notes of an earlier version.
    public var refusedKey: String?

    static let key = "sync"
    /// While all is well, it is written so often.
    private static let seconds = 60.0

    /// - Parameter keyID: of the certificate that is shown to the hub; nil where none is.
    /// - Returns: nil for a feed that has not come so far that there is anything to say.
    public init?(_ status: SyncStatus, shown keyID: String?) {
        heard = status.heard
        reason = ""
        switch status.state {
        case .starting: return nil
        case .catchingUp, .live: state = .connected
        case .offline(_, let words): (state, reason) = (.offline, words)
        case .refused(let words): (state, reason, refusedKey) = (.refused, words, keyID)
        }
    }

    init?(_ text: String) {
        let parts = text.split(separator: " ", maxSplits: 2, omittingEmptySubsequences: false).map(String.init)
        let head = parts[0].split(separator: "/", maxSplits: 1).map(String.init)
        guard parts.count == 3, let name = head.first, let state = State(rawValue: name) else { return nil }
        self.state = state
        refusedKey = head.count > 1 ? head[1] : nil
        heard = Int64(parts[1]).map { Timestamp(milliseconds: $0) }
        reason = parts[2]
    }

    var text: String {
        let head = state.rawValue + (refusedKey.map { "/" + $0 } ?? "")
        return "\(head) \(heard.map { String($0.milliseconds) } ?? "-") \(reason)"
    }

    /// Whether it is worth a write after what was written before.
    public func isNews(after last: SyncNote?) -> Bool {
        guard let last, last.state == state, last.reason == reason, last.refusedKey == refusedKey else { return true }
        guard let heard, let known = last.heard else { return last.heard != heard }
        return abs(heard.seconds(since: known)) >= SyncNote.seconds
    }
}

extension Store {
    /// What was last remembered of the line to the hub; nil where nothing was, or what was is unreadable.
    ///
    /// - Throws: `StoreError`.
    public func syncNote() throws -> SyncNote? { try recall(SyncNote.key).flatMap { SyncNote($0) } }

    /// Takes the place of the last note. A transaction: `SyncNote.isNews` says whether it is worth one.
    ///
    /// - Throws: `StoreError`.
    public func remember(_ note: SyncNote) throws { try remember(SyncNote.key, note.text) }
}
