import Settings

extension HubConfiguration.Syslog {
    /// Nil where something is wrong, which is said with its line.
    init?(_ section: Section, _ reading: inout Reading) {
        reading.refuseOthers(
            than: ["listen", "tenant", "security", "certificate", "key", "device_authorities", "silence_seconds"],
            in: section)
        let listen = reading.text("listen", in: section)
        let tenant = reading.text("tenant", in: section)
        guard let address = listen.flatMap(HostPort.parse), let tenant else {
            reading.warn(section.path, "syslog has listen = \"HOST:PORT\" and tenant = \"NAME\"")
            return nil
        }
        let usual: Security = HostPort.isLoopback(address.host) ? .plain : .tls
        let word = reading.text("security", in: section)
        guard let security = word.map({ Security(rawValue: $0) }) ?? usual else {
            reading.warn(section.path("security"), "security is \"tls\" or \"plain\"")
            return nil
        }
        self.init(host: address.host, port: address.port, tenant: tenant, security: security)
        certificate = reading.text("certificate", in: section)
        key = reading.text("key", in: section)
        devices = reading.text("device_authorities", in: section)
        if (certificate == nil) != (key == nil) {
            reading.warn(section.path, "certificate and key are the names of two files, or neither is there")
        }
        silenceSeconds = reading.integer("silence_seconds", in: section, from: 0...(30 * 86_400)) ?? silenceSeconds
    }
}
