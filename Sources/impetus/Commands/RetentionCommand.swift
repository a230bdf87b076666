import ArgumentParser
import ControlRoom
import Shell
import Store

struct RetentionCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "retention", abstract: "How long a store keeps what has ended; shows it, or sets it.",
        discussion: """
            An alarm that is active or set aside stays, with its events from its last raise on. Of one that is over and that nobody \
            acknowledged or reset, the row stays and its events go. Without a retention everything is kept. \
            A store that follows a hub does as its administrator said there.
            """)

    @Option(help: ArgumentHelp("Keep what has ended for so many days.", valueName: "number")) var days: Int?
    @Flag(help: "Keep everything.") var all = false
    @OptionGroup var options: NamedStoreOptions

    func run() throws {
        let store = try options.open().store
        if days != nil || all {
            guard store.mirror == nil else {
                throw Usage.wrong("this store follows a hub; impetus-hub retention TENANT sets it there")
            }
            try RetentionWords.check(days, all: all)
            try store.setRetention(days: days)
        }
        if store.mirror != nil {
            let base = try store.base().sequence
            Output.line(
                base == 0
                    ? "the hub says what is kept (impetus-hub retention); nothing was trimmed yet"
                    : "what ended up to event \(base) was trimmed, as the hub said")
        } else {
            Output.line(try RetentionWords.words(store.retentionDays()))
        }
    }
}
