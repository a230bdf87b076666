public import HubCore
public import Settings

/// What a hub's TOML file says. It holds the host's settings alone; tenants, agreements and members are in the system log.
public struct HubConfiguration: Equatable, Sendable {
    public var name = "hub"
    public var host = "0.0.0.0"
    public var port = 8443
    /// Names and addresses under which consoles reach it; they stand in its certificate.
    public var hosts = ["localhost", "127.0.0.1"]
    public var data = ""
    /// `sqlite`, or `nats://HOST:PORT,...`; nil where nothing is said.
    public var log: String?
    public var nats: Nats?
    public var replicas = 1
    public var passphraseFile: String?
    public var syslog: Syslog?
    public var limits = Limits()
    public var metrics: Metrics?
    public var escalation: Escalation?

    /// An address for `/metrics` alone: plain HTTP for everybody on loopback, elsewhere TLS and members of the role admin.
    public struct Metrics: Equatable, Sendable {
        public var host: String
        public var port: Int
    }

    /// An address that takes syslog for a tenant.
    public struct Syslog: Equatable, Sendable {
        /// How syslog comes to an address.
        public enum Security: String, Sendable {
            /// RFC 5425: TLS from 1.2 on, with certificates on both sides.
            case tls
            /// RFC 6587: for whoever reaches the address.
            case plain
        }

        public var host: String
        public var port: Int
        public var tenant: String
        /// What is not said is TLS, but plain on a loopback address.
        public var security: Security
        /// Files of PEM: another certificate than the hub's with its key, such as one of RSA, and authorities of devices.
        public var certificate: String?
        public var key: String?
        public var devices: String?
        /// A sender's shorter silence is never an alarm; 0 for no alarms on silence.
        public var silenceSeconds = 900
    }

    /// What whoever connects may use up: numbers of connections, bytes of a body and of memory, seconds for a request.
    public struct Limits: Equatable, Sendable {
        /// At one time, in all.
        public var connections = 4_000
        /// At one time, from one address.
        public var connectionsPerAddress = 1_000
        /// Bytes of one request's body.
        public var bodyBytes = 8 << 20
        /// Seconds from the end of a request's head to the end of its body; then it is answered with 408.
        public var requestSeconds = 20
        /// What all connections together may make the hub hold; a quarter of it is for people's acts and streams alone.
        public var memoryBytes = 768 << 20
        /// What a machine may post, and all machines of a tenant; a trial has no such limit.
        public var rates = RateLimits()

        public init() {}

        /// Connections whose TLS handshake is not finished, in all; of one address 16 (`ConnectionPlaces.Limits`). Not settable.
        public static let handshakes = 256

        var places: ConnectionPlaces.Limits {
            ConnectionPlaces.Limits(
                most: connections, mostOfOne: connectionsPerAddress, mostHandshakes: Limits.handshakes)
        }
    }

    public init() {}

    /// Reads a file. What is wrong in it is said with its line; a hub does not start on a file with warnings.
    public static func read(_ text: String, file: String) -> Loaded<HubConfiguration> {
        do {
            var reading = try Reading(text, file: file)
            var configuration = HubConfiguration()
            configuration.take(&reading)
            return Loaded(value: configuration, warnings: reading.warnings)
        } catch {
            return Loaded(value: nil, warnings: [error])
        }
    }

