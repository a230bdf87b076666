/// Where a server is.
struct ServerAddress: Hashable, Sendable {
    /// A name or an address, IPv6 without brackets.
    var host: String
    var port: Int
    /// The name that its certificate is for, where it is not the host: that of the server which named it.
    var certificateName: String?

    static let usualPort = 4_222

    /// `nats://HOST:PORT` or `HOST:PORT`, IPv6 in brackets; who the hub is, before an `@`, is left out. Nil where it is none.
    init?(_ text: String, certificateName: String? = nil) {
        var rest = text[...]
        if let end = rest.firstRange(of: "://") {
            guard rest[..<end.lowerBound].lowercased() == "nats" else { return nil }
            rest = rest[end.upperBound...]
        }
        if let at = rest.lastIndex(of: "@") { rest = rest[rest.index(after: at)...] }
        rest = rest.prefix { $0 != "/" }
        var port: Substring?
        if rest.first == "[" {
            guard let end = rest.firstIndex(of: "]") else { return nil }
            let behind = rest[rest.index(after: end)...]
            guard behind.isEmpty || behind.first == ":" else { return nil }
            port = behind.isEmpty ? nil : behind.dropFirst()
            rest = rest[rest.index(after: rest.startIndex)..<end]
        } else if let colon = rest.lastIndex(of: ":") {
            port = rest[rest.index(after: colon)...]
            rest = rest[..<colon]
        }
        let number = port.map { Int($0) } ?? ServerAddress.usualPort
        guard let number, (1...65_535).contains(number), !rest.isEmpty else { return nil }
        (host, self.port, self.certificateName) = (String(rest), number, certificateName)
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

/// Whether a host is named or numbered.
enum HostName {
    /// IPv4 with its four numbers, or IPv6.
    static func isAddress(_ host: String) -> Bool {
        if host.contains(":") { return true }
        let parts = host.split(separator: ".", omittingEmptySubsequences: false)
        return parts.count == 4 && parts.allSatisfy { UInt8($0) != nil }
    }
}
