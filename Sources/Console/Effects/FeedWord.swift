public import ControlRoom

/// What the process that runs the feed of a store says of it, once a second, to the others on the same store: whoever looks at
/// any of them sees how it goes, and when nothing is known of it.
public struct FeedWord: Equatable, Sendable {
    /// Without the exercise, which is steered where it is played.
    public var status: FeedStatus
    /// By the machine's own clock, which all of them share.
    public var said: Timestamp

    /// Whoever has said nothing for so many seconds is not believed any more.
    public static let lastsSeconds = 5.0
    /// It is said again after so many.
    public static let paceSeconds = 1.0

    public init(_ status: FeedStatus, said: Timestamp) {
        self.status = status
        self.said = said
    }

    /// Whether it is worth saying after the last one.
    public func isNews(after last: FeedWord?) -> Bool {
        guard let last, last.status.state == status.state, last.status.hubBehind == status.hubBehind else {
            return true
        }
        return abs(said.seconds(since: last.said)) >= FeedWord.paceSeconds
    }

    /// What another process shows of it.
    ///
    /// - Parameters:
    ///   - time: by the machine's own clock.
    ///   - now: the same moment as this process shows it.
    public func heard(at time: Timestamp, shownAs now: Timestamp) -> FeedStatus {
        var heard = status
        heard.isElsewhere = true
        let age = time.seconds(since: said)
        if abs(age) > FeedWord.lastsSeconds { heard.state = .silent(since: now.adding(seconds: -max(0, age))) }
        return heard
    }

    // MARK: - As it is passed on

    /// Bytes of a reason that are passed on: written as `\u0000` each is six, and with all else they stay under the 4,000 that
    /// the file of the lease takes.
    private static let longestReason = 600

    /// One line of JSON, of 4,000 bytes at most; a longer reason is cut.
    public var text: String {
        var writer = JSONWriter()
        writer.object { writer in
            writer.member("said", Int(said.milliseconds))
            writer.member("heard", Int(status.heard.milliseconds))
            if status.clockOffset != 0 { writer.member("offset", Int(status.clockOffset)) }
            if status.hubBehind != 0 { writer.member("behind", status.hubBehind) }
            switch status.state {
            case .starting: writer.member("state", "starting")
            case .live: writer.member("state", "live")
            case .silent(let since): FeedWord.write("silent", since, to: &writer)
            case .offline(let since): FeedWord.write("offline", since, to: &writer)
            case .catchingUp(let at, let end):
                writer.member("state", "catching_up")
                writer.member("at", Int(at))
                writer.member("of", Int(end))
            case .refused(let reason): FeedWord.write("refused", reason, to: &writer)
            case .failing(let reason): FeedWord.write("failing", reason, to: &writer)
            }
        }
        return writer.text
    }

    private static func write(_ state: String, _ since: Timestamp, to writer: inout JSONWriter) {
        writer.member("state", state)
        writer.member("since", Int(since.milliseconds))
    }

    private static func write(_ state: String, _ reason: String, to writer: inout JSONWriter) {
        writer.member("state", state)
        writer.member("reason", TextBound.cut(reason, to: longestReason))
    }

    /// Milliseconds, farther than any hub's clock is believed (10^15) and any difference of two that are: what is added to them,
    /// or taken from one another, is a number still.
    private static let times: ClosedRange<Int64> = -4_000_000_000_000_000...4_000_000_000_000_000

    /// Nil for what is none, as what another version says, or a line that is just being written; and for what no clock shows and
    /// no log counts.
    public init?(_ text: String) {
        guard let read = try? JSONReader.read(Array(text.utf8), { try Members(reading: &$0) }), let said = read.said,
            let state = read.feedState, read.isSane
        else { return nil }
        status = FeedStatus(state: state, heard: read.heard ?? said, outbox: 0, exercise: nil)
        status.clockOffset = read.offset
        status.hubBehind = read.behind
        self.said = said
    }

    private struct Members {
        var said: Timestamp?
        var heard: Timestamp?
        var since: Timestamp?
        var state = ""
        var reason = ""
        var at: Int64 = 0
        var end: Int64 = 0
        var offset: Int64 = 0
        var behind = 0

        init(reading reader: inout JSONReader) throws {
            func time(_ reader: inout JSONReader) throws -> Timestamp {
                Timestamp(milliseconds: Int64(try reader.integer()))
            }
            try reader.object { key, reader in
                switch key {
                case "said": said = try time(&reader)
                case "heard": heard = try time(&reader)
                case "since": since = try time(&reader)
                case "state": state = try reader.string()
                case "reason": reason = try reader.string()
                case "at": at = Int64(try reader.integer())
                case "of": end = Int64(try reader.integer())
                case "offset": offset = Int64(try reader.integer())
                case "behind": behind = try reader.integer()
                default: try reader.skip()
                }
            }
        }

        var isSane: Bool {
            [said, heard, since].allSatisfy { $0.map { FeedWord.times.contains($0.milliseconds) } ?? true }
                && FeedWord.times.contains(offset) && behind >= 0 && 0 <= at && at <= end
        }

        var feedState: FeedStatus.State? {
            switch state {
            case "starting": .starting
            case "live": .live
            case "silent": since.map { .silent(since: $0) }
            case "offline": since.map { .offline(since: $0) }
            case "catching_up": .catchingUp(at: at, of: end)
            case "refused": .refused(reason)
            case "failing": .failing(reason)
            default: nil
            }
        }
    }
}
