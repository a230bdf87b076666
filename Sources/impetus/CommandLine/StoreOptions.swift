import ArgumentParser
import ControlRoom
import Foundation

/// What every command takes.
struct StoreOptions: ParsableArguments {
    @Option(help: ArgumentHelp("The store; without it, the city's in the XDG data directory.", valueName: "file"))
    var store: String?
    @Option(help: ArgumentHelp("A city pack: padova, oslo, or a folder.", valueName: "name|dir")) var city: String?

    /// For a command that looks at a store, or acts in one.
    func open() throws -> OpenedStore { try OpenedStore.open(path: store, city: city, mustExist: true) }

    /// For a command that may be the first.
    func openOrMake(writeCacheKiB: Int) throws -> OpenedStore {
        try OpenedStore.open(path: store, city: city, writeCacheKiB: writeCacheKiB)
    }
}

/// Who acts, for commands that do.
struct ActorOptions: ParsableArguments {
    @Option(name: .customLong("as"), help: ArgumentHelp("Who acts: op1, sup1 or resp1.", valueName: "identity"))
    var identity: String = "op1"
    @Flag(help: "The result as one JSON object.") var json = false
}
