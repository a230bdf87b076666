import ArgumentParser

@main
struct Bench: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "impetus-bench",
        abstract: "Measures impetus, beside lnav and Alertmanager in the same run.",
        subcommands: [
            All.self, Fold.self, ImportCAP.self, Keys.self, Live.self, Filters.self, HandlingBenchmark.self, Idle.self,
            HubPosts.self,
            HubCatchUp.self,
            HubFollowers.self,
            HubConsoles.self,
            HubLag.self,
        ],
        defaultSubcommand: All.self)
}
