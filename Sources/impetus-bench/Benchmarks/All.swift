import ArgumentParser

/// Everything in one run.
struct All: ParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Every figure, in one run.")

    @OptionGroup var keys: KeyOptions

    func run() throws {
        let workshop = try Workshop()
        defer { workshop.remove() }
        let materials = Materials(workshop: workshop)
        var fold = Fold()
        fold.events = 1_000_000
        fold.keep = nil
        try fold.run()
        var importing = ImportCAP()
        importing.alerts = 100_000
        try importing.run(materials)
        var contest = Keys()
        (contest.samples, contest.runs, contest.alerts, contest.full) = (300, 1, 1_000_000, keys.full)
        try contest.run(materials)
        var idle = Idle()
        (idle.seconds, idle.alerts) = (20, 1_000)
        try idle.run(materials)
        var live = Live()
        (live.rate, live.alerts, live.samples) = (1_000, 1_000_000, 200)
        try live.run(materials)
        var filters = Filters()
        (filters.alerts, filters.active, filters.rate, filters.samples) = (1_000_000, 50_000, 1_000, 15)
        try filters.run(materials)
        var handling = HandlingBenchmark()
        (handling.alerts, handling.active, handling.rate, handling.samples) = (1_000_000, 50_000, 1_000, 15)
        try handling.run(materials)
        // With the standard values of their options, which only parsing gives them.
        for hub in [HubPosts.self, HubCatchUp.self, HubFollowers.self, HubConsoles.self, HubLag.self]
            as [any ParsableCommand.Type]
        {
            var command = try hub.parse([])
            try command.run()
        }
    }
}

struct KeyOptions: ParsableArguments {
    @Flag(help: "2,000 presses of each key and five runs: about 40 minutes.") var full = false
}
