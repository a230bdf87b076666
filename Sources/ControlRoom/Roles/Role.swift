/// What a person is in the house; it decides what they may do.
public enum Role: String, CaseIterable, Sendable {
    case `operator`, supervisor, responder, analyst, dpo, admin, sensor
    /// A hub, which orders the log, signs checkpoints of it and vouches for copies.
    case hub

    /// The roles that somebody can be enrolled with.
    public static let enrollable: [Role] = [.operator, .supervisor, .responder, .analyst, .dpo, .admin, .sensor]

    /// Whether it is a machine's, whose key lies open in a file: a person's never does.
    public var isMachines: Bool { self == .sensor }
}

/// A kind of act that needs a right.
public enum Right: String, CaseIterable, Sendable {
    case acknowledge, assess, close, shelve, runChecklist, note, importData, runExercise
    /// To define the city: its districts, sites and streets.
    case define
    /// To say which assets there are, and what is known of their weaknesses.
    case defineAssets
    /// To publish playbooks.
    case definePlaybooks
    /// To register the tools of the site, and to take them off the register.
    case defineTools
    /// To take an alarm out of service, and to return it.
    case removeFromService
    /// To grant or refuse what somebody else asks for.
    case approve
    /// To give alarms to somebody else.
    case assign
    /// To suppress alarms by a rule, while something explains them.
    case suppress
    /// To set what the site's alarms are handled by.
    case setPolicy
    /// To say what a sensor or a tool found: alerts, observations, the state of a tool.
    case report
    /// To read the tenant's log.
    case read

    /// As a sentence has it: `remove from service`.
    public var words: String {
        rawValue.reduce(into: "") { $0 += $1.isUppercase ? " " + $1.lowercased() : String($1) }
    }
}

extension Role {
    /// The one table of who may what. The console knows it offline; whoever orders the log decides by it.
    public var rights: Set<Right> {
        switch self {
        case .operator: Role.operating
        case .supervisor:
            Role.operating.union([
                .removeFromService, .approve, .assign, .suppress, .setPolicy, .definePlaybooks, .defineTools,
            ])
        case .responder: [.read, .acknowledge, .runChecklist, .note]
        case .analyst: [.read, .acknowledge, .assess, .close, .runChecklist, .note, .importData, .defineAssets]
        case .dpo: [.read]
        case .admin:
            [.read, .importData, .runExercise, .define, .defineAssets, .definePlaybooks, .defineTools, .setPolicy]
        case .sensor: [.report]
        case .hub: []
        }
    }

    private static let operating: Set<Right> = [
        .read, .acknowledge, .assess, .close, .shelve, .runChecklist, .note, .importData, .runExercise,
    ]

    public func may(_ right: Right) -> Bool { rights.contains(right) }
}

extension EventType {
    /// The right that a person needs to make an event of this type; nil where no person makes it.
    public var neededRight: Right? {
        switch self {
        case .alertAcknowledged: .acknowledge
        case .alertAssessed: .assess
        case .alertClosed, .alertReset: .close
        case .alertShelved, .alertUnshelved, .approvalRequested: .shelve
        case .alertRemovedFromService, .alertReturnedToService: .removeFromService
        case .approvalGranted, .approvalRefused: .approve
        case .alertTaken, .alertLinked: .acknowledge
        case .alertAssigned: .assign
        case .alarmPolicySet: .setPolicy
        case .toolRegistered, .toolRemoved: .defineTools
        case .suppressionStarted, .suppressionEnded: .suppress
        case .alertNoted, .checklistNoted: .note
        case .checklistStarted, .checklistStepSet: .runChecklist
        default: nil
        }
    }

    /// The rights of which one lets a machine, or a person who passes on what a machine said, post an event of this type to a
    /// hub; empty where only a hub makes it. An embedded feed asks for none of them: there, whoever runs the command defines.
    public var postingRights: Set<Right> {
        switch self {
        case .alertRaised, .alertCleared, .alertCancelled, .observationRecorded, .toolReported: [.report, .importData]
        case .cityDefined, .districtDefined, .siteDefined, .streetsDefined: [.define]
        case .assetDefined, .vulnerabilityListed: [.defineAssets]
        case .playbookPublished: [.definePlaybooks]
        case .exerciseStarted, .exerciseEnded: [.runExercise]
        case .tenantAdded, .agreementMade, .agreementEnded, .hubFollowed, .enrolmentOffered, .enrolmentWithdrawn,
            .identityEnrolled,
            .identityRevoked, .logCheckpointed, .logTrimmed, .retentionSet, .logTrusted, .logRekeyed, .sourcePinned,
            .sourceReleased,
            .alertWithdrawn,
            .alertSuppressed,
            .alertUnsuppressed,
            .alertEscalated,
            .alertReminded, .actsBound:
            []
        default: [.report, .importData]
        }
    }
}

/// Who sits at a console: a pseudonym, a role, a tenant. The register that resolves the pseudonym is kept elsewhere.
public struct Identity: Hashable, Sendable {
    public var actor: String
    public var role: Role
    public var tenant: String

    public init(actor: String, role: Role, tenant: String) {
        self.actor = actor
        self.role = role
        self.tenant = tenant
    }

    /// The identities of an embedded feed, which needs no enrolment.
    public static func embedded(tenant: String) -> [Identity] {
        [
            Identity(actor: "op1", role: .operator, tenant: tenant),
            Identity(actor: "sup1", role: .supervisor, tenant: tenant),
            Identity(actor: "resp1", role: .responder, tenant: tenant),
        ]
    }
}