    private mutating func take(_ reading: inout Reading) {
        let root = reading.root
        reading.refuseOthers(
            than: [
                "name", "listen", "hosts", "data", "log", "replicas", "passphrase_file", "syslog", "limits", "metrics",
                "nats",
                "escalation",
            ], in: root)
        name = reading.text("name", in: root) ?? name
        if let listen = reading.text("listen", in: root) { set(listen, at: root.path("listen"), &reading) }
        hosts = reading.texts("hosts", in: root)?.map(\.text) ?? hosts
        data = reading.text("data", in: root) ?? data
        log = reading.text("log", in: root) ?? log
        if let log, log != "sqlite", !log.hasPrefix("nats://") {
            reading.warn(root.path("log"), "log is \"sqlite\" or \"nats://HOST:PORT,...\"")
        }
        replicas = reading.integer("replicas", in: root, from: 1...5) ?? replicas
        passphraseFile = reading.text("passphrase_file", in: root)
        if let section = reading.section("nats", in: root) { nats = Nats(section, &reading) }
        if let section = reading.section("syslog", in: root) { syslog = Syslog(section, &reading) }
        if let section = reading.section("metrics", in: root) { metrics = Metrics(section, &reading) }
        if let section = reading.section("escalation", in: root) { escalation = Escalation(section, &reading) }
        if let section = reading.section("limits", in: root) { limits.take(section, &reading) }
    }

    private mutating func set(_ listen: String, at path: [String], _ reading: inout Reading) {
        guard let address = HostPort.parse(listen) else {
            return reading.warn(path, "listen is HOST:PORT, such as \"0.0.0.0:8443\"")
        }
        (host, port) = address
    }
}

extension HubConfiguration.Metrics {
    fileprivate init?(_ section: Section, _ reading: inout Reading) {
        reading.refuseOthers(than: ["listen"], in: section)
        guard let address = reading.text("listen", in: section).flatMap(HostPort.parse) else {
            reading.warn(section.path, "metrics has listen = \"HOST:PORT\", such as \"127.0.0.1:9108\"")
            return nil
        }
        self.init(host: address.host, port: address.port)
    }
}

extension HubConfiguration.Limits {
    fileprivate mutating func take(_ section: Section, _ reading: inout Reading) {
        reading.refuseOthers(
            than: [
                "connections", "connections_per_address", "body_bytes", "request_seconds", "memory_bytes",
                "machine_events_per_second", "machine_burst", "tenant_events_per_second", "tenant_burst",
            ], in: section)
        connections = reading.integer("connections", in: section, from: 1...100_000) ?? connections
        connectionsPerAddress =
            reading.integer("connections_per_address", in: section, from: 1...100_000) ?? connectionsPerAddress
        bodyBytes = reading.integer("body_bytes", in: section, from: 1_000...(256 << 20)) ?? bodyBytes
        memoryBytes = reading.integer("memory_bytes", in: section, from: (32 << 20)...(1 << 40)) ?? memoryBytes
        requestSeconds = reading.integer("request_seconds", in: section, from: 1...600) ?? requestSeconds
        rates = RateLimits(
            eventsPerSecond: reading.integer("machine_events_per_second", in: section, from: 0...10_000_000)
                ?? rates.eventsPerSecond,
            burst: reading.integer("machine_burst", in: section, from: RateLimits.leastBurst...100_000_000)
                ?? rates.burst,
            tenantEventsPerSecond: reading.integer("tenant_events_per_second", in: section, from: 0...10_000_000)
                ?? rates.tenantEventsPerSecond,
            tenantBurst: reading.integer("tenant_burst", in: section, from: RateLimits.leastBurst...100_000_000)
                ?? rates.tenantBurst)
    }
}

/// `HOST:PORT`, with brackets around an IPv6 address.
public enum HostPort {
    /// Whether nobody on another machine reaches it. A name counts only where it is the one that every system has.
    public static func isLoopback(_ host: String) -> Bool {
        if host == "localhost" || host == "::1" { return true }
        let parts = host.split(separator: ".", omittingEmptySubsequences: false)
        return parts.count == 4 && parts[0] == "127" && parts.allSatisfy { UInt8($0) != nil }
    }

    /// Nil where it is no host, a colon and a port.
    public static func parse(_ text: String) -> (host: String, port: Int)? {
        guard let colon = text.lastIndex(of: ":"), let port = Int(text[text.index(after: colon)...]),
            (0...65_535).contains(port)
        else { return nil }
        var host = String(text[..<colon])
        if host.hasPrefix("["), host.hasSuffix("]") { host = String(host.dropFirst().dropLast()) }
        return host.isEmpty ? nil : (host, port)
    }
}
