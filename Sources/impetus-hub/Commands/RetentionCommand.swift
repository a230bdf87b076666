import ArgumentParser
import ControlRoom
import Shell
import Tenancy

struct RetentionCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "retention", abstract: "How long a tenant's consoles keep what has ended; shows it, or sets it.",
        discussion: """
            An alarm that is active or set aside stays, with its events from its last raise on. Of one that is over and that nobody \
            acknowledged or reset, the row stays and its events go. Without a retention everything is kept. \
            The tenant's log itself stays as it is: impetus-hub archive moves its old part away. What was trimmed does not come back \
            to those who had it when the retention is made longer.
            """)

    @OptionGroup var options: HubOptions
    @Argument(help: "The tenant.") var tenant: String
    @Option(help: ArgumentHelp("Keep what has ended for so many days.", valueName: "number")) var days: Int?
    @Flag(help: "Keep everything.") var all = false

    func run() throws {
        try reporting {
            var system = try SystemLog(options)
            guard system.register.tenants[tenant] != nil else { throw Usage.wrong("there is no tenant \(tenant)") }
            if days != nil || all {
                try RetentionWords.check(days, all: all)
                let fact = RetentionSet(tenant: tenant, days: days)
                _ = try system.append(.retentionSet, JSONWriter.bytes(fact.write))
            }
            Output.line(RetentionWords.words(system.register.retention[tenant]))
        }
    }
}
