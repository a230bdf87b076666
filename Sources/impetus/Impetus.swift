import ArgumentParser
import Shell
import Store

@main
struct Impetus: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "impetus",
        abstract: "The control room of a safe city, in a terminal.",
        discussion: """
            Without a subcommand the console opens. With no hub configured it runs an embedded feed on its own store, and \
            plays the city pack's exercise as long as the store holds no Actual alerts.
            """,
        version: "0.1.0",
        subcommands: [
            ConsoleCommand.self, ImportCommand.self, AlertsCommand.self, ExportCommand.self, AssetsCommand.self,
            DistrictsCommand.self,
            ChecklistsCommand.self, AckCommand.self, AssessCommand.self, CloseCommand.self, StartCommand.self,
            ShelveCommand.self, UnshelveCommand.self, ServiceCommand.self, ApproveCommand.self, AssignCommand.self,
            LinkCommand.self, TeamCommand.self, MetricsCommand.self, PolicyCommand.self, SuppressCommand.self,
            ToolsCommand.self, StepCommand.self,
            UndoCommand.self,
            EnrolCommand.self, RenewCommand.self,
            SyncCommand.self, AuditCommand.self, BundleCommand.self, RetentionCommand.self, StatusCommand.self,
            DoctorCommand.self,
        ],
        defaultSubcommand: ConsoleCommand.self)

    static func main() {
        Program.begin()
        do {
            try Program.checkHelp(self)
            var command = try parseAsRoot()
            try command.run()
        } catch {
            Program.end(self, error) { error in
                (error as? StoreError).map(OpenedStore.exitCode(for:)) ?? (error as? FileFailure)?.code
            }
        }
        Program.end(self, nil)
    }
}
