import ControlRoom

/// Acts in plain words.
enum ActWords {
    /// As in: the shelving of camera-12/weapon.
    static func noun(_ type: EventType) -> String { nouns[type] ?? type.shortName ?? type.rawValue }

    private static let nouns: [EventType: String] = [
        .alertAcknowledged: "acknowledgement", .alertAssessed: "assessment", .alertClosed: "closing",
        .alertReset: "reset", .alertShelved: "shelving", .alertUnshelved: "unshelving", .alertNoted: "note",
        .alertRemovedFromService: "taking out of service", .alertReturnedToService: "return to service",
        .alertTaken: "taking over", .alertAssigned: "assignment", .alertLinked: "link",
        .approvalRequested: "request", .approvalGranted: "approval", .approvalRefused: "refusal",
        .checklistStarted: "start", .checklistStepSet: "step", .checklistNoted: "note",
        .suppressionStarted: "beginning", .suppressionEnded: "end", .alarmPolicySet: "setting",
        .toolRegistered: "registration", .toolRemoved: "removal",
    ]

    /// - Parameter clock: when it was done, as a clock shows it.
    static func text(_ act: Event, at clock: String) -> String {
        "the \(noun(act.type)) of \(act.subject ?? "-") at \(clock)"
    }

    /// What to do instead, of what has no undo.
    static func way(_ type: EventType) -> String {
        switch type {
        case .alertUnshelved: "it is heard again, and stays so; impetus shelve shelves it anew"
        case .alertReturnedToService: "it is heard again, and stays so; impetus service out takes it out anew"
        case .alertNoted, .checklistNoted: "what was noted stays"
        case .approvalRefused: "whoever asked may ask again"
        case .suppressionStarted: "impetus suppress --end ends the rule"
        default: "there is no undo of it"
        }
    }
}
