import ArgumentParser
import Console
import ControlRoom
import Shell
import Store

struct LinkCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "link", abstract: "Say which alarm explains others, as a power cut explains dead cameras.",
        discussion: """
            impetus link --where 'kind = camera-offline and in district Arcella' --cause scada-3/power
            They go on waiting for an acknowledgement; in a grouped list they stand under what explains them, and \
            impetus alerts 'cause = scada-3/power' finds them. To suppress them meanwhile is a supervisor's: impetus suppress.
            """)

    @Argument(help: "Alerts, by id.") var ids: [String] = []
    @Option(help: ArgumentHelp("The alert that explains them, by id.", valueName: "id")) var cause: String?
    @Flag(help: "No alarm explains them.") var none = false
    @OptionGroup var mass: MassOptions
    @OptionGroup var actor: ActorOptions
    @OptionGroup var options: StoreOptions

    func run() throws {
        guard (cause == nil) == none else { throw Usage.wrong("what explains them? --cause ID, or --none") }
        try DeedRunner(verb: none ? "unlink" : "link", mass: mass, actor: actor, options: options, cause: cause)
            .run(ids) { _ in .link(nil) }
    }
}
