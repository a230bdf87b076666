import ArgumentParser
import ControlRoom
import Foundation
import Shell

/// What every command takes.
struct StoreOptions: ParsableArguments {
    @Option(help: ArgumentHelp("The store; without it, the city's in the XDG data directory.", valueName: "file"))
    var store: String?
    @Option(help: ArgumentHelp("A city pack: padova, oslo, or a folder.", valueName: "name|dir")) var city: String?

    /// For a command that looks at a store, or acts in one.
    func open() throws -> OpenedStore {
        let membership = try membership(nil, looksOnly: true)
        if store == nil, let file = membership?.storePath, !FileManager.default.fileExists(atPath: file) {
            Output.note("nothing came from the hub yet; impetus sync --once fetches it, and impetus opens the console")
            throw ExitCode.noInput
        }
        return try OpenedStore.open(path: store ?? membership?.storePath, city: city, mustExist: true)
    }

    /// For a command that acts: with a hub's identity unlocked, where the store follows one.
    func open(as identity: String?) throws -> OpenedStore {
        guard let membership = try membership(identity) else {
            return try OpenedStore.open(path: store, city: city, mustExist: true)
        }
        return try OpenedStore.open(try HubSession(membership), path: store)
    }

    func membership(_ identity: String?, looksOnly: Bool = false) throws -> Membership? {
        try Membership.chosen(hub: nil, identity: identity, store: store, city: city, looksOnly: looksOnly)
    }

    /// For a command that may be the first.
    func openOrMake(writeCacheKiB: Int) throws -> OpenedStore {
        if let membership = try membership(nil) {
            return try OpenedStore.open(try HubSession(membership), path: store, writeCacheKiB: writeCacheKiB)
        }
        return try OpenedStore.open(path: store, city: city, writeCacheKiB: writeCacheKiB)
    }
}

/// Who acts, for commands that do.
struct ActorOptions: ParsableArguments {
    @Option(
        name: .customLong("as"),
        help: ArgumentHelp(
            "Who acts: op1, sup1 or resp1; with a hub, an identity enrolled here.", valueName: "identity"))
    var identity: String?
    @Flag(help: "The result as one JSON object.") var json = false
}
