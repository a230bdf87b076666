public import ControlRoom
import Feed
public import Store
public import Trust

/// Who stands behind a connection, as TLS vouches for it.
public struct Submitter: Equatable, Sendable {
    public var identity: Identity
    /// The key of the certificate; nil for a loopback trial, which has none.
    public var keyID: String?
    /// Every right of the tenant, and no signatures: for trials on a loopback address.
    public var isTrial: Bool
    /// By what a sender without a key is known, its address or its certificate; nil for members.
    public var device: String?
    /// The hub itself, which says what it found out of those who post.
    public var isHub: Bool

    public init(
        identity: Identity, keyID: String?, isTrial: Bool = false, device: String? = nil, isHub: Bool = false
    ) {
        self.identity = identity
        self.keyID = keyID
        self.isTrial = isTrial
        self.device = device
        self.isHub = isHub
    }

    public func may(_ right: Right) -> Bool { isTrial || identity.role.may(right) }
}

/// What a hub lets in: see `EventForm`, and beyond it signature, role and tenant.
public struct HubAdmission: Sendable {
    private let knownMembers: KnownMembers
    private let isTenant: @Sendable (String) -> Bool

    /// - Parameter isTenant: whether there is a tenant of this name.
    public init(knownMembers: KnownMembers, isTenant: @escaping @Sendable (String) -> Bool) {
        self.knownMembers = knownMembers
        self.isTenant = isTenant
    }

    /// What was let in.
    public struct Admitted: Sendable {
        /// As it goes into the log, with its tenant and the word by whom it came.
        public var event: Event
        /// What it says, read once for all who ask.
        public var fact: Fact
    }

    /// - Returns: the event with what it says, or why it is not let in.
    public func admit(_ event: Event, from submitter: Submitter, now: Timestamp) -> Result<Admitted, Store.Rejected> {
        let fact: Fact
        switch EventForm.read(event, now: now) {
        case .success(let read): fact = read.fact
        case .failure(let rejected): return .failure(Store.Rejected(reason: rejected.reason))
        }
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
        return .success(Admitted(event: admitted, fact: fact))
    }

    /// Extensions that only a hub gives.
    static let hubsOwn = [
        EventDigest.via, Forwarding.agreement, Forwarding.original, Forwarding.purpose, Event.importedExtension,
    ]

    // MARK: - Form

    private func fault(of event: Event) -> String? {
        if event.signature != nil, HubAdmission.hubsOwn.contains(where: { event.extensions[$0] != nil }) {
            return "a signed event holds an extension that only the hub gives"
        }
        if !event.isAct,
            let owner = event.subject?.firstRange(of: "//").map({ event.subject?[..<$0.lowerBound] ?? "" }),
            isTenant(String(owner))
        {
            return "alarms that begin with \(owner)// are those that \(owner) shares"
        }
        return nil
    }

    // MARK: - Right

    /// Whether nothing but its form speaks against an event of this type from somebody.
    func mayPost(_ event: Event, _ submitter: Submitter, _ now: Timestamp) -> Bool {
        denial(of: event, submitter, now) == nil
    }

    private func denial(of event: Event, _ submitter: Submitter, _ now: Timestamp) -> String? {
        if let tenant = event.tenant, tenant != submitter.identity.tenant {
            return "\(submitter.identity.actor) is of \(submitter.identity.tenant), not of \(tenant)"
        }
        if event.isAct { return actDenial(event, submitter, now) }
        if let denial = EventForm.denial(of: event.type) { return denial }
        guard submitter.isTrial || event.type.postingRights.contains(where: submitter.may) else {
            return "the role \(submitter.identity.role.rawValue) may not post \(event.type.rawValue)"
        }
        return event.actor == nil || submitter.isTrial
            ? nil : "\(event.type.rawValue) is no person's act, and names an actor"
    }

    /// A person's act is that of whoever signed it, no matter who brings it.
    private func actDenial(_ event: Event, _ submitter: Submitter, _ now: Timestamp) -> String? {
        guard let actor = event.actor else { return "an act names its actor" }
        if submitter.isTrial { return nil }
        switch knownMembers.verdict(on: event) {
        case .valid: break
        case .unsigned: return "an act is signed by its actor"
        case .unknownKey: return "the key of \(actor) is not known here"
        case .forged: return "the signature is not that of \(actor)"
        case .revoked: return "the certificate of \(actor) was revoked"
        }
        guard let member = event.extensions[EventDigest.keyID].flatMap(knownMembers.member(keyID:)) else {
            return "no key"
        }
        guard member.covers(event, at: now) else { return "the certificate of \(actor) has ended" }
        return EventForm.denial(ofActBy: member.identity.role, event.type)
    }
}
