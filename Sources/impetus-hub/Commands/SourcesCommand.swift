import ArgumentParser
import ControlRoom
import Shell
import Tenancy

struct SourcesCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sources", abstract: "Whose the sources of a tenant's events are; frees one that is owned by use.",
        discussion: """
            A machine owns the sources it was enrolled with (enrol --source), or else those that it was the first to use. Listed are \
            both: the pattern or source, the machine, and how it came to own it. What is freed is owned by the next machine to use it; \
            what a machine was enrolled with is taken back by revoke.
            """)

    @OptionGroup var options: HubOptions
    @Argument(help: "The tenant.") var tenant: String
    @Option(help: ArgumentHelp("Free this source.", valueName: "source")) var release: String?

    func run() throws {
        try reporting {
            var system = try SystemLog(options)
            guard system.register.tenants[tenant] != nil else { throw Usage.wrong("there is no tenant \(tenant)") }
            guard let release else { return list(system.register) }
            let fact = SourceReleased(tenant: tenant, source: release)
            guard try system.append(.sourceReleased, JSONWriter.bytes(fact.write)) != .none else {
                Output.note(
                    "\(Output.printable(release)) is not owned by use; impetus-hub sources \(tenant) lists what is")
                throw ExitCode.badData
            }
            Output.line("released \(Output.printable(release))")
        }
    }

    private func list(_ register: Register) {
        let machines = (register.keysByTenant[tenant] ?? []).compactMap { register.members[$0] }.filter {
            !$0.isRevoked
        }
        for member in machines.sorted(by: { $0.identity.actor < $1.identity.actor }) {
            for pattern in member.sources { Output.row([pattern.text, member.identity.actor, "enrolled"]) }
        }
        for (source, owner) in register.sources.pins(of: tenant) {
            Output.row([Output.printable(source), Output.printable(owner.name), "first to use it"])
        }
    }
}

/// Sources in the rows of lists.
enum SourceWords {
    /// - Returns: no column where there are none.
    static func row(_ patterns: [SourcePattern]) -> [String] {
        patterns.isEmpty ? [] : [patterns.map(\.text).joined(separator: " ")]
    }
}
