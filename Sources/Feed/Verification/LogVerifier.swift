public import ControlRoom
public import Store
public import Trust

/// Reads a log event by event and tells what is wrong with it: a number left out, a signature that is not its actor's, a
/// checkpoint that another history has.
public struct LogVerifier: Sendable {
    /// Nil on a loopback trial, where nobody signs.
    private let knownMembers: KnownMembers?
    public private(set) var chain: LogChain
    /// The last place for which a hub's checkpoint named the head that was found here: up to it the log is what it signed.
    public private(set) var vouched: LogChain?
    /// The last place up to which an administrator has taken the log as it is, with the head that was found here: what a hub said of
    /// it before then is not held against it. 0 where nobody has.
    public private(set) var accepted: Int64 = 0
    /// Heads that a checkpoint may name, the newest last.
    private var heads: [LogChain] = []
    private static let mostHeads = 20_000

    /// What a reader found wrong in a log; sequences are the log's.
    public enum Finding: Equatable, Sendable {
        /// Events are missing before this one.
        case gap(expected: Int64, found: Int64)
        /// An act that its actor did not sign.
        case forged(actor: String, sequence: Int64)
        /// By somebody whose role may not say it: it was taken where its type was not known.
        case notAllowed(actor: String, sequence: Int64)
        /// The hub's checkpoint does not fit what was read.
        case altered(before: Int64)
        /// What hubs alone say, and no hub signed: a checkpoint, a shared copy, a member's certificate, a trim, what follows
        /// by rules.
        case notTheHubs(sequence: Int64)
    }

    public init(knownMembers: KnownMembers?, from cursor: Store.Cursor) {
        self.knownMembers = knownMembers
        chain = LogChain(sequence: cursor.sequence, head: cursor.head) ?? LogChain(logID: cursor.logID)
        heads = [chain]
    }

    /// An event of a log as it is read, before anybody has looked whether it is to be believed. What can be found out of it
    /// alone is, so that it can be done beside the thread that verifies.
    public static func read(_ event: Event) -> AdmittedEvent {
        AdmittedEvent(fromLog: event, digest: LogChain.digest(of: event))
    }

    /// A place of a log that holds no event. Its digest is made here, whoever told of it: an event that is passed off as junk does
    /// not fit the chain.
    public static func read(_ junk: JunkEntry) -> AdmittedEvent {
        AdmittedEvent(junk: junk, digest: LogChain.digest(of: junk))
    }

    /// Takes the next event. It is kept whatever is found, but one that is not believed has no effect.
    ///
    /// - Returns: nil where it does not follow on what came before: nothing was taken.
    public mutating func take(_ event: Event) -> (event: AdmittedEvent, finding: Finding?)? {
        take(read: LogVerifier.read(event))
    }

    /// - Parameter read: made by `read`.
    public mutating func take(read: AdmittedEvent) -> (event: AdmittedEvent, finding: Finding?)? {
        guard let sequence = read.event.sequence, sequence == chain.sequence + 1, let digest = read.digest else {
            return nil
        }
        let finding = finding(read, sequence)
        chain.add(digest: digest, sequence: sequence)
        keepHead(behind: sequence - 1)
        switch finding {
        case nil, .altered: break
        default: return (read.distrusted, finding)
        }
        learn(read.fact)
        accept(read.fact)
        return (read, finding)
    }

    /// Takes an event of which only the digest is known; whether it follows on what came before.
    public mutating func take(digest: [UInt8], sequence: Int64) -> Bool {
        guard sequence == chain.sequence + 1 else { return false }
        chain.add(digest: digest, sequence: sequence)
        keepHead(behind: sequence - 1)
        return true
    }

    /// A hub's word is as good as its checkpoint: it vouches for the head that it names, if that was found here.
    private mutating func accept(_ fact: Fact) {
        guard case .logTrusted(let word) = fact, word.sequence > accepted,
            let known = heads.last(where: { $0.sequence == word.sequence }), known.head == word.head
        else { return }
        accepted = word.sequence
        if known.sequence > vouched?.sequence ?? 0 { vouched = known }
    }

    private mutating func keepHead(behind place: Int64) {
        assert(chain.sequence == place + 1 && heads.last?.sequence ?? place == place, "the chain left a place out")
        heads.append(chain)
        if heads.count > LogVerifier.mostHeads { heads.removeFirst(LogVerifier.mostHeads / 2) }
    }

    private func learn(_ fact: Fact) {
        switch fact {
        case .identityEnrolled(let fact): knownMembers?.learn(pem: fact.certificate)
        case .identityRevoked(let fact): knownMembers?.revoke(keyID: fact.keyID)
        default: break
        }
    }

