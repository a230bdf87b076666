/// How the servers are reached, beside where they are: TLS, and who the hub is to them.
public struct NatsAccess: Equatable, Sendable {
    /// Nil for plain TCP. A server that wants TLS all the same is believed by the system's authorities alone.
    public var tls: TLS?
    public var credentials = Credentials.none
    /// Whether the addresses count that servers name of themselves (`connect_urls` of NATS' INFO), beside those that were given.
    public var followsDiscovered = true

    public init(tls: TLS? = nil, credentials: Credentials = .none, followsDiscovered: Bool = true) {
        self.tls = tls
        self.credentials = credentials
        self.followsDiscovered = followsDiscovered
    }

    /// TLS; a server's certificate is always verified, with the name or address by which it is reached.
    public struct TLS: Equatable, Sendable {
        /// A file of authorities in PEM; nil for those of the system.
        public var authorities: String?
        /// Files of PEM: a certificate that is shown to the servers, and its key. Both or neither.
        public var certificate: String?
        public var key: String?
        /// The name that stands in the servers' certificates, where it is another than the one they are reached by. A certificate for the
        /// address that was connected to counts as well.
        public var serverName: String?

        public init(
            authorities: String? = nil, certificate: String? = nil, key: String? = nil, serverName: String? = nil
        ) {
            self.authorities = authorities
            self.certificate = certificate
            self.key = key
            self.serverName = serverName
        }
    }

    /// Who the hub is. A description holds no secret.
    public enum Credentials: Equatable, Sendable, CustomStringConvertible, CustomReflectable {
        case none
        case password(user: String, password: String)
        case token(String)
        /// An NKey: the public key, and the file of its seed, which is read anew for each connection.
        case nkey(user: String, seedFile: String)
        /// A file of a user's JWT and seed, as `nsc` writes it, which is read anew for each connection.
        case file(String)

        public var description: String {
            switch self {
            case .none: "no credentials"
            case .password(let user, _): "the user \(user)"
            case .token: "a token"
            case .nkey(let user, _): "the NKey \(user)"
            case .file(let file): "the credentials in \(file)"
            }
        }

        public var customMirror: Mirror { Mirror(self, children: []) }
    }
}
