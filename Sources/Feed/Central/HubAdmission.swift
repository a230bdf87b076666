public import ControlRoom
public import Store
public import Trust

/// Who stands behind a connection, as TLS vouches for it.
public struct Submitter: Equatable, Sendable {
    public var identity: Identity
    /// The key of his certificate; nil for a loopback trial, which has none.
    public var keyID: String?
    /// Every right of the tenant, and no signatures: for trials on a loopback address.
    public var isTrial: Bool

    public init(identity: Identity, keyID: String?, isTrial: Bool = false) {
        self.identity = identity
        self.keyID = keyID
        self.isTrial = isTrial
    }

    public func may(_ right: Right) -> Bool { isTrial || identity.role.may(right) }
}

/// What a hub refuses before it appends: form, size, signature, role and tenant. Everything else is appended, and the fold
/// decides.
public struct HubAdmission: Sendable {
    public static let maximumBytes = 1 << 20
    private static let longestName = 500

    /// What the rules of a feed say; nobody else says it in their name.
    private static let reservedSources = ["urn:impetus:hub", "urn:impetus:feed", "urn:impetus:system"]

    private let directory: Directory
    private let isTenant: @Sendable (String) -> Bool

    /// - Parameter isTenant: whether there is a tenant of this name.
    public init(directory: Directory, isTenant: @escaping @Sendable (String) -> Bool) {
        self.directory = directory
        self.isTenant = isTenant
    }

    /// - Returns: the event as it goes into the log, with its tenant and the word by whom it came.
    public func admit(_ event: Event, from submitter: Submitter, now: Timestamp) -> Result<Event, Store.Rejected> {
        if let fault = fault(of: event) { return .failure(Store.Rejected(reason: fault)) }
        if let denial = denial(of: event, submitter, now) {
            return .failure(Store.Rejected(reason: denial, isDenied: true))
        }
        var admitted = event
        admitted.tenant = submitter.identity.tenant
        admitted.sequence = nil
        admitted.recorded = nil
        for name in HubAdmission.hubsOwn { admitted.extensions[name] = nil }
        admitted.extensions[EventDigest.via] = submitter.identity.actor
        if case .json(let bytes) = admitted.data, bytes.contains(0x0D) {
            // Between values only: a carriage return inside a string is no JSON. It would not survive a line of a stream.
            guard event.signature == nil else {
                return .failure(Store.Rejected(reason: "signed data must not hold carriage returns"))
            }
            admitted.data = .json(bytes.map { $0 == 0x0D ? 0x20 : $0 })
        }
        return .success(admitted)
    }

    /// Extensions that only a hub gives.
    static let hubsOwn = [EventDigest.via, Forwarding.agreement, Forwarding.original, Forwarding.purpose]

    // MARK: - Form

    private func fault(of event: Event) -> String? {
        guard event.data.bytes.count <= HubAdmission.maximumBytes else {
            return "larger than \(HubAdmission.maximumBytes) bytes"
        }
        guard !event.id.isEmpty, !event.source.isEmpty, !event.type.rawValue.isEmpty else {
            return "an event has an id, a source and a type"
        }
        let names = [event.id, event.source, event.type.rawValue, event.subject, event.actor, event.exercise]
        guard names.allSatisfy({ ($0?.utf8.count ?? 0) <= HubAdmission.longestName }) else {
            return "an attribute is longer than \(HubAdmission.longestName) bytes"
        }
        guard names.allSatisfy({ $0?.isEmpty != true }), event.dataContentType?.isEmpty != true,
            event.dataSchema?.isEmpty != true
        else { return "an attribute is empty" }
        guard !HubAdmission.reservedSources.contains(where: event.source.hasPrefix) else {
            return "the source \(event.source) is the hub's own"
        }
        if event.signature != nil, HubAdmission.hubsOwn.contains(where: { event.extensions[$0] != nil }) {
            return "a signed event holds an extension that only the hub gives"
        }
        if !event.isAct,
            let owner = event.subject?.firstRange(of: "//").map({ event.subject?[..<$0.lowerBound] ?? "" }),
            isTenant(String(owner))
        {
            return "alarms that begin with \(owner)// are those that \(owner) shares"
        }
        guard event.extensions.count <= 30,
            event.extensions.allSatisfy({ $0.key.utf8.count <= 40 && $0.value.utf8.count <= 2_000 })
        else { return "too many or too long extensions" }
        do {
            _ = try Fact(of: event)
            return nil
        } catch {
            return "\(event.type.rawValue): \(error)"
        }
    }

    // MARK: - Right

    private func denial(of event: Event, _ submitter: Submitter, _ now: Timestamp) -> String? {
        if let tenant = event.tenant, tenant != submitter.identity.tenant {
            return "\(submitter.identity.actor) is of \(submitter.identity.tenant), not of \(tenant)"
        }
        if event.isAct { return actDenial(event, submitter, now) }
        let rights = event.type.postingRights
        guard !rights.isEmpty else { return "\(event.type.rawValue) is made by a hub alone" }
        guard submitter.isTrial || rights.contains(where: submitter.may) else {
            return "a \(submitter.identity.role.rawValue) may not post \(event.type.rawValue)"
        }
        return event.actor == nil || submitter.isTrial
            ? nil : "\(event.type.rawValue) is no person's act, and names an actor"
    }

    /// A person's act is his who signed it, whoever brings it.
    private func actDenial(_ event: Event, _ submitter: Submitter, _ now: Timestamp) -> String? {
        guard let actor = event.actor else { return "an act names its actor" }
        if submitter.isTrial { return nil }
        switch directory.verdict(on: event) {
        case .valid: break
        case .unsigned: return "an act is signed by its actor"
        case .unknownKey: return "the key of \(actor) is not known here"
        case .forged: return "the signature is not that of \(actor)"
        case .revoked: return "the certificate of \(actor) was revoked"
        }
        guard let member = event.extensions[EventDigest.keyID].flatMap(directory.member(keyID:)) else {
            return "no key"
        }
        guard now <= member.ends else { return "the certificate of \(actor) has ended" }
        guard let right = event.type.neededRight else { return nil }
        let role = member.identity.role
        return role.may(right) ? nil : "a \(role.rawValue) may not \(right.rawValue)"
    }
}

extension Event {
    /// Whether a person makes it, and signs it.
    public var isAct: Bool { type.neededRight != nil || type == .actUndone }
}
