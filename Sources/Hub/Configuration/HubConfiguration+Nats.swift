import Settings

extension HubConfiguration {
    /// `[nats]`: how the servers of a log are reached, beside where they are. What is nil was not said.
    public struct Nats: Equatable, Sendable {
        /// Whether TLS is spoken; any of the four below asks for it too.
        public var tls: Bool?
        /// A file of authorities in PEM by which the servers are believed; without one, those of the system.
        public var authorities: String?
        /// Files of PEM: a certificate that is shown to the servers, and its key.
        public var certificate: String?
        public var key: String?
        /// The name in the servers' certificates, where it is not the one in `log`.
        public var serverName: String?
        /// A user, and the file of their password.
        public var user: String?
        public var passwordFile: String?
        /// A file with the seed of an NKey.
        public var seedFile: String?
        /// A file with a user's JWT and seed.
        public var credentialsFile: String?
        /// Whether a log without TLS, or without credentials, beyond loopback is meant.
        public var isPlainMeant: Bool?

        public init() {}
    }
}

extension HubConfiguration.Nats {
    public var speaksTLS: Bool {
        tls ?? false || [authorities, certificate, key, serverName].contains { $0 != nil }
    }

    /// Whether the servers can know the hub: by a password, an NKey, a JWT, or its certificate.
    public var hasCredentials: Bool { hasUser || certificate != nil }

    private var hasUser: Bool { [user, passwordFile, seedFile, credentialsFile].contains { $0 != nil } }

    /// Puts in what is remembered, where nothing else was said: credentials of another kind replace those that were remembered, and
    /// a certificate its key.
    public func completed(by known: HubConfiguration.Nats) -> HubConfiguration.Nats {
        var all = self
        all.tls = tls ?? known.tls
        all.authorities = authorities ?? known.authorities
        all.serverName = serverName ?? known.serverName
        all.isPlainMeant = isPlainMeant ?? known.isPlainMeant
        if certificate == nil, key == nil { (all.certificate, all.key) = (known.certificate, known.key) }
        guard !hasUser else { return all }
        (all.user, all.passwordFile) = (known.user, known.passwordFile)
        (all.seedFile, all.credentialsFile) = (known.seedFile, known.credentialsFile)
        return all
    }

    /// The same with other names of its files.
    public func mapFiles(_ body: (String) -> String) -> HubConfiguration.Nats {
        var all = self
        for path in Self.files { all[keyPath: path] = all[keyPath: path].map(body) }
        return all
    }

    private static var files: [WritableKeyPath<Self, String?>] {
        [
            \.authorities, \.certificate, \.key, \.passwordFile, \.seedFile, \.credentialsFile,
        ]
    }

    /// What contradicts itself; nil where nothing does. The keys are those of the settings' file.
    public var fault: String? {
        if tls == false, speaksTLS { return "tls = false, and ca, certificate, key or server_name ask for TLS" }
        if (certificate == nil) != (key == nil) {
            return "certificate and key are the names of two files, or neither is there"
        }
        if (user == nil) != (passwordFile == nil) { return "user and password_file belong together" }
        guard [user, seedFile, credentialsFile].count(where: { $0 != nil }) <= 1 else {
            return "one of user, nkey_seed_file and credentials_file says who the hub is"
        }
        return nil
    }

    private static var texts: [(key: String, path: WritableKeyPath<Self, String?>)] {
        [
            ("ca", \.authorities), ("certificate", \.certificate), ("key", \.key), ("server_name", \.serverName),
            ("user", \.user), ("password_file", \.passwordFile), ("nkey_seed_file", \.seedFile),
            ("credentials_file", \.credentialsFile),
        ]
    }

    private static var flags: [(key: String, path: WritableKeyPath<Self, Bool?>)] {
        [
            ("tls", \.tls), ("plain", \.isPlainMeant),
        ]
    }

    /// What is wrong is said with its line.
    init(_ section: Section, _ reading: inout Reading) {
        reading.refuseOthers(than: Self.flags.map(\.key) + Self.texts.map(\.key), in: section)
        for (key, path) in Self.flags { self[keyPath: path] = reading.flag(key, in: section) }
        for (key, path) in Self.texts {
            self[keyPath: path] = reading.text(key, in: section)
            if self[keyPath: path] == "" { reading.warn(section.path(key), "\(key) is empty") }
        }
        if let fault { reading.warn(section.path, fault) }
    }

    /// The section as it is written into a file of settings; empty where nothing was said.
    public var toml: String {
        let flags = Self.flags.compactMap { key, path in self[keyPath: path].map { "\(key) = \($0)\n" } }
        let texts = Self.texts.compactMap { key, path in
            self[keyPath: path].map { "\(key) = \(TOMLText.quoted($0))\n" }
        }
        return flags.isEmpty && texts.isEmpty ? "" : "[nats]\n" + (flags + texts).joined()
    }
}

/// A basic string of TOML 1.0.
public enum TOMLText {
    public static func quoted(_ text: String) -> String {
        let inner = text.unicodeScalars.map { scalar in
            switch scalar {
            case "\"", "\\": "\\" + String(scalar)
            case _ where scalar.value < 0x20 || scalar.value == 0x7F: "\\u" + hex(scalar.value)
            default: String(scalar)
            }
        }
        return "\"" + inner.joined() + "\""
    }

    private static func hex(_ value: UInt32) -> String {
        let digits = String(value, radix: 16, uppercase: true)
        return String(repeating: "0", count: 4 - digits.count) + digits
    }
}
