import ArgumentParser

@main
struct Bench: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "impetus-bench",
        abstract: "Measures impetus, beside lnav in the same run where there is a peer to measure.",
        subcommands: [Fold.self],
        defaultSubcommand: Fold.self)
}
