/// A CloudEvents 1.0 event with the extensions of this system.
///
/// `data` is the exact bytes that came; nothing is ever written anew to be verified or passed on.
public struct Event: Equatable, Sendable {
    /// Unique together with `source`.
    public var id: String
    public var source: String
    public var type: EventType
    public var subject: String?
    public var time: Timestamp?
    public var dataContentType: String?
    public var dataSchema: String?
    public var data: Payload

    public var tenant: String?
    /// The pseudonym of the person or the identity of the machine that made it.
    public var actor: String?
    public var occurred: HybridTime?
    /// Name of the exercise it belongs to; nil in the Actual realm.
    public var exercise: String?
    public var signature: String?
    /// Given by whoever orders the log.
    public var sequence: Int64?
    public var recorded: Timestamp?
    /// Extension attributes that this version does not know; kept and passed on.
    public var extensions: [String: String]

    /// The data of a CloudEvent (CloudEvents 1.0, 3.1 of its JSON format).
    public enum Payload: Equatable, Sendable {
        case none
        /// JSON text, exactly as it came.
        case json([UInt8])
        /// Any other content type; `base64` tells how it travels in JSON.
        case bytes([UInt8], base64: Bool)

        public var bytes: [UInt8] {
            switch self {
            case .none: []
            case .json(let bytes), .bytes(let bytes, _): bytes
            }
        }
    }

    public init(
        id: String, source: String, type: EventType, subject: String? = nil, time: Timestamp? = nil,
        data: Payload = .none
    ) {
        self.id = id
        self.source = source
        self.type = type
        self.subject = subject
        self.time = time
        self.data = data
        extensions = [:]
    }

    /// The extension of a copy that says under which agreement it was shared.
    public static let agreementExtension = "agreement"

    /// Whose alert it is, where another tenant has shared it; nil where it is one of our own.
    public var sharedBy: String? {
        guard extensions[Event.agreementExtension] != nil, let subject else { return nil }
        return subject.firstRange(of: "//").map { String(subject[..<$0.lowerBound]) }
    }

    /// When it happened, as well as it is known.
    public var happened: Timestamp {
        if let time { return time }
        if let occurred { return Timestamp(milliseconds: occurred.milliseconds) }
        return recorded ?? Timestamp(milliseconds: 0)
    }
}

extension Event {
    /// The source of what the rules of a feed say, embedded or a hub's.
    public static let feedSource = "urn:impetus:feed"
}

/// The type of an event; types that this version does not know are kept and passed on, never dropped.
public struct EventType: RawRepresentable, Hashable, Sendable {
    public let rawValue: String

    public init(rawValue: String) { self.rawValue = rawValue }

    private init(_ name: String) { rawValue = "eu.impetus." + name + ".v1" }

    public static let alertRaised = EventType("alert.raised")
    public static let alertCleared = EventType("alert.cleared")
    public static let alertCancelled = EventType("alert.cancelled")
    public static let alertAcknowledged = EventType("alert.acknowledged")
    public static let alertAssessed = EventType("alert.assessed")
    public static let alertClosed = EventType("alert.closed")
    public static let alertReset = EventType("alert.reset")
    public static let alertShelved = EventType("alert.shelved")
    public static let alertUnshelved = EventType("alert.unshelved")
    public static let alertNoted = EventType("alert.noted")
    public static let alertWithdrawn = EventType("alert.withdrawn")
    public static let alertSuppressed = EventType("alert.suppressed")
    public static let alertUnsuppressed = EventType("alert.unsuppressed")
    public static let alertRemovedFromService = EventType("alert.removed_from_service")
    public static let alertReturnedToService = EventType("alert.returned_to_service")
    public static let alertTaken = EventType("alert.taken")
    public static let alertAssigned = EventType("alert.assigned")
    public static let alertEscalated = EventType("alert.escalated")
    public static let alertReminded = EventType("alert.reminded")
    public static let alertLinked = EventType("alert.linked")
    public static let approvalRequested = EventType("approval.requested")
    public static let approvalGranted = EventType("approval.granted")
    public static let approvalRefused = EventType("approval.refused")
    public static let alarmPolicySet = EventType("alarm_policy.set")
    public static let suppressionStarted = EventType("suppression.started")
    public static let suppressionEnded = EventType("suppression.ended")
    public static let actsBound = EventType("acts.bound")
    public static let actUndone = EventType("act.undone")
    public static let observationRecorded = EventType("observation.recorded")
    public static let toolReported = EventType("tool.reported")
    public static let toolRegistered = EventType("tool.registered")
    public static let toolRemoved = EventType("tool.removed")
    public static let checklistStarted = EventType("checklist.started")
    public static let checklistStepSet = EventType("checklist.step_set")
    public static let checklistNoted = EventType("checklist.noted")
    public static let cityDefined = EventType("city.defined")
    public static let districtDefined = EventType("district.defined")
    public static let siteDefined = EventType("site.defined")
    public static let streetsDefined = EventType("streets.defined")
    public static let assetDefined = EventType("asset.defined")
    public static let vulnerabilityListed = EventType("vulnerability.listed")
    public static let playbookPublished = EventType("playbook.published")
    public static let exerciseStarted = EventType("exercise.started")
    public static let exerciseEnded = EventType("exercise.ended")

    public static let tenantAdded = EventType("tenant.added")
    public static let agreementMade = EventType("agreement.made")
    public static let agreementEnded = EventType("agreement.ended")
    public static let hubFollowed = EventType("hub.followed")
    public static let enrolmentOffered = EventType("enrolment.offered")
    public static let enrolmentWithdrawn = EventType("enrolment.withdrawn")
    public static let identityEnrolled = EventType("identity.enrolled")
    public static let identityRevoked = EventType("identity.revoked")
    public static let logCheckpointed = EventType("log.checkpointed")
    public static let logTrimmed = EventType("log.trimmed")
    public static let retentionSet = EventType("retention.set")
    public static let logTrusted = EventType("log.trusted")
    public static let logRekeyed = EventType("log.rekeyed")
    public static let sourcePinned = EventType("source.pinned")
    public static let sourceReleased = EventType("source.released")

    public static let known: [EventType] = [
        alertRaised, alertCleared, alertCancelled, alertAcknowledged, alertAssessed, alertClosed, alertReset,
        alertShelved, alertUnshelved, alertNoted, alertWithdrawn, alertSuppressed, alertUnsuppressed,
        alertRemovedFromService, alertReturnedToService, alertTaken, alertAssigned, alertEscalated, alertReminded,
        alertLinked, approvalRequested, approvalGranted, approvalRefused, alarmPolicySet, suppressionStarted,
        suppressionEnded, actsBound, actUndone, observationRecorded, toolReported, toolRegistered, toolRemoved,
        checklistStarted, checklistStepSet, checklistNoted, cityDefined, districtDefined, siteDefined, streetsDefined,
        assetDefined,
        vulnerabilityListed, playbookPublished, exerciseStarted, exerciseEnded, tenantAdded, agreementMade,
        agreementEnded, hubFollowed, enrolmentOffered, enrolmentWithdrawn, identityEnrolled, identityRevoked,
        logCheckpointed, logTrimmed, retentionSet, logTrusted, logRekeyed, sourcePinned, sourceReleased,
    ]

    /// The short name, such as `alert.raised`, of a type of this system.
    public var shortName: String? {
        guard rawValue.hasPrefix("eu.impetus."), rawValue.hasSuffix(".v1") else { return nil }
        return String(rawValue.dropFirst(11).dropLast(3))
    }

    /// The type with a short name, such as `alert.raised`.
    public static func named(_ short: String) -> EventType { EventType(short) }
}
