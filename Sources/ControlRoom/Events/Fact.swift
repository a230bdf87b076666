/// What an event says, decoded. Types that this version does not know say nothing to it, and are kept all the same.
public enum Fact: Equatable, Sendable {
    case alertRaised(AlertRaised)
    case alertCleared(reason: String)
    case alertCancelled(AlertCancelled)
    case alertAcknowledged(AlertAcknowledged)
    case alertAssessed(AlertAssessed)
    case alertClosed(AlertAssessed)
    /// What its author saw; nil in acts from before `acts.bound.v1`.
    case alertReset(Seen?)
    case alertShelved(AlertShelved)
    case alertUnshelved
    case alertNoted(String)
    /// The agreement under which it was shared ended; the reason.
    case alertWithdrawn(String)
    /// By a rule of the site.
    case alertSuppressed(AlertSuppressed)
    /// The rule.
    case alertUnsuppressed(String)
    case alertRemovedFromService(AlertRemoved)
    case alertReturnedToService
    case alertTaken
    case alertAssigned(AlertAssigned)
    case alertEscalated(AlertEscalated)
    case alertReminded
    case alertLinked(AlertLinked)
    case approvalRequested(ApprovalRequested)
    case approvalGranted(ApprovalDecided)
    case approvalRefused(ApprovalDecided)
    case alarmPolicySet(AlarmPolicy)
    case suppressionStarted(SuppressionStarted)
    case suppressionEnded
    /// From here on an act that silences an alarm names what its author saw.
    case actsBound
    case actUndone(ActUndone)
    case observationRecorded(Observation)
    case toolReported(ToolReported)
    case toolRegistered(ToolRegistered)
    case toolRemoved
    case checklistStarted(ChecklistStarted)
    case checklistStepSet(ChecklistStepSet)
    case checklistNoted(String)
    case cityDefined(City)
    case districtDefined(District)
    case siteDefined(Site)
    case streetsDefined(Streets)
    case assetDefined(Asset)
    case vulnerabilityListed(Vulnerability)
    case playbookPublished(Playbook)
    case exerciseStarted(ExerciseStarted)
    case exerciseEnded
    case tenantAdded(TenantAdded)
    case agreementMade(Agreement)
    case agreementEnded(AgreementEnded)
    case hubFollowed(HubFollowed)
    case enrolmentOffered(EnrolmentOffered)
    case enrolmentWithdrawn(EnrolmentWithdrawn)
    case identityEnrolled(IdentityEnrolled)
    case identityRevoked(IdentityRevoked)
    case logCheckpointed(LogCheckpointed)
    case logTrimmed(LogTrimmed)
    case retentionSet(RetentionSet)
    case logTrusted(LogTrusted)
    case logRekeyed(LogRekeyed)
    case sourcePinned(SourcePinned)
    case sourceReleased(SourceReleased)
    case unknown

    /// - Throws: `JSONError` where the data of a known type is not what the type asks for.
    public init(of event: Event) throws {
        guard EventType.decoded.contains(event.type) else {
            self = .unknown
            return
        }
        guard case .json(let bytes) = event.data else {
            self = try Fact.withoutData(event.type)
            return
        }
        self = try JSONReader.read(bytes) { reader in
            let fact = try Fact(event.type, reading: &reader)
            try reader.end()
            return fact
        }
    }

    private static func withoutData(_ type: EventType) throws -> Fact {
        switch type {
        case .alertCleared: .alertCleared(reason: "")
        case .alertReset: .alertReset(nil)
        case .alertUnshelved: .alertUnshelved
        case .alertReturnedToService: .alertReturnedToService
        case .alertTaken: .alertTaken
        case .alertReminded: .alertReminded
        case .suppressionEnded: .suppressionEnded
        case .actsBound: .actsBound
        case .toolRemoved: .toolRemoved
        case .exerciseEnded: .exerciseEnded
        default: throw JSONError(offset: 0, reason: "\(type.rawValue) without JSON data")
        }
    }

    private init(_ type: EventType, reading reader: inout JSONReader) throws {
        switch type {
        case .alertRaised: self = .alertRaised(try AlertRaised(reading: &reader))
        case .alertCleared: self = .alertCleared(reason: try reader.text(of: "reason", to: TextBound.line))
        case .alertCancelled: self = .alertCancelled(try AlertCancelled(reading: &reader))
        case .alertAcknowledged: self = .alertAcknowledged(try AlertAcknowledged(reading: &reader))
        case .alertAssessed: self = .alertAssessed(try AlertAssessed(reading: &reader))
        case .alertClosed: self = .alertClosed(try AlertAssessed(reading: &reader))
        case .alertReset: self = .alertReset(try reader.seen())
        case .alertShelved: self = .alertShelved(try AlertShelved(reading: &reader))
        case .alertUnshelved:
            try reader.skip()
            self = .alertUnshelved
        case .alertNoted: self = .alertNoted(try reader.text(of: "note", to: TextBound.prose))
        case .alertWithdrawn: self = .alertWithdrawn(try reader.text(of: "reason", to: TextBound.line))
        case .actUndone: self = .actUndone(try ActUndone(reading: &reader))
        default: self = try Fact.ofHandling(type, reading: &reader)
        }
    }

