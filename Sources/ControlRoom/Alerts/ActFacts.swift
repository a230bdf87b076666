/// Acts of people on alerts.
extension Fact {
    /// Whether a person does it to an alert, and can change it by that.
    public var isActOnAlert: Bool { actType != nil }

    /// The type of its event; nil where it is no person's act on an alert, or takes another back.
    public var actType: EventType? {
        switch self {
        case .alertAcknowledged: .alertAcknowledged
        case .alertAssessed: .alertAssessed
        case .alertClosed: .alertClosed
        case .alertReset: .alertReset
        case .alertShelved: .alertShelved
        case .alertUnshelved: .alertUnshelved
        case .alertNoted: .alertNoted
        case .alertRemovedFromService: .alertRemovedFromService
        case .alertReturnedToService: .alertReturnedToService
        case .alertTaken: .alertTaken
        case .alertAssigned: .alertAssigned
        case .alertLinked: .alertLinked
        case .approvalRequested: .approvalRequested
        case .approvalGranted: .approvalGranted
        case .approvalRefused: .approvalRefused
        default: nil
        }
    }

    /// The same without what its author wrote to it beyond what the alert keeps.
    var withoutNote: Fact {
        switch self {
        case .alertAcknowledged(var fact):
            fact.note = nil
            return .alertAcknowledged(fact)
        case .alertAssessed(var fact):
            fact.note = nil
            return .alertAssessed(fact)
        case .alertClosed(var fact):
            fact.note = nil
            return .alertClosed(fact)
        case .approvalGranted(var fact):
            fact.note = nil
            return .approvalGranted(fact)
        case .approvalRefused(var fact):
            fact.note = nil
            return .approvalRefused(fact)
        default: return self
        }
    }

    /// The data of its event, where it is a person's act on an alert.
    public func writeAct(to writer: inout JSONWriter) {
        switch self {
        case .alertAcknowledged(let fact): fact.write(to: &writer)
        case .alertAssessed(let fact), .alertClosed(let fact): fact.write(to: &writer)
        case .alertReset(let seen): writer.object { $0.members(seen) }
        case .alertShelved(let fact): fact.write(to: &writer)
        case .alertRemovedFromService(let fact): fact.write(to: &writer)
        case .alertAssigned(let fact): fact.write(to: &writer)
        case .alertLinked(let fact): fact.write(to: &writer)
        case .approvalRequested(let fact): fact.write(to: &writer)
        case .approvalGranted(let fact), .approvalRefused(let fact): fact.write(to: &writer)
        default: writer.object { _ in }
        }
    }
}

extension EventType {
    /// Whether its author can take it back. What makes an alarm heard again is not taken back: whoever wants it quiet says so
    /// anew, of what they see.
    public var isTakenBack: Bool {
        switch self {
        case .alertAcknowledged, .alertAssessed, .alertClosed, .alertReset, .alertShelved, .alertRemovedFromService,
            .alertTaken, .alertAssigned, .alertLinked, .approvalRequested, .approvalGranted:
            true
        default: false
        }
    }

    /// Whether the act holds on when the alarm ends and becomes active again.
    var outlivesStay: Bool {
        switch self {
        case .alertShelved, .alertUnshelved, .alertRemovedFromService, .alertReturnedToService, .approvalGranted: true
        default: false
        }
    }
}
