import Appearance
import ArgumentParser
import Cities
import ControlRoom
import Foundation
import Settings
import Shell
import Store
import Sync
import Trust

struct DoctorCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "doctor", abstract: "Check terminal, locale, store, appearance and clock; say what to do.")

    @Flag(help: "One JSON object a line.") var json = false
    @OptionGroup var options: StoreOptions

    func run() throws {
        if options.city != nil { _ = try options.membership(nil, looksOnly: true) }
        let findings = Doctor(environment: ProcessInfo.processInfo.environment, options: options).examine()
        for finding in findings { json ? Output.json(finding.json) : Output.line(finding.text) }
        if findings.contains(where: { $0.level == .bad }) { throw ExitCode(1) }
    }
}

/// One thing that was looked at.
struct Finding {
    enum Level: String { case ok, warn, bad }

    let level: Level
    let what: String
    let words: String

    var text: String { level.rawValue.uppercased() + "\t" + Output.printable("\(what): \(words)") }

    var json: String {
        var writer = JSONWriter()
        writer.object { writer in
            writer.member("level", level.rawValue)
            writer.member("check", what)
            writer.member("result", words)
        }
        return writer.text
    }
}

struct Doctor {
    let environment: [String: String]
    let options: StoreOptions

    func examine() -> [Finding] {
        [terminal(), locale(), colours(), clock()] + appearance() + keys() + sound() + views() + [pack()] + hub()
            + store()
    }

    /// Whom the store that is named belongs to; without one, all who are enrolled here.
    private var memberships: [Membership] {
        guard options.store == nil, options.city == nil else {
            return [try? Membership.chosen(hub: nil, identity: nil, store: options.store, city: options.city)]
                .compactMap {
                    $0
                }
        }
        return Membership.names.compactMap { try? Membership.named($0) }
    }

    /// Whether certificates are good, and which hubs answer; nobody's key is needed for that.
    private func hub() -> [Finding] { memberships.flatMap { hub(of: $0) } }

    private func hub(of membership: Membership) -> [Finding] {
        guard case .enrolled(let identity, let name) = membership else { return [] }
        let certificate = identity.certificate
        let now = Surroundings.live.now()
        let who = "\(name): \(identity.identity.role.rawValue) of \(identity.identity.tenant)"
        let state =
            if isDisowned(certificate.keyID, in: membership.storePath) {
                Finding(
                    level: .bad, what: "identity",
                    words: "\(who), revoked; ask an administrator for a new code, and enrol again")
            } else if now < certificate.ends {
                Finding(level: .ok, what: "identity", words: "\(who), until \(certificate.ends.rfc3339)")
            } else if (try? certificate.checkRenewable(by: identity.authority, at: now)) != nil {
                Finding(
                    level: .warn, what: "identity",
                    words: "\(who), over since \(certificate.ends.rfc3339); it is renewed when the hub is reached")
            } else {
                Finding(
                    level: .bad, what: "identity", words: "\(who), over since \(certificate.ends.rfc3339); enrol again")
            }
        return [state]
            + identity.hubs.map { hub in
                do {
                    try Waiting.on { try await Enrolment.greet(hub, trusting: identity.authority) }
                    return Finding(level: .ok, what: "hub", words: "\(hub) serves")
                } catch {
                    return Finding(level: .warn, what: "hub", words: "\(hub): \(error)")
                }
            }
    }

    /// As far as it is known here: the store that goes with it says so.
    private func isDisowned(_ keyID: String, in path: String) -> Bool {
        guard FileManager.default.fileExists(atPath: path),
            let store = try? Store(path: path, makeLogID: Surroundings.live.makeID)
        else { return false }
        defer { store.close() }
        return (try? store.isDisowned(keyID: keyID)) ?? false
    }

    private func terminal() -> Finding {
        let name = environment["TERM"] ?? ""
        if name.isEmpty {
            return Finding(level: .bad, what: "terminal", words: "TERM is not set; try TERM=xterm-256color")
        }
        if name == "dumb" {
            return Finding(level: .bad, what: "terminal", words: "TERM=dumb cannot place a cursor; use a real terminal")
        }
        var size = winsize()
        guard ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else {
            return Finding(level: .ok, what: "terminal", words: "\(name); output is not a terminal now")
        }
        let words = "\(name), \(size.ws_col)x\(size.ws_row)"
        if size.ws_col < 60 || size.ws_row < 16 {
            return Finding(level: .bad, what: "terminal", words: words + "; at least 60x16 is needed")
        }
        if size.ws_col < 100 || size.ws_row < 30 {
            return Finding(level: .ok, what: "terminal", words: words + "; one pane at a time below 100x30")
        }
        return Finding(level: .ok, what: "terminal", words: words)
    }

    private func locale() -> Finding {
        let asked = ["LC_ALL", "LC_CTYPE", "LANG"].compactMap { environment[$0] }.first { !$0.isEmpty }
        setlocale(LC_ALL, "")
        let codeset = String(cString: nl_langinfo(Int32(CODESET)))
        if codeset != "UTF-8", let asked, asked.lowercased().contains("utf"), setlocale(LC_CTYPE, "C.UTF-8") != nil {
            return Finding(level: .warn, what: "locale", words: "\(asked) is not installed; C.UTF-8 stands in for it")
        }
        if codeset == "UTF-8" { return Finding(level: .ok, what: "locale", words: asked ?? "UTF-8") }
        let words =
            "\(asked ?? "none set"): \(codeset), so only ASCII is drawn; set LANG=C.UTF-8 for outlines and accents"
        return Finding(level: .warn, what: "locale", words: words)
    }

