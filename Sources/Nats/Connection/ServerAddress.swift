import Trust

/// Where a server is.
struct ServerAddress: Hashable, Sendable {
    /// A name or an address, IPv6 without brackets.
    var host: String
    var port: Int
    /// The name that its certificate is for, where it is not the host: that of the server which named it.
    var certificateName: String?

    /// `nats://HOST:PORT` or `HOST:PORT`; who the hub is, before an `@`, is left out. Nil where it is none.
    init?(_ text: String, certificateName: String? = nil) {
        guard let address = NatsAddress(text.hasSuffix("/") ? text.dropLast() : text[...]) else { return nil }
        (host, port, self.certificateName) = (address.host, address.port, certificateName)
    }

    var shown: String { host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)" }
}

/// The servers that may be connected to, one after the other.
struct ServerPool: Sendable {
    private let given: [ServerAddress]
    private var discovered: [ServerAddress] = []
    private var place: Int

    /// - Parameter start: where it begins, at random for each connection, so that not all go to the same.
    init(_ given: [ServerAddress], start: Int) {
        self.given = given
        place = given.isEmpty ? 0 : start % given.count
    }

    private var all: [ServerAddress] { given + discovered }

    /// How many there are to try before the first comes again.
    var count: Int { given.count + discovered.count }

    mutating func next() -> ServerAddress? {
        guard count > 0 else { return nil }
        defer { place = (place + 1) % count }
        return all[place % count]
    }

    /// Instead of what was discovered before.
    ///
    /// - Parameter by: the server that named them.
    mutating func discover(_ texts: [String], by server: ServerAddress) {
        let name = server.certificateName ?? (HostName.isAddress(server.host) ? nil : server.host)
        let known = Set(given.map(\.shown))
        discovered = texts.compactMap { ServerAddress($0, certificateName: name) }.filter { !known.contains($0.shown) }
    }
}

extension HostName {
    /// IPv4 or IPv6, and no name.
    static func isAddress(_ host: String) -> Bool {
        if case .address? = try? HostName(host) { true } else { false }
    }
}