    private mutating func finding(_ read: AdmittedEvent, _ sequence: Int64) -> Finding? {
        guard let knownMembers, read.junk == nil else { return nil }
        let event = read.event
        if event.type == .logCheckpointed { return checkpoint(read, sequence, knownMembers) }
        let isHubsOwn = event.type.postingRights.isEmpty && event.type.neededRight == nil && event.type != .actUndone
        if event.extensions["agreement"] != nil || isHubsOwn {
            // A certificate speaks for itself, whoever signed the event, and also that of the hub that signs.
            if case .identityEnrolled(let fact) = read.fact, isAuthoritys(fact, knownMembers) { return nil }
            return knownMembers.isHubs(event) ? nil : .notTheHubs(sequence: sequence)
        }
        guard event.isAct else { return poster(event, sequence, knownMembers) }
        // The end of a shelf is nobody's act.
        if event.actor == nil { return knownMembers.isHubs(event) ? nil : .notTheHubs(sequence: sequence) }
        let actor = event.actor ?? event.source
        guard knownMembers.verdict(on: event) == .valid else { return .forged(actor: actor, sequence: sequence) }
        let role = event.extensions[EventDigest.keyID].flatMap(knownMembers.member(keyID:))?.identity.role
        guard let right = event.type.neededRight, role?.may(right) != true else { return nil }
        return .notAllowed(actor: actor, sequence: sequence)
    }

    /// Whether the authority says the same of this key, in a certificate that is then known: so it is for whoever starts here.
    private func isAuthoritys(_ fact: IdentityEnrolled, _ knownMembers: KnownMembers) -> Bool {
        guard let certificate = try? MemberCertificate(pem: fact.certificate), certificate.keyID == fact.keyID,
            certificate.identity == fact.identity
        else { return false }
        return knownMembers.learn(certificate)
    }

    /// What a machine said, or somebody for it, counts by the rights of today of whoever brought it, as the hub says who that was.
    /// In logs of before it does not say so, and what an uncounted sender of syslog brought is under a name that nobody has: there
    /// the hub's admission decided alone.
    private func poster(_ event: Event, _ sequence: Int64, _ knownMembers: KnownMembers) -> Finding? {
        guard let actor = event.extensions[EventDigest.via], let tenant = event.tenant else { return nil }
        let roles = knownMembers.roles(of: actor, tenant: tenant)
        // What defines the city was once for everybody who may import: the hub's admission decides that today.
        let rights = event.type.postingRights.union(event.type.isDefinition ? [.importData] : [])
        if roles.isEmpty || roles.contains(.hub) || roles.contains(where: { !$0.rights.isDisjoint(with: rights) }) {
            return nil
        }
        return .notAllowed(actor: actor, sequence: sequence)
    }

    private mutating func checkpoint(_ read: AdmittedEvent, _ sequence: Int64, _ knownMembers: KnownMembers) -> Finding?
    {
        guard knownMembers.isHubs(read.event), case .logCheckpointed(let word) = read.fact else {
            return .notTheHubs(sequence: sequence)
        }
        // One of a place that is yet to come was signed over another log.
        guard word.sequence <= chain.sequence else { return .altered(before: sequence) }
        // One from before this reader began, or from long before, says nothing to it.
        guard let known = heads.last(where: { $0.sequence == word.sequence }) else { return nil }
        guard known.head == word.head else { return .altered(before: word.sequence) }
        vouched = known
        return nil
    }
}

extension LogVerifier.Finding: CustomStringConvertible {
    public var description: String {
        switch self {
        case .gap(let expected, let found): "events \(expected) to \(found - 1) are missing in the log"
        case .forged(let actor, let sequence): "event \(sequence) was not signed by \(actor); it has no effect here"
        case .notAllowed(let actor, let sequence):
            "event \(sequence) is by \(actor), whose role may not say that; it has no effect here"
        case .altered(let before):
            "the log is not the one the hub signed at event \(before): before it events are missing, altered or moved"
        case .notTheHubs(let sequence): "event \(sequence) is not the hub's, as it says; it has no effect here"
        }
    }
}

extension EventType {
    /// Whether it says what there is: the city and its parts, assets and what is known of their faults, playbooks.
    fileprivate var isDefinition: Bool {
        [
            .cityDefined, .districtDefined, .siteDefined, .streetsDefined, .assetDefined, .vulnerabilityListed,
            .playbookPublished,
        ].contains(self)
    }
}
