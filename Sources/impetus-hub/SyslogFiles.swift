import Foundation
import Hub
import Shell

/// What the settings name for an address that takes syslog, read from its files.
struct SyslogFiles {
    let settings: HubConfiguration.Syslog

    init(_ settings: HubConfiguration.Syslog) { self.settings = settings }

    /// - Returns: nil for plain text.
    /// - Throws: `HubFolder.Failure` where a file cannot be read; an exit code where there is nothing to show.
    func security(_ access: HubServer.Access) throws -> SyslogListener.Security? {
        guard settings.security == .tls else { return nil }
        guard case .tls(let hub) = access else {
            throw Usage.wrong("a trial has no certificate: its syslog is plain, on a loopback address")
        }
        return SyslogListener.Security(
            certificate: try settings.certificate.map(SyslogFiles.read) ?? hub.certificate,
            key: try settings.key.map(SyslogFiles.read) ?? hub.key, authority: hub.authority,
            devices: try settings.devices.map(SyslogFiles.read))
    }

    /// - Throws: `HubFolder.Failure` where a file that is named cannot be read.
    func check() throws {
        for file in [settings.certificate, settings.key, settings.devices] { _ = try file.map(SyslogFiles.read) }
    }

    private static func read(_ file: String) throws -> String {
        guard let text = try? String(contentsOfFile: file, encoding: .utf8) else {
            throw HubFolder.Failure("\(file) of [syslog] cannot be read by this user", .noInput)
        }
        return text
    }
}
