public import ControlRoom

/// From where on a log is kept: what stands at or before this place was trimmed, see `LogTrimmed`.
public struct LogBase: Equatable, Sendable {
    /// 0 for a log of which nothing was trimmed.
    public var sequence: Int64
    /// The head of the chain there, hexadecimal; empty where nothing was trimmed.
    public var head: String
    /// When the event there was recorded.
    public var recorded: Timestamp

    public init(sequence: Int64, head: String, recorded: Timestamp) {
        self.sequence = sequence
        self.head = head
        self.recorded = recorded
    }

    static let none = LogBase(sequence: 0, head: "", recorded: Timestamp(milliseconds: 0))

    init?(_ text: String) {
        let parts = text.split(separator: " ").map(String.init)
        guard parts.count == 3, let sequence = Int64(parts[0]), let recorded = Int64(parts[2]) else { return nil }
        self.init(sequence: sequence, head: parts[1], recorded: Timestamp(milliseconds: recorded))
    }

    var text: String { "\(sequence) \(head) \(recorded.milliseconds)" }
}

extension Meta {
    /// See `LogBase`.
    static let base = "base"
    /// Up to where the events of what was trimmed are taken out of the file; see `Sweep`.
    static let swept = "swept"

    /// Behind which number new alerts count their occurrences; see `LogTrimmed.beginsBehind`.
    static let start = "first_occurrence"

    var start: Int {
        get throws { try self[Meta.start].flatMap { Int($0) } ?? 0 }
    }

    var base: LogBase {
        get throws { try self[Meta.base].flatMap { LogBase($0) } ?? .none }
    }

    var swept: Int64 {
        get throws { try self[Meta.swept].flatMap { Int64($0) } ?? 0 }
    }
}

extension Store {
    /// From where on this store has the log whole.
    public func base() throws -> LogBase { try look { try Meta(statements: $0.statements).base } }

    private static let retentionKey = "retention_days"

    /// For how many days a store of its own keeps what has ended; nil where it keeps everything. One that follows a hub does as
    /// the hub says.
    public func retentionDays() throws -> Int? { try recall(Store.retentionKey).flatMap { Int($0) } }

    /// - Parameter days: nil to keep everything.
    public func setRetention(days: Int?) throws { try remember(Store.retentionKey, days.map(String.init) ?? "") }
}
