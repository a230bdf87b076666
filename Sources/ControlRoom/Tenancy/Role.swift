/// What a person is in the house; it decides what he may do.
public enum Role: String, CaseIterable, Sendable {
    case `operator`, supervisor, responder, analyst, dpo, admin, sensor
}

/// A kind of act that needs a right.
public enum Right: String, CaseIterable, Sendable {
    case acknowledge, assess, close, shelve, runChecklist, note, importData, runExercise, define
}

extension Role {
    /// The one table of who may what. The console knows it offline; whoever orders the log decides by it.
    public var rights: Set<Right> {
        switch self {
        case .operator: [.acknowledge, .assess, .close, .shelve, .runChecklist, .note, .importData, .runExercise]
        case .supervisor: [.acknowledge, .assess, .close, .shelve, .runChecklist, .note, .importData, .runExercise]
        case .responder: [.acknowledge, .runChecklist, .note]
        case .analyst: [.acknowledge, .assess, .close, .runChecklist, .note, .importData]
        case .dpo: []
        case .admin: [.importData, .runExercise, .define]
        case .sensor: []
        }
    }

    public func may(_ right: Right) -> Bool { rights.contains(right) }
}

extension EventType {
    /// The right that a person needs to make an event of this type; nil where no person makes it.
    public var neededRight: Right? {
        switch self {
        case .alertAcknowledged: .acknowledge
        case .alertAssessed: .assess
        case .alertClosed, .alertReset: .close
        case .alertShelved, .alertUnshelved: .shelve
        case .alertNoted, .checklistNoted: .note
        case .checklistStarted, .checklistStepSet: .runChecklist
        default: nil
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