    private static func ofHandling(_ type: EventType, reading reader: inout JSONReader) throws -> Fact {
        switch type {
        case .alertSuppressed: return .alertSuppressed(try AlertSuppressed(reading: &reader))
        case .alertUnsuppressed: return .alertUnsuppressed(try reader.text(of: "rule", to: TextBound.line))
        case .alertRemovedFromService: return .alertRemovedFromService(try AlertRemoved(reading: &reader))
        case .alertReturnedToService:
            try reader.skip()
            return .alertReturnedToService
        case .alertTaken:
            try reader.skip()
            return .alertTaken
        case .alertAssigned: return .alertAssigned(try AlertAssigned(reading: &reader))
        case .alertEscalated: return .alertEscalated(try AlertEscalated(reading: &reader))
        case .alertReminded:
            try reader.skip()
            return .alertReminded
        case .alertLinked: return .alertLinked(try AlertLinked(reading: &reader))
        case .approvalRequested: return .approvalRequested(try ApprovalRequested(reading: &reader))
        case .approvalGranted: return .approvalGranted(try ApprovalDecided(reading: &reader))
        case .approvalRefused: return .approvalRefused(try ApprovalDecided(reading: &reader))
        case .alarmPolicySet: return .alarmPolicySet(try AlarmPolicy(reading: &reader))
        case .suppressionStarted: return .suppressionStarted(try SuppressionStarted(reading: &reader))
        case .suppressionEnded:
            try reader.skip()
            return .suppressionEnded
        case .actsBound:
            try reader.skip()
            return .actsBound
        default: return try beyondAlerts(type, reading: &reader)
        }
    }

    private static func beyondAlerts(_ type: EventType, reading reader: inout JSONReader) throws -> Fact {
        switch type {
        case .observationRecorded: return .observationRecorded(try Observation(reading: &reader))
        case .toolReported: return .toolReported(try ToolReported(reading: &reader))
        case .toolRegistered: return .toolRegistered(try ToolRegistered(reading: &reader))
        case .toolRemoved:
            try reader.skip()
            return .toolRemoved
        case .checklistStarted: return .checklistStarted(try ChecklistStarted(reading: &reader))
        case .checklistStepSet: return .checklistStepSet(try ChecklistStepSet(reading: &reader))
        case .checklistNoted: return .checklistNoted(try reader.text(of: "note", to: TextBound.prose))
        case .cityDefined: return .cityDefined(try City(reading: &reader))
        case .districtDefined: return .districtDefined(try District(reading: &reader))
        case .siteDefined: return .siteDefined(try Site(reading: &reader))
        case .streetsDefined: return .streetsDefined(try Streets(reading: &reader))
        case .assetDefined: return .assetDefined(try Asset(reading: &reader))
        case .vulnerabilityListed: return .vulnerabilityListed(try Vulnerability(reading: &reader))
        case .playbookPublished: return .playbookPublished(try Playbook(reading: &reader))
        case .exerciseStarted: return .exerciseStarted(try ExerciseStarted(reading: &reader))
        case .exerciseEnded:
            try reader.skip()
            return .exerciseEnded
        default: return try Fact.ofTenancy(type, reading: &reader)
        }
    }

    private static func ofTenancy(_ type: EventType, reading reader: inout JSONReader) throws -> Fact {
        switch type {
        case .tenantAdded: .tenantAdded(try TenantAdded(reading: &reader))
        case .agreementMade: .agreementMade(try Agreement(reading: &reader))
        case .agreementEnded: .agreementEnded(try AgreementEnded(reading: &reader))
        case .hubFollowed: .hubFollowed(try HubFollowed(reading: &reader))
        case .enrolmentOffered: .enrolmentOffered(try EnrolmentOffered(reading: &reader))
        case .enrolmentWithdrawn: .enrolmentWithdrawn(try EnrolmentWithdrawn(reading: &reader))
        case .identityEnrolled: .identityEnrolled(try IdentityEnrolled(reading: &reader))
        case .identityRevoked: .identityRevoked(try IdentityRevoked(reading: &reader))
        case .logCheckpointed: .logCheckpointed(try LogCheckpointed(reading: &reader))
        case .logTrimmed: .logTrimmed(try LogTrimmed(reading: &reader))
        case .retentionSet: .retentionSet(try RetentionSet(reading: &reader))
        case .logTrusted: .logTrusted(try LogTrusted(reading: &reader))
        case .logRekeyed: .logRekeyed(try LogRekeyed(reading: &reader))
        case .sourcePinned: .sourcePinned(try SourcePinned(reading: &reader))
        case .sourceReleased: .sourceReleased(try SourceReleased(reading: &reader))
        default: .unknown
        }
    }

    /// The realm in which an event takes effect.
    public func realm(of event: Event) -> Realm {
        switch self {
        case .alertRaised(let fact): Realm(exercise: event.exercise, status: fact.status)
        case .alertCancelled(let fact): Realm(exercise: event.exercise, status: fact.message.status)
        default: Realm(exercise: event.exercise, status: event.status)
        }
    }
}

extension Event {
    /// Acts on technical messages name their realm in this extension; everything else is Actual or an exercise.
    var status: MessageStatus { extensions["status"].flatMap(MessageStatus.init(rawValue:)) ?? .actual }
}

extension EventType {
    static let decoded: Set<EventType> = Set(known)
}

extension JSONReader {
    /// The occurrence and severity of an act that names nothing else.
    fileprivate mutating func seen() throws -> Seen? {
        var seen = SeenMembers()
        try object { key, reader in
            if try !seen.take(key, &reader) { try reader.skip() }
        }
        return seen.seen
    }

    /// One text member of an object, cut to so many bytes; empty where it is missing.
    mutating func text(of name: String, to limit: Int) throws -> String {
        var text = ""
        try object { key, reader in
            if key == name { text = try reader.optionalString() ?? "" } else { try reader.skip() }
        }
        return TextBound.cut(text, to: limit)
    }
}
