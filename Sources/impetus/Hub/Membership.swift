import ArgumentParser
import ControlRoom
import Foundation
import Shell
import Store
import Sync
import Trust

/// Which hub a store follows, and as whom.
enum Membership {
    case enrolled(EnrolledIdentity, name: String)
    /// A hub on loopback that asks nobody who they are.
    case trial(hub: String)

    private static let storeKey = "membership"

    /// Of the key that a hub is shown; nil where it asks for none.
    var keyID: String? {
        guard case .enrolled(let enrolled, _) = self else { return nil }
        return enrolled.certificate.keyID
    }

    var hubs: [String] {
        switch self {
        case .enrolled(let identity, _): identity.hubs
        case .trial(let hub): [hub]
        }
    }

    var authority: AuthorityCertificate? {
        if case .enrolled(let identity, _) = self { return identity.authority }
        return nil
    }

    /// The store of an identity, when none is named: one for each tenant of each authority.
    var storePath: String {
        switch self {
        case .enrolled(let identity, _):
            Paths.live.dataDirectory + "/" + identity.identity.tenant + "@" + identity.authority.fingerprint.prefix(8)
                + ".sqlite"
        case .trial(let hub):
            Paths.live.dataDirectory + "/trial@" + String(hub.map { $0.isLetter || $0.isNumber ? $0 : "-" }) + ".sqlite"
        }
    }

    // MARK: - Where identities lie

    static var folder: String { Paths.live.configDirectory + "/identities" }

    static func folder(of name: String) -> String { folder + "/" + name }

    /// Who is enrolled here, by name.
    static var names: [String] { EnrolledIdentity.names(in: folder) }

    /// Says who works, where a command has no `--as`.
    static let variable = "IMPETUS_AS"

    /// Who works, where the command does not say so: whom the environment names, else the only one who is enrolled here, else
    /// who a person at the terminal chooses; nil where nobody is.
    ///
    /// - Parameter looksOnly: nothing is done in anybody's name: whose store it is need not be asked where it is one and the same.
    /// - Throws: a usage error that lists the names, where there are several and no terminal.
    static func whoever(of names: [String] = names, looksOnly: Bool = false) throws -> String? {
        if let name = ProcessInfo.processInfo.environment[variable], !name.isEmpty, !names.isEmpty {
            guard names.contains(name) else {
                throw Usage.wrong("\(variable) says \(name); here are enrolled \(names.joined(separator: ", "))")
            }
            return name
        }
        guard names.count > 1 else { return names.first }
        if looksOnly, Set(names.compactMap { try? named($0).storePath }).count == 1 { return names.first }
        guard let chosen = Choice.ask("Who is working?", among: names) else {
            throw Usage.wrong(
                "several are enrolled here: \(names.joined(separator: ", ")); --as NAME or \(variable)=NAME says who works"
            )
        }
        return chosen
    }

    static func named(_ name: String) throws -> Membership {
        guard names.contains(name) else {
            let known = names.joined(separator: ", ")
            throw Usage.wrong(
                "nobody here is enrolled as \(name)" + (known.isEmpty ? "; impetus enrol" : "; there is \(known)"))
        }
        return .enrolled(try EnrolledIdentity(folder: folder(of: name)), name: name)
    }

    /// What a command is to work with: what it names, else what is enrolled here; nil for a store of its own, as `--city` opens.
    ///
    /// - Parameter looksOnly: nothing is done in anybody's name.
    /// - Throws: a usage error where a city is named as well as somebody, a hub or a store that works with one: its log says which
    ///   city it is, and nobody acts in another store than they think.
    static func chosen(
        hub: String?, identity: String?, store: String?, city: String?, looksOnly: Bool = false
    ) throws -> Membership? {
        let found = try found(hub: hub, identity: identity, store: store, isCity: city != nil, looksOnly: looksOnly)
        guard let found, let city else { return found }
        throw Usage.wrong(
            "--city \(city) opens a store without a hub, and \(found.name) works with one, whose log says which city it is: "
                + "leave out --city, or --as, --hub, --store and \(variable)")
    }

