public import ControlRoom
public import Feed
public import Store
public import Tenancy
public import Trust

/// What a hub says behind a tenant's log that an administrator has taken as it is: who it is itself, up to where the log was taken,
/// with the head there, and once more all that it introduces. What it said before may be ruined, or not be believed because what
/// introduced the hub itself is ruined; its names may stand there all the same, so that all of it is said under new ones.
public struct AcceptedLog: Sendable {
    private let tenant: String
    private let word: LogTrusted
    private let wire: Wire
    private let key: SigningKey

    /// Under this name a view remembers up to which place its log was accepted.
    static let placeKey = "accepted"

    /// - Parameters:
    ///   - sequence: the last place that is taken as it is; `head` is the chain's there.
    ///   - wire: with the words of this log's entries.
    ///   - key: the hub's.
    public init(
        tenant: String, logID: String, sequence: Int64, head: String, wire: Wire, signedBy key: SigningKey
    ) {
        self.tenant = tenant
        word = LogTrusted(log: tenant, logID: logID, sequence: sequence, head: head)
        self.wire = wire
        self.key = key
    }

    /// What is to be appended, in this order.
    ///
    /// - Throws: what the key says where it cannot sign.
    public func entries(
        by hub: MemberCertificate, beside hubs: [IdentityEnrolled] = [], _ register: Register, now: Timestamp
    ) throws -> [NewEntry] {
        let known = try AcceptedLog.known(in: register, of: tenant, hub, beside: hubs)
        var events = try known.map { try introduction($0, now: now) }
        // A hub is known before its word on the log is read.
        events.insert(
            try said("accepted/\(word.sequence)/\(hub.keyID)", .logTrusted, JSONWriter.bytes(word.write), now: now),
            at: 1)
        let revoked = register.revokedKeys.sorted().filter {
            register.members[$0].map { $0.identity.tenant == tenant } ?? true
        }
        for keyID in revoked {
            let fact = IdentityRevoked(keyID: keyID, reason: "")
            events.append(try said(anew("revoked/" + keyID), .identityRevoked, JSONWriter.bytes(fact.write), now: now))
        }
        for agreement in register.agreements(from: tenant, at: now) {
            var event = event(
                anew("agreed/" + agreement.id), .agreementMade, JSONWriter.bytes(agreement.write), "agreement")
            event.time = register.made[agreement.id] ?? now
            try key.sign(&event)
            events.append(event)
        }
        return events.map { wire.entry($0, content: ContentHash.of($0)) }
    }

    /// Who signs in a tenant's log: this hub, which comes first, other hubs and keys that it had, and the tenant's members;
    /// nobody whose key was revoked.
    ///
    /// - Parameter hubs: whom the system log introduces; see `SystemVerifier.hubs`.
    /// - Throws: where the hub's certificate cannot be written as PEM.
    public static func known(
        in register: Register, of tenant: String, _ hub: MemberCertificate, beside hubs: [IdentityEnrolled] = []
    ) throws -> [IdentityEnrolled] {
        let own = IdentityEnrolled(
            identity: hub.identity, keyID: hub.keyID, certificate: try hub.pem(), codeHash: nil)
        let others = hubs.filter { $0.keyID != own.keyID }
        let members = (register.keysByTenant[tenant] ?? []).compactMap { keyID in
            register.members[keyID].map {
                IdentityEnrolled(identity: $0.identity, keyID: keyID, certificate: $0.certificate, codeHash: nil)
            }
        }
        return [own] + (others + members).filter { !register.revokedKeys.contains($0.keyID) }
    }

    /// What the log did not take of what is said behind it; empty where it holds all of it.
    public static func refusals(_ entries: [NewEntry], _ answers: [Appended]) -> [String] {
        var refusals = zip(entries, answers).compactMap { entry, answer -> String? in
            switch answer {
            case .accepted, .duplicate: nil
            case .conflicting: "\(entry.id): another entry has its name"
            case .refused(let reason): "\(entry.id): \(reason)"
            }
        }
        refusals += entries.dropFirst(answers.count).map { "\($0.id): no answer" }
        return refusals
    }

    /// Remembers in the view that is to be folded from the log up to where the log was accepted; where it does not begin with its
    /// first entry, the view begins there as well.
    ///
    /// - Parameters:
    ///   - known: whose signatures count in a log without its beginning.
    ///   - revoked: whose do not.
    /// - Throws: `StoreError`.
    public static func prepare(
        _ view: Store, for loss: LogLoss, of log: any EventLog, knowing known: [IdentityEnrolled],
        revoked: Set<String> = []
    )
        throws
    {
        if loss.first > 1 {
            let recorded = try log.read(after: loss.first - 1, limit: 1).first?.recorded
            let base = LogBase(
                sequence: loss.first - 1, head: loss.headBefore,
                recorded: recorded ?? Timestamp(milliseconds: 0))
            try view.begin(behind: base, of: log.logID, knowing: known, revoked: revoked)
        }
        try view.remember(placeKey, String(loss.end))
    }

    private func introduction(_ fact: IdentityEnrolled, now: Timestamp) throws -> Event {
        let name = Central.entryName(keyID: fact.keyID, certificate: fact.certificate)
        return try said(anew(name), .identityEnrolled, JSONWriter.bytes(fact.write), now: now)
    }

    private func anew(_ name: String) -> String { "\(name)/accepted/\(word.sequence)" }

    private func said(_ id: String, _ type: EventType, _ data: [UInt8], now: Timestamp) throws -> Event {
        var event = event(id, type, data, "identity")
        event.time = now
        try key.sign(&event)
        return event
    }

    private func event(_ id: String, _ type: EventType, _ data: [UInt8], _ subject: String) -> Event {
        var event = Event(id: id, source: "urn:impetus:hub", type: type, subject: subject, data: .json(data))
        event.tenant = tenant
        return event
    }
}
