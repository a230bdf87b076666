import ControlRoom
import HubCore

extension Submitter {
    /// By which the consoles of one member are told from those of others.
    var watchesAs: String { keyID ?? identity.actor }
}
