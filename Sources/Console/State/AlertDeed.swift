public import ControlRoom

/// What is done to an alert; the same to each of many.
public enum AlertDeed: Equatable, Sendable {
    case acknowledge
    case assess(Verdict, Disposition)
    case close(Disposition)
    case shelve(until: Timestamp, isOnce: Bool, reason: SuppressionReason.Code)
    case unshelve
    case removeFromService(SuppressionReason.Code)
    case returnToService
    /// Wants a second person.
    case request(ApprovalWish, SuppressionReason.Code)
    /// Answers what somebody else asks for.
    case decide(isGranted: Bool)
    case take
    case assign(to: String?)
    /// Nil where nothing explains it.
    case link(Cause?)

    /// An alarm that explains others.
    public struct Cause: Equatable, Sendable {
        public var subject: String
        public var headline: String
        /// What explains it in its turn: that it cannot explain.
        public var own: [String]

        /// - Parameters:
        ///   - now: a rule that is over by then explains it no more.
        ///   - own: all that explains it, where more is known than the next.
        public init(_ alert: Alert, at now: Timestamp, own: [String] = []) {
            subject = alert.subject
            headline = alert.headline
            self.own = own + [alert.cause(at: now)].compactMap { $0 }
        }
    }

    public var type: EventType {
        switch self {
        case .acknowledge: .alertAcknowledged
        case .assess: .alertAssessed
        case .close: .alertClosed
        case .shelve: .alertShelved
        case .unshelve: .alertUnshelved
        case .removeFromService: .alertRemovedFromService
        case .returnToService: .alertReturnedToService
        case .request: .approvalRequested
        case .decide(let isGranted): isGranted ? .approvalGranted : .approvalRefused
        case .take: .alertTaken
        case .assign: .alertAssigned
        case .link: .alertLinked
        }
    }

    /// It moves an alert in the list, or out of it.
    var movesLine: Bool {
        switch self {
        case .assess, .request, .take, .assign, .link: false
        case .acknowledge, .close, .shelve, .unshelve, .removeFromService, .returnToService, .decide: true
        }
    }

    /// What an alert must be for it to have any effect.
    ///
    /// - Parameter actor: who does it: nobody approves their own request.
    public func fits(_ alert: AlertRef, by actor: String) -> Bool {
        switch self {
        case .acknowledge: !alert.isAcknowledged
        case .close: alert.isAcknowledged && alert.isGoingOn
        case .shelve(_, let isOnce, _): !isOnce || alert.isGoingOn
        case .unshelve: alert.isShelved
        case .removeFromService, .request(.removeFromService, _): !alert.isOutOfService
        case .request(.shelve(_, let isOnce), _): !isOnce || alert.isGoingOn
        case .returnToService: alert.isOutOfService
        case .decide: alert.request.map { $0.act.by != actor } ?? false
        case .take: alert.owner != actor
        case .assign(let person): alert.owner != person
        case .link(let cause):
            alert.subject != cause?.subject && alert.cause != cause?.subject
                && cause?.own.contains(alert.subject) != true
        case .assess: true
        }
    }

    /// - Parameter note: what its author says to it.
    public func data(on alert: AlertRef, note: String?) -> [UInt8] {
        switch self {
        case .acknowledge:
            JSONWriter.bytes(
                AlertAcknowledged(occurrence: alert.occurrence, severity: alert.severity, note: note).write)
        case .assess(let verdict, let disposition):
            JSONWriter.bytes(
                AlertAssessed(
                    occurrence: alert.occurrence, verdict: verdict, disposition: disposition, note: note
                ).write)
        case .close(let disposition):
            JSONWriter.bytes(
                AlertAssessed(
                    occurrence: alert.occurrence, severity: alert.severity, verdict: nil, disposition: disposition,
                    note: note
                ).write)
        case .shelve(let until, let isOnce, let code):
            JSONWriter.bytes(
                AlertShelved(
                    until: until, once: isOnce, reason: SuppressionReason(code, note: note), seen: alert.seen
                ).write)
        case .unshelve: Array("{\"reason\":\"operator\"}".utf8)
        case .removeFromService(let code):
            JSONWriter.bytes(AlertRemoved(reason: SuppressionReason(code, note: note), seen: alert.seen).write)
        case .returnToService, .take: Array("{}".utf8)
        case .request(let wish, let code):
            JSONWriter.bytes(
                ApprovalRequested(
                    wish: wish, severity: alert.severity, occurrence: alert.occurrence,
                    reason: SuppressionReason(code, note: note)
                ).write)
        case .decide:
            JSONWriter.bytes(
                ApprovalDecided(
                    wish: alert.request?.wish ?? .removeFromService, author: alert.request?.act.by ?? "",
                    request: alert.request?.event, note: note
                ).write)
        case .assign(let person): JSONWriter.bytes(AlertAssigned(to: person).write)
        case .link(let cause):
            JSONWriter.bytes(AlertLinked(occurrence: alert.occurrence, cause: cause?.subject).write)
        }
    }
}
