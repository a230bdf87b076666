import Console
import ControlRoom
import Feed
import Standards
import Store
import Sync
import Trust

/// Makes events of acts: each with its id, its time and its author, and signed by the author where there is a hub.
struct ActMaker: Sendable {
    let surroundings: Surroundings
    /// The unlocked keys, by actor; nil where nobody signs.
    let keys: [String: SigningKey]?
    let tenant: String?
    /// Who is enrolled, with the key that signs; nil where nobody signs.
    let member: (identity: Identity, keyID: String)?

    static func embedded(_ surroundings: Surroundings) -> ActMaker {
        ActMaker(surroundings: surroundings, keys: nil, tenant: nil, member: nil)
    }

    static func hub(_ session: HubSession) -> ActMaker {
        guard case .enrolled(let enrolled, _) = session.membership else { return embedded(session.surroundings) }
        return ActMaker(
            surroundings: session.surroundings, keys: session.keys, tenant: enrolled.identity.tenant,
            member: (enrolled.identity, enrolled.certificate.keyID))
    }

    /// Why no hub will ever take such an act of whoever works here, by their certificate and what is known of it on this machine:
    /// then it is not even kept. Nil where nothing is known against it.
    ///
    /// - Throws: `StoreError`.
    func denial(of type: EventType, in store: Store) throws -> String? {
        guard let member else { return nil }
        guard try store.isDisowned(keyID: member.keyID) else {
            return EventForm.denial(ofActBy: member.identity.role, type)
        }
        return "the hub takes nothing of \(member.identity.actor) any more: the certificate was revoked"
    }

    struct Locked: Error, CustomStringConvertible {
        let actor: String
        var description: String { "\(actor) is not unlocked here" }
    }

    /// - Throws: `Locked`, and what the store says.
    func make(_ act: Act, in store: Store) throws -> Event {
        try make(act, id: surroundings.makeID(), at: try ticks(1, in: store).first)
    }

    /// Readings of the clock for so many acts; of a store without a hub all are of now.
    private func ticks(_ count: Int, in store: Store) throws -> [HybridTime] {
        let now = surroundings.now()
        guard store.mirror != nil else {
            return Array(repeating: HybridTime(milliseconds: now.milliseconds, counter: 0), count: count)
        }
        return try store.ticks(count, now: now)
    }

    /// So many of the acts on many are kept in one transaction.
    static let portion = 2_000

    /// The next portion of the acts on many, whose ids begin with a name.
    func make(_ mass: MassAct, from start: Int, named name: String, in store: Store) throws -> [Event] {
        let range = start..<min(mass.count, start + ActMaker.portion)
        return try zip(range, try ticks(range.count, in: store)).compactMap { index, tick in
            try mass.act(index).map { try make($0, id: Store.massID(name, index + 1), at: tick) }
        }
    }

    /// Puts acts into the outbox, in one transaction.
    func keep(_ events: [Event], in store: Store) throws {
        let rows = events.map { (id: $0.id, subject: $0.subject, event: CloudEventWriter.json($0)) }
        try store.enqueue(rows, now: surroundings.now())
    }

    private func make(_ act: Act, id: String, at occurred: HybridTime?) throws -> Event {
        let now = surroundings.now()
        let subject = act.subject(of: id)
        var event = Event(
            id: id, source: "urn:impetus:console", type: act.type, subject: subject, time: now, data: .json(act.data))
        event.actor = act.actor
        event.occurred = occurred
        event.exercise = act.realm.exercise
        if act.realm == .technical { event.extensions["status"] = act.status.rawValue }
        guard let keys else { return event }
        event.tenant = tenant
        // What is no person's act is vouched for by the connection that brings it.
        guard event.type.neededRight != nil || event.type == .actUndone else {
            event.actor = nil
            return event
        }
        guard let key = keys[act.actor] else { throw Locked(actor: act.actor) }
        try key.sign(&event)
        return event
    }
}
