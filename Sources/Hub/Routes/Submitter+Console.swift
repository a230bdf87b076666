import ControlRoom
import HubCore

extension Submitter {
    /// By which the consoles of one member are told from those of others.
    var watchesAs: String { keyID ?? identity.actor }

    /// Whether they may know how the hub itself is, and what is wrong with it.
    var administers: Bool { isTrial || identity.role == .admin }
}
