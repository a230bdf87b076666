import Foundation
import Hub
import Trust

/// The certificates that a hub's settings name. That for syslog is shown as it was when the hub began; that for the log's servers
/// is read anew for each connection.
struct NamedCertificates: Sendable {
    private let syslog: NamedCertificate?
    private let natsFile: String?

    init(_ configuration: HubConfiguration) {
        let syslog = configuration.syslog
        self.syslog = syslog?.security == .tls ? NamedCertificates.read("syslog", syslog?.certificate) : nil
        natsFile = configuration.nats?.certificate
    }

    /// Those that can be read.
    var all: [NamedCertificate] { [NamedCertificates.read("nats", natsFile), syslog].compactMap { $0 } }

    private static func read(_ section: String, _ file: String?) -> NamedCertificate? {
        guard let file, let pem = try? String(contentsOfFile: file, encoding: .utf8) else { return nil }
        return NamedCertificate(section: section, file: file, pem: pem)
    }
}
