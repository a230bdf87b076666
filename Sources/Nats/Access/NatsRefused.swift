import ControlRoom

/// The servers are there, but will not have the hub, or are not believed: a setting has to be changed.
///
/// To try again by itself would be in vain until it is.
public struct NatsRefused: Error, Equatable, Sendable, CustomStringConvertible {
    public let description: String

    public init(_ description: String) { self.description = description }
}

extension NatsRefused {
    static func setting(_ name: String, _ why: any Error) -> NatsRefused {
        NatsRefused("[nats] \(name): it cannot be used: \(why)")
    }

    static func unknown(_ access: NatsAccess) -> NatsRefused {
        NatsRefused("NATS: the servers do not let \(access.credentials) in: \(remedy(access))")
    }

    private static func remedy(_ access: NatsAccess) -> String {
        switch access.credentials {
        case .none: "[nats] user and password_file, nkey_seed_file or credentials_file say who the hub is"
        case .password: "[nats] user and password_file are not those that the servers have"
        case .token: "the token in log is not the one that the servers have"
        case .nkey: "[nats] nkey_seed_file is of no user whom the servers have"
        case .file: "[nats] credentials_file is of no user of an account that the servers have, or has ended"
        }
    }

    static let noTLS = NatsRefused(
        "NATS: a server speaks no TLS, which [nats] asks for: give the server a tls section, or take tls, "
            + "ca, certificate and server_name out")

    /// TLS 1.3 says that a client's certificate is missing only after the handshake: the server hangs up.
    static func hungUp(_ tls: NatsAccess.TLS?) -> NatsRefused {
        let what = tls?.certificate.map { "not the certificate \($0)" } ?? "perhaps it wants a certificate"
        return NatsRefused(
            "NATS: a server broke TLS off; \(what): [nats] certificate and key name one of an "
                + "authority that the server knows")
    }

    static func otherName(_ why: any Error) -> NatsRefused {
        NatsRefused(
            "NATS: a server's certificate is not believed: it is for another name or address: put the one that it is "
                + "reached by into the certificate, reach it by one that stands there, or say which does: "
                + "[nats] server_name (\(why))")
    }

    /// The library does not say whether an authority or the time is wrong.
    ///
    /// - Parameter term: of the certificate; nil where it is not known.
    static func notBelieved(_ access: NatsAccess, term: (from: Timestamp, to: Timestamp)?) -> NatsRefused {
        let known = access.tls?.authorities.map { "the authorities in \($0)" } ?? "the system's authorities"
        let time = term.map { " (\($0.from.rfc3339) to \($0.to.rfc3339))" } ?? ""
        return NatsRefused(
            "NATS: a server's certificate is not believed: it is by none of \(known) ([nats] ca = FILE names the "
                + "authority's certificate), or its time\(time) is over or has not begun: give the server a new one, or "
                + "look at the clock")
    }

    static func noHandshake(_ why: any Error) -> NatsRefused {
        NatsRefused(
            "NATS: no TLS with a server: the certificates and keys of both sides, and [nats] certificate and key (\(why))"
        )
    }
}