    private static func found(
        hub: String?, identity: String?, store: String?, isCity: Bool, looksOnly: Bool
    ) throws -> Membership? {
        if let hub {
            let address = try HubAddress(hub)
            if !address.isSecure { return .trial(hub: address.url) }
            return try withHub(address.url, identity)
        }
        if let store {
            if let known = try remembered(by: store, identity) { return known }
            // A new file, or one of its own, which says so when it is opened.
            guard let identity, names.contains(identity) else { return nil }
            return try named(identity)
        }
        if let identity, names.contains(identity) { return try named(identity) }
        // A city is asked for: only who is named otherwise stands against it.
        if isCity, ProcessInfo.processInfo.environment[variable, default: ""].isEmpty { return nil }
        guard identity == nil, let name = try whoever(looksOnly: looksOnly) else { return nil }
        return try named(name)
    }

    private static func withHub(_ url: String, _ identity: String?) throws -> Membership {
        if let identity { return try named(identity) }
        let here = try names.filter { name in
            guard case .enrolled(let found, _) = try named(name) else { return false }
            return found.hubs.contains(url)
        }
        if let name = try whoever(of: here) { return try named(name) }
        throw Usage.wrong("nobody here is enrolled at \(url); impetus enrol --hub \(url) CODE")
    }

    /// A store knows whose it is.
    private static func remembered(by path: String, _ identity: String?) throws -> Membership? {
        guard Store.followsHub(path: path) else { return nil }
        guard let kept = try Store.kept(storeKey, path: path) else { return nil }
        if kept.hasPrefix("http:") { return .trial(hub: kept) }
        return try named(identity ?? kept)
    }

    /// By which it is found again: the identity's name here, or the trial's address.
    var name: String {
        switch self {
        case .enrolled(_, let name): name
        case .trial(let hub): hub
        }
    }

    func remember(in store: Store) throws {
        if try store.recall(Membership.storeKey) == nil { try store.remember(Membership.storeKey, name) }
    }
}

/// The address of a hub, as people write it.
struct HubAddress {
    let url: String
    let isSecure: Bool

    /// - Throws: a usage error.
    init(_ text: String) throws {
        var text = text
        while text.hasSuffix("/") { text.removeLast() }
        if !text.contains("://") { text = "https://" + text }
        guard let parts = URLComponents(string: text), let host = parts.host, !host.isEmpty, parts.path.isEmpty,
            parts.scheme == "https" || parts.scheme == "http"
        else { throw Usage.wrong("a hub is https://HOST:PORT") }
        isSecure = parts.scheme == "https"
        guard isSecure || ["127.0.0.1", "localhost", "::1", "[::1]"].contains(host) else {
            throw Usage.wrong("plain http is for a trial on loopback alone; a hub is https://HOST:PORT")
        }
        url = text
    }
}

/// The passphrase of an identity: from the environment, a file, or the terminal, before a screen is drawn.
enum IdentityPassphrase {
    static let variable = "IMPETUS_PASSPHRASE"

    private static let least = 8

    /// Whether a person is asked, and no script has said it.
    static var isAsked: Bool {
        let environment = ProcessInfo.processInfo.environment
        return environment[variable, default: ""].isEmpty && environment[variable + "_FILE"] == nil
    }

    /// Whether there is anybody, or anything, to have it from.
    static var isAtHand: Bool { !isAsked || isatty(STDIN_FILENO) == 1 }

    static func ask(_ name: String, isNew: Bool = false) throws -> String {
        let text = try found(name, isNew)
        guard !isNew || text.utf8.count >= least else {
            throw Usage.wrong("a passphrase has \(least) letters or more; nothing was enrolled")
        }
        return text
    }

    private static func found(_ name: String, _ isNew: Bool) throws -> String {
        let environment = ProcessInfo.processInfo.environment
        if let text = environment[variable], !text.isEmpty { return text }
        if let file = environment[variable + "_FILE"] {
            guard let text = try? String(contentsOfFile: file, encoding: .utf8) else {
                throw Usage.wrong("the passphrase file \(file) cannot be read")
            }
            return text.trimmingCharacters(in: .newlines)
        }
        let shown = Output.printable(name)
        guard let first = try Secret.ask((isNew ? "New passphrase for " : "Passphrase of ") + shown + ": ") else {
            throw Usage.wrong("the passphrase of \(name) is needed: \(variable), \(variable)_FILE, or a terminal")
        }
        guard isNew else { return first }
        guard try Secret.ask("Again: ") == first else {
            throw Usage.wrong("the two are not the same; nothing was enrolled")
        }
        return first
    }
}
