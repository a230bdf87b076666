import ArgumentParser

@main
struct Bench: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "impetus-bench",
        abstract: "Measures impetus, beside lnav in the same run where there is a peer to measure.",
        subcommands: [All.self, Fold.self, ImportCAP.self, Keys.self, Live.self, Idle.self],
        defaultSubcommand: All.self)
}
