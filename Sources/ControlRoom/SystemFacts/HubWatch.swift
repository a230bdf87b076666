/// What a hub says to those it shares a log with of a tenant for which a critical alarm waits. It holds for `validSeconds` from when it
/// was recorded, unless the hub says otherwise or stops: of one that is killed, nothing holds for longer.
public struct HubWatch: Equatable, Sendable {
    /// What a hub says of the consoles of a tenant.
    public enum State: String, Sendable {
        /// A console is open there.
        case watched
        /// None is any more, and the hub runs no command either.
        case unwatched
        /// None is, and this hub runs the site's command for all: others leave it to it.
        case escalating
    }

    public var tenant: String
    public var state: State

    public static let validSeconds = 600.0

    public init(tenant: String, state: State) {
        self.tenant = tenant
        self.state = state
    }
}
