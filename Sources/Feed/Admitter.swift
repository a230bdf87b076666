public import ControlRoom
public import Store

/// What an embedded feed lets in: see `EventForm`, and that an act's author is known here and has the right to it.
public struct Admitter: Sendable {
    /// The people whom an embedded feed knows, by pseudonym.
    private let roles: [String: Role]

    public init(identities: [Identity]) {
        roles = Dictionary(identities.map { ($0.actor, $0.role) }, uniquingKeysWith: { first, _ in first })
    }

    /// Looks at form and right, and keeps nothing. For an act the author's role is asked; for all else whether its type
    /// may come from outside.
    ///
    /// - Returns: the event, or why it is refused, in words for its author.
    public func admit(_ event: Event, now: Timestamp) -> Result<AdmittedEvent, Store.Rejected> {
        EventForm.read(event, now: now).flatMap { admitted in
            denial(of: event).map { .failure(Store.Rejected(reason: $0, isDenied: true)) } ?? .success(admitted)
        }
    }

    private func denial(of event: Event) -> String? {
        guard event.isAct else { return EventForm.denial(of: event.type) }
        guard let actor = event.actor else { return "an act names its actor" }
        guard let role = roles[actor] else { return "\(actor) is not known here" }
        return EventForm.denial(ofActBy: role, event.type)
    }
}
