import ControlRoom
import Store
import Tenancy
public import Trust

/// Copies of a tenant's alerts for others with whom it has an agreement.
///
/// A copy is one for a receiver, however many agreements cover it: it names them all, and has an id that follows from the
/// original and the first of them, so that it is the same whoever makes it. It is never forwarded again. It tells nothing of the
/// other log: no sequence, no actor, and of the data what is declared open alone.
public struct Forwarding: Sendable {
    /// Extensions of a copy: under which agreements, a copy of what, and to what purposes. Names stand one after the other, with
    /// a comma between them; of more than `mostNamed` the first, and how many more there are.
    public static let agreement = Event.agreementExtension
    public static let original = "original"
    public static let purpose = "purpose"

    /// Agreements that one copy names, with their purposes: what they take has to fit beside the largest event
    /// (`Central.roomForCopies`).
    static let mostNamed = 10

    /// Members that name other alerts.
    private static let references: Set<String> = ["replaces", "cancels"]

    /// Members that name alerts that no agreement may cover, as they are called at the sender's.
    private static let foreign: Set<String> = ["cap.references", "cap.incidents"]

    private let key: SigningKey
    /// The same on every hub: two that forward the same make one copy.
    private static let source = "urn:impetus:hub"

    /// - Parameter key: of the hub, which vouches for the copies.
    public init(key: SigningKey) { self.key = key }

    /// The agreements that an event about an alert is shared under: those that cover its kind, and those under which its alert
    /// was shared before. Empty where it is none of what follows an alert.
    ///
    /// - Parameters:
    ///   - agreements: that hold for it.
    ///   - isShared: whether an alert was shared under an agreement before, by its subject.
    func covering(
        _ event: Event, _ fact: Fact, among agreements: [Agreement],
        isShared: (Agreement, String) throws -> Bool
    ) throws -> [Agreement] {
        guard event.extensions[Forwarding.agreement] == nil else { return [] }
        let subject = event.subject ?? ""
        switch fact {
        case .alertRaised(let raised):
            return try agreements.filter {
                try $0.covers(tool: raised.tool.code, kind: raised.kind) || isShared($0, subject)
            }
        case .alertCleared: return try agreements.filter { try isShared($0, subject) }
        case .alertCancelled(let cancelled):
            return try agreements.filter { agreement in
                try cancelled.cancels.contains { try isShared(agreement, $0) }
            }
        default: return []
        }
    }

    /// The copy of an event for one receiver.
    ///
    /// - Parameters:
    ///   - agreements: those that it is shared under, the first made first; not empty, and all with the same two tenants. What
    ///     one of them lets through is passed on.
    ///   - isKnown: whether the receiver has a copy of an alert, by its subject. Others are not named to them.
    /// - Throws: `JSONError` where its data is no object; what signing says.
    func copy(_ event: Event, under agreements: [Agreement], isKnown: (String) throws -> Bool) throws -> Event? {
        guard let first = agreements.first else { return nil }
        let data = try strip(event, under: agreements, isKnown: isKnown)
        var copy = Event(
            id: "shared/\(first.id)/" + TextHash.of(event.source + "\u{1F}" + event.id),
            source: Forwarding.source(ofCopiesOf: event.speaker, from: first.from), type: event.type,
            subject: Forwarding.subject(event.subject ?? "", from: first.from), time: event.time, data: data)
        copy.dataContentType = event.dataContentType
        copy.exercise = event.exercise
        copy.extensions["status"] = event.extensions["status"]
        try stamp(&copy, agreements, original: event.source + " " + event.id)
        return copy
    }

    /// The source of copies: it tells the receiver which of them one source vouches for, and not which source that is.
    public static func source(ofCopiesOf original: String, from tenant: String) -> String {
        source + ":shared:" + TextHash.of(tenant + "\u{1F}" + original).prefix(32)
    }

    /// What was shared under an agreement that is over, and under no other, is taken back. Whoever says it gives it the same id.
    func withdrawal(
        of alarm: Store.Shared, in realm: Realm, under agreement: Agreement, reason: String, now: Timestamp
    ) throws -> Event {
        let name = [realm.name, alarm.subject, alarm.source].joined(separator: "\u{1F}")
        var event = Event(
            id: "withdrawn/\(agreement.id)/" + TextHash.of(name),
            source: alarm.source.isEmpty ? Forwarding.source : alarm.source, type: .alertWithdrawn,
            subject: Forwarding.subject(alarm.subject, from: agreement.from), time: now,
            data: .json(JSONWriter.bytes { $0.object { $0.member("reason", reason) } }))
        event.exercise = realm.exercise
        if realm == .technical { event.extensions["status"] = MessageStatus.test.rawValue }
        try stamp(&event, [agreement], original: nil)
        return event
    }

    /// An alert of another tenant never falls on one of our own. It is no longer than acts and references may name.
    public static func subject(_ subject: String, from tenant: String) -> String {
        TextBound.name(tenant + "//" + subject, to: TextBound.key)
    }

    private func stamp(_ event: inout Event, _ agreements: [Agreement], original: String?) throws {
        event.tenant = agreements.first?.to
        var (names, purposes) = ([String](), [String]())
        // Longer ones stand in logs from before they were bounded.
        for agreement in agreements.prefix(Forwarding.mostNamed) {
            names.append(TextBound.cut(agreement.id, to: Agreement.mostNameBytes))
            let purpose = TextBound.cut(agreement.purpose, to: Agreement.mostPurposeBytes)
            if !purposes.contains(purpose) { purposes.append(purpose) }
        }
        if agreements.count > names.count { names.append("and \(agreements.count - names.count) more") }
        event.extensions[Forwarding.agreement] = names.joined(separator: ", ")
        event.extensions[Forwarding.purpose] = purposes.joined(separator: ", ")
        // Hashed: an id of the other log may say more than was agreed.
        event.extensions[Forwarding.original] = original.map { TextHash.of($0) }
        try key.sign(&event)
    }

    private func strip(
        _ event: Event, under agreements: [Agreement], isKnown: (String) throws -> Bool
    ) throws -> Event.Payload {
        guard case .json(let bytes) = event.data else { return .none }
        let removed = agreements.dropFirst().reduce(Set(agreements.first?.removed ?? [])) {
            $0.intersection($1.removed)
        }
        let sender = agreements.first?.from ?? ""
        return .json(
            try OpenData.bytes(of: bytes, event.type, without: removed.union(Forwarding.foreign)) { path, reader in
                guard Forwarding.references.contains(path) else { return nil }
                // Other alerts are named as they are called at the receiver's: the receiver's own are out of reach. What no
                // agreement covers is not named.
                let subjects = try reader.strings().filter(isKnown).map { Forwarding.subject($0, from: sender) }
                return JSONWriter.bytes { $0.array { list in for text in subjects { list.string(text) } } }
            })
    }
}
