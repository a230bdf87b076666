import ControlRoom
import Sync

/// Who looks, for what is shown to one and not to another. No key is asked for: who reads a store reads all of it.
struct Viewer {
    let actor: String
    /// Nil for somebody who is not known here.
    let role: Role?
    /// The name of the identity that is enrolled here; nil without a hub.
    let name: String?

    init(_ options: StoreOptions, asked: String?) throws {
        if case .enrolled(let enrolled, let name)? = try options.membership(asked) {
            (actor, role, self.name) = (enrolled.identity.actor, enrolled.identity.role, name)
        } else {
            let person = asked ?? "op1"
            actor = person
            role = Identity.embedded(tenant: "").first { $0.actor == person }?.role
            name = nil
        }
    }
}
