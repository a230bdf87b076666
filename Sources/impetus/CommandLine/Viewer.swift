import ControlRoom
import Shell
import Sync

/// Who looks, for what is shown to one and not to another.
struct Viewer {
    let actor: String
    /// Nil for somebody who is not known here.
    let role: Role?
    /// The name of the identity that is enrolled here; nil without a hub.
    let name: String?
    private let membership: Membership?

    init(_ options: StoreOptions, asked: String?) throws {
        membership = try options.membership(asked)
        if case .enrolled(let enrolled, let name)? = membership {
            (actor, role, self.name) = (enrolled.identity.actor, enrolled.identity.role, name)
        } else {
            let person = asked ?? "op1"
            actor = person
            role = Identity.embedded(tenant: "").first { $0.actor == person }?.role
            name = nil
        }
    }

    /// Whether they have shown that it is they, by the passphrase of their key: asked before figures of persons are shown, and for
    /// nothing else. Without a hub nobody has a key. Where the passphrase can be had from nobody, it is said what is left out.
    ///
    /// - Throws: an exit code where it is wrong, after that was said.
    func isProven() throws -> Bool {
        guard let membership, let name else { return true }
        guard IdentityPassphrase.isAtHand else {
            Output.note(
                "the figures of persons are left out: they need the passphrase of \(Output.printable(name)): "
                    + "\(IdentityPassphrase.variable), \(IdentityPassphrase.variable)_FILE, or a terminal")
            return false
        }
        try HubSession(membership).end()
        return true
    }
}
