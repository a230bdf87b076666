public import ControlRoom
public import Store

/// What a feed refuses before it appends: form, size and right. Everything else is appended, and the fold decides.
public struct Admitter: Sendable {
    /// Data larger than this is refused.
    public static let maximumBytes = 1 << 20

    /// The people whom an embedded feed knows, by pseudonym.
    private let roles: [String: Role]

    public init(identities: [Identity]) {
        roles = Dictionary(identities.map { ($0.actor, $0.role) }, uniquingKeysWith: { first, _ in first })
    }

    public func admit(_ event: Event) -> Result<AdmittedEvent, Store.Rejected> {
        if event.data.bytes.count > Admitter.maximumBytes {
            return .failure(Store.Rejected(reason: "larger than \(Admitter.maximumBytes) bytes"))
        }
        if event.id.isEmpty || event.source.isEmpty || event.type.rawValue.isEmpty {
            return .failure(Store.Rejected(reason: "an event has an id, a source and a type"))
        }
        if let reason = missingRight(event) { return .failure(Store.Rejected(reason: reason, isDenied: true)) }
        do {
            return .success(try AdmittedEvent(event))
        } catch {
            return .failure(Store.Rejected(reason: "\(event.type.rawValue): \(error)"))
        }
    }

    private func missingRight(_ event: Event) -> String? {
        let right = event.type.neededRight
        // To take back an act needs no right of its own: the fold lets everybody take back what is his.
        guard right != nil || event.type == .actUndone else { return nil }
        guard let actor = event.actor else { return "an act names its actor" }
        guard let role = roles[actor] else { return "\(actor) is not known here" }
        guard let right else { return nil }
        return role.may(right) ? nil : "a \(role.rawValue) may not \(right.rawValue)"
    }
}
