import ArgumentParser
import ControlRoom
import Foundation
import Shell

/// What every command takes.
struct StoreOptions: ParsableArguments {
    @Option(help: ArgumentHelp("The store; without it, the city's in the XDG data directory.", valueName: "file"))
    var store: String?
    @Option(help: ArgumentHelp("A city pack: padova, oslo, or a folder.", valueName: "name|dir")) var city: String?

    /// For a command that looks at a store: nobody's key is needed for that.
    ///
    /// - Parameters:
    ///   - identity: whose store, where several are enrolled here.
    ///   - tellsAge: a copy of a hub's log that nobody keeps in step is said to be old.
    func open(of identity: String? = nil, tellsAge: Bool = true) throws -> OpenedStore {
        let membership = try membership(identity, looksOnly: true)
        if membership == nil { try StoreOptions.check(identity) }
        if store == nil, let file = membership?.storePath, !FileManager.default.fileExists(atPath: file) {
            Output.note("nothing came from the hub yet; impetus sync --once fetches it, and impetus opens the console")
            throw ExitCode.noInput
        }
        let opened = try OpenedStore.open(path: store ?? membership?.storePath, city: city, mustExist: true)
        if tellsAge { try CopyAge.tell(opened.store) }
        return opened
    }

    /// For a command that acts: with a hub's identity unlocked, where the store follows one.
    func open(as identity: String?) throws -> OpenedStore {
        guard let membership = try membership(identity) else {
            try StoreOptions.check(identity)
            return try OpenedStore.open(path: store, city: city, mustExist: true)
        }
        let opened = try OpenedStore.open(try HubSession(membership), path: store)
        try CopyAge.tell(opened.store)
        return opened
    }

    /// Whether somebody is one of those who are there without a hub.
    ///
    /// - Throws: an exit code, after it was said who is.
    private static func check(_ identity: String?) throws {
        let known = Identity.embedded(tenant: "").map(\.actor)
        guard let identity, !known.contains(identity) else { return }
        let enrolled = Membership.names
        let others = enrolled.isEmpty ? "" : "; enrolled at a hub are \(enrolled.joined(separator: ", "))"
        Output.note("\(identity) is not known here; without a hub there are \(known.joined(separator: ", "))" + others)
        throw ExitCode.notPermitted
    }

    func membership(_ identity: String?, looksOnly: Bool = false) throws -> Membership? {
        try Membership.chosen(hub: nil, identity: identity, store: store, city: city, looksOnly: looksOnly)
    }

    /// For a command that may be the first.
    func openOrMake(as identity: String? = nil, writeCacheKiB: Int) throws -> OpenedStore {
        if let membership = try membership(identity) {
            return try OpenedStore.open(try HubSession(membership), path: store, writeCacheKiB: writeCacheKiB)
        }
        try StoreOptions.check(identity)
        return try OpenedStore.open(path: store, city: city, writeCacheKiB: writeCacheKiB)
    }
}

/// A store to look at or to fill, and whose it is.
struct NamedStoreOptions: ParsableArguments {
    @OptionGroup var store: StoreOptions
    @Option(
        name: .customLong("as"),
        help: ArgumentHelp("Whose store, where several are enrolled here.", valueName: "identity"))
    var identity: String?

    func open(tellsAge: Bool = true) throws -> OpenedStore { try store.open(of: identity, tellsAge: tellsAge) }

    func openOrMake(writeCacheKiB: Int) throws -> OpenedStore {
        try store.openOrMake(as: identity, writeCacheKiB: writeCacheKiB)
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
