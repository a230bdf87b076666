public import ControlRoom
public import Nats

/// A log on servers beyond loopback that is reached without TLS, or without credentials: whoever reaches the servers may read it,
/// and write to it.
public struct PlainLog: Equatable, Sendable {
    /// What is missing; the text is how a person is told.
    public enum Lack: String, Sendable {
        case encryption = "TLS"
        case credentials = "credentials"
    }

    /// Without a password.
    public let servers: [String]
    public let lacks: [Lack]

    /// So long a folder that has always logged so goes on.
    public static let graceDays = 30.0

    /// - Returns: nil where nothing is lacking, or all servers are on loopback.
    public init?(_ servers: [NatsAddress], _ settings: HubConfiguration.Nats) {
        let isBeyond = servers.contains { !HostPort.isLoopback($0.host) }
        var lacks: [Lack] = settings.speaksTLS ? [] : [.encryption]
        if !settings.hasCredentials, servers.contains(where: { $0.login == nil }) { lacks.append(.credentials) }
        guard isBeyond, !lacks.isEmpty else { return nil }
        self.servers = servers.map(\.url)
        self.lacks = lacks
    }

    /// What a folder remembers of how it has logged.
    public enum Memory: Equatable, Sendable {
        /// Made before folders remembered, and not started since.
        case nothing
        /// It has never logged so under a version that knows the difference: it does not begin.
        case neverPlain
        case plainSince(Timestamp)

        /// - Parameter text: what a folder's file holds; what cannot be read as a time is no leave.
        public init(text: String?) {
            guard let text else {
                self = .nothing
                return
            }
            let line = text.split(whereSeparator: \.isNewline).first ?? ""
            self = Timestamp(rfc3339: String(line)).map { .plainSince($0) } ?? .neverPlain
        }

        /// As a folder's file holds it; nil where there is to be none.
        public var text: String? {
            switch self {
            case .nothing: nil
            case .neverPlain: "never\n"
            case .plainSince(let time): time.rfc3339 + "\n"
            }
        }

        /// As a start of the hub leaves it. A time that has not come is of a wrong clock, and counts as now.
        public func started(isPlain: Bool, now: Timestamp) -> Memory {
            switch self {
            case .nothing: isPlain ? .plainSince(now) : .neverPlain
            case .neverPlain: .neverPlain
            case .plainSince(let time): .plainSince(min(time, now))
            }
        }
    }

    /// Whether a hub may run with such a log.
    public enum Verdict: Equatable, Sendable {
        /// The settings say that it is meant.
        case meant
        /// It goes on until then.
        case until(Timestamp)
        /// It has had its time; nil where it never had any.
        case refused(since: Timestamp?)
    }

    /// - Parameter isMeant: whether the settings say so (`[nats] plain = true`).
    public static func verdict(_ memory: Memory, isMeant: Bool, now: Timestamp) -> Verdict {
        guard !isMeant else { return .meant }
        switch memory {
        case .nothing: return .until(now.adding(seconds: graceDays * 86_400))
        case .neverPlain: return .refused(since: nil)
        case .plainSince(let time):
            let since = min(time, now)
            let end = since.adding(seconds: graceDays * 86_400)
            return now < end ? .until(end) : .refused(since: since)
        }
    }

    /// What is wrong, until when it goes on, and the way out.
    public func words(_ verdict: Verdict) -> String {
        let lacking = lacks.map(\.rawValue).joined(separator: " and ")
        let start =
            "the log on \(servers.joined(separator: ",")) has no \(lacking): whoever reaches the servers may be able to write to it"
        let remedy =
            "[nats] ca = FILE gives TLS, and user with password_file, nkey_seed_file or credentials_file says who the hub is"
        switch verdict {
        case .meant: return start + "; [nats] plain = true says that this is meant"
        case .until(let end):
            return start + "; from \(end.rfc3339) on the hub does not start so. " + remedy
                + "; [nats] plain = true, if it is meant"
        case .refused(let since):
            let when =
                since.map { "; it has run so since \($0.rfc3339), longer than \(Int(PlainLog.graceDays)) days" } ?? ""
            return start + when + ". " + remedy + "; [nats] plain = true, if it is meant"
        }
    }
}

/// What a hub that serves is told of a plain log, for its journal, its metrics and administrators' consoles.
public struct PlainLogNotice: Equatable, Sendable {
    public var log: PlainLog
    public var verdict: PlainLog.Verdict

    public init(_ log: PlainLog, _ verdict: PlainLog.Verdict) {
        self.log = log
        self.verdict = verdict
    }

    public var words: String { log.words(verdict) }

    /// Why a hub that runs on takes nothing more; nil as long as it may run so.
    public func trouble(at now: Timestamp) -> String? {
        guard case .until(let end) = verdict, now >= end else { return nil }
        return log.words(.refused(since: end.adding(seconds: -PlainLog.graceDays * 86_400)))
    }

    /// Whole days until the hub does not start so any more, negative where they are over; nil where it is meant.
    public func daysLeft(at now: Timestamp) -> Int? {
        guard case .until(let end) = verdict else { return nil }
        return Int((end.seconds(since: now) / 86_400).rounded(.down))
    }
}
