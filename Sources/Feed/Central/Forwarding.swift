public import ControlRoom
public import Store
public import Trust

/// Copies of a tenant's alerts for others with whom it has an agreement.
///
/// A copy has an id that follows from the original and the agreement, so that it is the same whoever makes it, and it is
/// never forwarded again. It tells nothing of the other log: no sequence, no actor, no personal field.
public struct Forwarding: Sendable {
    /// Extensions of a copy: under which agreement, a copy of what, and to what purpose.
    public static let agreement = Event.agreementExtension
    public static let original = "original"
    public static let purpose = "purpose"

    /// Members that name other alerts.
    private static let references: Set<String> = ["replaces", "cancels"]

    private let key: SigningKey
    /// The same on every hub: two that forward the same make one copy.
    private static let source = "urn:impetus:hub"

    /// - Parameter key: of the hub, which vouches for the copies.
    public init(key: SigningKey) { self.key = key }

    /// The copy of an event for an agreement; nil where it is none of what follows an alert.
    ///
    /// - Parameter isShared: whether an alert was shared under the agreement before, by its subject.
    /// - Throws: what `isShared` throws, and what CryptoKit says where the copy cannot be signed.
    public func copy(
        _ event: Event, _ fact: Fact, under agreement: Agreement, isShared: (String) throws -> Bool
    ) throws -> Event? {
        guard event.extensions[Forwarding.agreement] == nil else { return nil }
        switch fact {
        case .alertRaised(let raised):
            guard try agreement.covers(tool: raised.toolCode, kind: raised.kind) || isShared(event.subject ?? "") else {
                return nil
            }
        case .alertCleared: guard try isShared(event.subject ?? "") else { return nil }
        case .alertCancelled(let cancelled): guard try cancelled.cancels.contains(where: isShared) else { return nil }
        default: return nil
        }
        var copy = Event(
            id: "shared/\(agreement.id)/" + TextHash.of(event.source + "\u{1F}" + event.id),
            source: Forwarding.source(ofCopiesOf: event.source, from: agreement.from), type: event.type,
            subject: Forwarding.subject(event.subject ?? "", from: agreement.from), time: event.time,
            data: try strip(event, under: agreement))
        copy.dataContentType = event.dataContentType
        copy.exercise = event.exercise
        copy.extensions["status"] = event.extensions["status"]
        try stamp(&copy, agreement, original: event.source + " " + event.id)
        return copy
    }

    /// The source of copies: it tells the receiver which of them one source vouches for, and not which source that is.
    public static func source(ofCopiesOf original: String, from tenant: String) -> String {
        source + ":shared:" + TextHash.of(tenant + "\u{1F}" + original).prefix(32)
    }

    /// What was shared under an agreement that is over is taken back.
    ///
    /// - Throws: what CryptoKit says where it cannot be signed.
    public func withdrawal(
        of alarm: Store.Shared, in realm: Realm, under agreement: Agreement, reason: String, now: Timestamp
    ) throws -> Event {
        let name = [realm.name, alarm.subject, alarm.source].joined(separator: "\u{1F}")
        var event = Event(
            id: "withdrawn/\(agreement.id)/\(now.milliseconds)/" + TextHash.of(name),
            source: alarm.source.isEmpty ? Forwarding.source : alarm.source, type: .alertWithdrawn,
            subject: Forwarding.subject(alarm.subject, from: agreement.from), time: now,
            data: .json(JSONWriter.bytes { $0.object { $0.member("reason", reason) } }))
        event.exercise = realm.exercise
        if realm == .technical { event.extensions["status"] = MessageStatus.test.rawValue }
        try stamp(&event, agreement, original: nil)
        return event
    }

    /// An alert of another tenant never falls on one of our own.
    public static func subject(_ subject: String, from tenant: String) -> String { tenant + "//" + subject }

    private func stamp(_ event: inout Event, _ agreement: Agreement, original: String?) throws {
        event.tenant = agreement.to
        event.extensions[Forwarding.agreement] = agreement.id
        event.extensions[Forwarding.purpose] = agreement.purpose
        // Hashed: an id of the other log may say more than was agreed.
        event.extensions[Forwarding.original] = original.map { TextHash.of($0) }
        try key.sign(&event)
    }

    private func strip(_ event: Event, under agreement: Agreement) throws -> Event.Payload {
        guard case .json(let bytes) = event.data else { return .none }
        // A cancelling message holds the fields of an alert.
        let hidden = Set(agreement.removed).union(event.type.personalFields).union(EventType.alertRaised.personalFields)
        var writer = JSONWriter()
        try JSONReader.read(bytes) { reader in
            var members: [(String, [UInt8])] = []
            try reader.object { name, reader in
                reader.skipWhitespace()
                if Forwarding.references.contains(name) {
                    // Other alerts are named as they are called at the receiver's: the receiver's own are out of reach.
                    let subjects = try reader.strings().map { Forwarding.subject($0, from: agreement.from) }
                    members.append(
                        (name, JSONWriter.bytes { $0.array { list in for text in subjects { list.string(text) } } }))
                    return
                }
                let value = try reader.raw()
                if !hidden.contains(name) { members.append((name, value)) }
            }
            writer.object { writer in
                for (name, value) in members { writer.member(name, raw: value) }
            }
        }
        return .json(writer.bytes)
    }
}