    private func colours() -> Finding {
        if environment["NO_COLOR"].map({ !$0.isEmpty }) ?? false {
            return Finding(level: .ok, what: "colours", words: "off (NO_COLOR)")
        }
        return Finding(level: .ok, what: "colours", words: "by terminal")
    }

    private func clock() -> Finding {
        let now = Surroundings.live.now()
        // A build is always older than the moment it runs in.
        guard now > Timestamp(milliseconds: 1_760_000_000_000) else {
            return Finding(level: .bad, what: "clock", words: "\(now.rfc3339) is in the past; set the system's clock")
        }
        return Finding(level: .ok, what: "clock", words: now.rfc3339)
    }

    private func appearance() -> [Finding] {
        let library = Library(environment: environment, themesDirectory: nil, layoutsDirectory: nil)
        var warnings: [String] = []
        for name in library.themeNames() { warnings += library.theme(named: name).warnings.map(\.description) }
        for name in library.layoutNames() { warnings += library.layout(named: name).warnings.map(\.description) }
        if let name = environment["IMPETUS_THEME"] {
            warnings += library.theme(named: name).warnings.map(\.description)
        }
        if let name = environment["IMPETUS_LAYOUT"] {
            warnings += library.layout(named: name).warnings.map(\.description)
        }
        if warnings.isEmpty {
            let words = "\(library.themeNames().count) themes, \(library.layoutNames().count) layouts"
            return [Finding(level: .ok, what: "appearance", words: words)]
        }
        return warnings.map { Finding(level: .warn, what: "appearance", words: $0) }
    }

    private func keys() -> [Finding] {
        let path = Paths.live.keymapFile
        let warnings = KeymapFile.load(path).warnings
        guard warnings.isEmpty else {
            return warnings.map { Finding(level: .warn, what: "keys", words: $0.description) }
        }
        let isOwn = FileManager.default.fileExists(atPath: path)
        return [Finding(level: .ok, what: "keys", words: isOwn ? path : "standard (\(path) would change them)")]
    }

    private func sound() -> [Finding] {
        let path = Paths.live.soundFile
        let file = SoundFile.load(path)
        guard file.warnings.isEmpty else {
            return file.warnings.map { Finding(level: .warn, what: "sound", words: $0.description) }
        }
        if let program = file.command.first, !FileManager.default.isExecutableFile(atPath: program) {
            return [Finding(level: .warn, what: "sound", words: "\(path): \(program) cannot be run")]
        }
        let isOwn = FileManager.default.fileExists(atPath: path)
        return [Finding(level: .ok, what: "sound", words: isOwn ? path : "standard (\(path) would change it)")]
    }

    private func views() -> [Finding] {
        let path = Paths.live.viewsFile
        let file = ViewsFile(path: path).load()
        guard file.warnings.isEmpty else {
            return file.warnings.map { Finding(level: .warn, what: "views", words: $0.description) }
        }
        let isOwn = FileManager.default.fileExists(atPath: path)
        let words = isOwn ? "\(path), \(file.views.count) views" : "none saved (\(path) would hold them)"
        return [Finding(level: .ok, what: "views", words: words)]
    }

    private func pack() -> Finding {
        do {
            let pack = try CityPack.load(options.city ?? "padova")
            return Finding(level: .ok, what: "city", words: "\(pack.city.title), \(pack.definitions.count) definitions")
        } catch {
            return Finding(level: .bad, what: "city", words: "\(error)")
        }
    }

    private func store() -> [Finding] {
        if let path = options.store { return store(path) }
        let paths = Set(memberships.map(\.storePath)).sorted()
        return paths.isEmpty ? store(Paths.live.store(city: options.city ?? "padova")) : paths.flatMap(store)
    }

    private func store(_ path: String) -> [Finding] {
        guard FileManager.default.fileExists(atPath: path) else {
            return [Finding(level: .ok, what: "store", words: "\(path) will be made by the first start")]
        }
        do {
            let store = try Store(path: path, makeLogID: Surroundings.live.makeID)
            defer { store.close() }
            let problems = try store.integrityProblems()
            guard problems.isEmpty else {
                Recovery.markDamaged(path)
                let words = "\(path): \(problems[0]); the next start sets it aside and rebuilds it"
                return [Finding(level: .bad, what: "store", words: words)]
            }
            let facts = try StoreFacts(store, now: Surroundings.live.now())
            var found = [Finding(level: .ok, what: "store", words: "\(path), \(facts.events) events, no damage found")]
            let feed = facts.holder.map { "run by process \($0)" } ?? "not running; the next console runs it"
            found.append(Finding(level: .ok, what: "feed", words: feed))
            if facts.waiting > 0 {
                found.append(Finding(level: .warn, what: "outbox", words: "\(facts.waiting) acts wait for a feed"))
            }
            return found
        } catch {
            return [Finding(level: .bad, what: "store", words: "\(error)")]
        }
    }
}
