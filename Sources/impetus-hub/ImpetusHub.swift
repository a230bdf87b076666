import ArgumentParser
import Foundation
import Shell

@main
struct ImpetusHub: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "impetus-hub",
        abstract: "The central feed of a safe city: it orders the events of all tenants.",
        discussion: """
            impetus-hub init makes the authority and the hub's certificate; tenant add and enrol make its members; serve runs \
            it. Everything but the host's settings is in the system log.
            """,
        version: "0.1.0",
        subcommands: [
            ServeCommand.self, InitCommand.self, TenantCommand.self, EnrolCommand.self, MembersCommand.self,
            RevokeCommand.self, AgreementCommand.self, SourcesCommand.self, RetentionCommand.self, CheckCommand.self,
            RenewCommand.self,
            BackupCommand.self,
            RestoreCommand.self, ArchiveCommand.self, UnarchiveCommand.self, AuditCommand.self,
            AcceptLogCommand.self, TrustLogCommand.self, RotateLogKeyCommand.self,
        ])

    static func main() async {
        // What a hub writes is its owner's alone: logs, views, keys, backups and archives have mode 0600.
        umask(0o077)
        Program.begin()
        do {
            try Program.checkHelp(self)
            var command = try await asyncParseAsRoot()
            if var command = command as? any AsyncParsableCommand { try await command.run() } else { try command.run() }
        } catch {
            Program.end(self, error, known: knownExitCode(for:))
        }
        Program.end(self, nil)
    }
}
