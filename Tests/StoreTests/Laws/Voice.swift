import ControlRoom

/// Who says something.
enum Voice: Hashable, CustomStringConvertible {
    /// The source that raised the alarm.
    case own
    /// Another source.
    case other
    case feed
    case person(Role)

    static let otherSource = "urn:test:other"
    static let all: [Voice] = [.own, .other, .feed] + Role.allCases.map { .person($0) }

    var source: String {
        switch self {
        case .own: AlarmStates.source
        case .other: Voice.otherSource
        case .feed: Event.feedSource
        case .person: "urn:impetus:console"
        }
    }

    var actor: String? {
        if case .person(let role) = self { return role.rawValue + "1" }
        return nil
    }

    /// Whether admission lets it through: a machine reports, a person has the right, a feed does no person's act but for
    /// ending what has ended. What a hub takes back of shared copies bears the source of the copy.
    func may(_ type: EventType) -> Bool {
        switch self {
        case .own: isPosted(type, by: .sensor) || type == .alertWithdrawn
        case .other: isPosted(type, by: .sensor) || type == .alertWithdrawn
        case .feed: !type.isPersons || type == .alertUnshelved || type == .suppressionEnded
        case .person(let role): isPosted(type, by: role)
        }
    }

    private func isPosted(_ type: EventType, by role: Role) -> Bool {
        if type == .actUndone { return !role.isMachines && role != .hub }
        if let right = type.neededRight { return role.may(right) }
        return type.postingRights.contains(where: role.may)
    }

    var description: String {
        switch self {
        case .own: "its source"
        case .other: "another source"
        case .feed: "the feed"
        case .person(let role): "\(role)"
        }
    }
}

extension EventType {
    /// Whether a person does it, and it names who.
    var isPersons: Bool { neededRight != nil || self == .actUndone }
}

/// What whoever says something had seen.
enum Sight: String, CaseIterable {
    case right, older, lower, nothing, yetToCome

    /// What there is to see of an alarm, or less.
    func of(_ alert: Alert) -> Seen? {
        switch self {
        case .right: Seen(occurrence: alert.occurrence, severity: alert.severity)
        case .older: Seen(occurrence: alert.annunciated - 1, severity: alert.severity)
        case .yetToCome: Seen(occurrence: alert.occurrence + 1, severity: .critical)
        case .lower:
            Seen(occurrence: alert.occurrence, severity: Severity.allCases.last { $0 < alert.severity } ?? .info)
        case .nothing: nil
        }
    }
}
