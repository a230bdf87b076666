import NIOSSL
import Trust

extension NatsAccess {
    /// What TLS needs, its files read anew; the system's authorities where nothing was set.
    ///
    /// - Throws: `NatsRefused`, with the setting whose file cannot be used.
    func context() throws -> NIOSSLContext {
        var configuration = TLSConfiguration.makeClientConfiguration()
        configuration.minimumTLSVersion = .tlsv12
        if let file = tls?.authorities {
            configuration.trustRoots = .certificates(
                try NatsAccess.reading("ca = \"\(file)\"") { try NIOSSLCertificate.fromPEMFile(file) })
        }
        guard let certificate = tls?.certificate, let key = tls?.key else {
            return try NatsAccess.reading("ca") { try NIOSSLContext(configuration: configuration) }
        }
        return try NatsAccess.reading("certificate = \"\(certificate)\", key = \"\(key)\"") {
            configuration.certificateChain = try NIOSSLCertificate.fromPEMFile(certificate).map { .certificate($0) }
            configuration.privateKey = .privateKey(try NIOSSLPrivateKey(file: key, format: .pem))
            return try NIOSSLContext(configuration: configuration)
        }
    }

    private static func reading<Value>(_ setting: String, _ body: () throws -> Value) throws -> Value {
        do { return try body() } catch { throw NatsRefused.setting(setting, error) }
    }

    /// The name that a server's certificate has to be for; nil where it has to be for the address that was connected to.
    func expectedName(of server: ServerAddress) -> String? {
        let name = tls?.serverName ?? server.certificateName ?? server.host
        return HostName.isAddress(name) ? nil : name
    }
}
