import ArgumentParser
import ControlRoom
import Shell
import Tenancy
import Trust

struct EnrolCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "enrol", abstract: "Offer an identity: prints a code that is good once, for a while.",
        discussion:
            "--list shows what was offered and what became of it, --withdraw takes back a code that nobody has used.")

    @OptionGroup var options: HubOptions
    @Argument(help: "The pseudonym.") var actor: String?
    @Option(help: "The tenant.") var tenant: String?
    @Option(help: "operator, supervisor, responder, analyst, dpo or admin; sensor for a machine.") var role: String?
    @Option(
        help: ArgumentHelp(
            """
            A source that the machine posts, with * for any characters. It posts no others, and only machines enrolled with the \
            same source post it too. May be given again. Without it a machine owns the sources that it is the first to use.
            """, valueName: "pattern"))
    var source: [String] = []
    @Option(help: "Hours for which the code is good.") var hours: Double = 24
    @Flag(help: "List the codes: the beginning of each one's hash, who it is for, and what became of it.") var list =
        false
    @Option(help: ArgumentHelp("Take back a code, or the beginning of its hash.", valueName: "code|hash"))
    var withdraw: String?

    func run() throws {
        try reporting {
            guard !list, withdraw == nil else {
                guard actor == nil, tenant == nil, role == nil, source.isEmpty, !(list && withdraw != nil) else {
                    throw Usage.wrong("--list and --withdraw each stand alone")
                }
                return try withdraw.map(takeBack) ?? listCodes()
            }
            try offer()
        }
    }

    private func offer() throws {
        guard let actor, let tenant, let role else {
            throw Usage.wrong("who is offered what: impetus-hub enrol PSEUDONYM --tenant NAME --role ROLE")
        }
        guard let role = Role(rawValue: role), Role.enrollable.contains(role) else {
            throw Usage.wrong("--role is one of \(Role.enrollable.map(\.rawValue).joined(separator: ", "))")
        }
        guard (1...60).contains(actor.utf8.count), Output.printable(actor) == actor, hours > 0, hours <= 24 * 30
        else {
            throw Usage.wrong("a pseudonym has 1 to 60 bytes, and a code is good for up to 30 days")
        }
        let sources = try patterns(of: role)
        var system = try SystemLog(options)
        guard system.register.tenants[tenant] != nil else {
            throw Usage.wrong("there is no tenant \(tenant); impetus-hub tenant add \(tenant) makes it")
        }
        let surroundings = Surroundings.live
        let authority = try system.folder.authorityCertificate()
        let code = EnrolmentCode(entropy: surroundings.makeID() + surroundings.makeID(), authority: authority)
        let offer = EnrolmentOffered(
            codeHash: TextHash.of(code.secret), identity: Identity(actor: actor, role: role, tenant: tenant),
            until: surroundings.now().adding(seconds: hours * 3_600), sources: sources)
        _ = try system.append(.enrolmentOffered, JSONWriter.bytes(offer.write))
        Output.line(code.text)
        let machine = role.isMachines ? "--machine DIR " : ""
        Output.note(
            "good once, until \(offer.until.rfc3339): impetus enrol --hub https://HOST:PORT \(machine)\(code.text)")
    }

    private func patterns(of role: Role) throws -> [SourcePattern] {
        guard source.isEmpty || role.isMachines else { throw Usage.wrong("--source is for --role sensor, a machine") }
        guard source.count <= SourcePattern.most else {
            throw Usage.wrong("a machine has at most \(SourcePattern.most) patterns; * stands for any characters")
        }
        return try source.map { text in
            guard let pattern = SourcePattern(text) else {
                throw Usage.wrong(
                    "--source has 1 to \(SourcePattern.longest) bytes without spaces, such as urn:camera:12 or urn:camera:12/*"
                )
            }
            return pattern
        }
    }

    // MARK: - Codes that were given out

    /// So much of a hash is shown, and at least so much names a code.
    private static let shownLetters = 12
    private static let fewestLetters = 6

    private func listCodes() throws {
        let register = try SystemLog(options).register
        let now = Surroundings.live.now()
        for offer in register.offers.values.sorted(by: { ($0.until, $0.codeHash) < ($1.until, $1.codeHash) }) {
            let state =
                switch register.state(ofOffer: offer.codeHash, at: now) {
                case .open: "open until \(offer.until.rfc3339)"
                case .used(let keyID): "used by \(keyID)"
                case .withdrawn: "withdrawn"
                case .expired, nil: "expired at \(offer.until.rfc3339)"
                }
            let identity = offer.identity
            Output.row(
                [
                    String(offer.codeHash.prefix(EnrolCommand.shownLetters)), identity.actor, identity.tenant,
                    identity.role.rawValue, state,
                ] + SourceWords.row(offer.sources))
        }
    }

    private func takeBack(_ text: String) throws {
        var system = try SystemLog(options)
        let hash = try hash(of: text, in: system.register)
        let effect = try system.append(.enrolmentWithdrawn, JSONWriter.bytes(EnrolmentWithdrawn(codeHash: hash).write))
        guard effect != .none else {
            if case .used(let keyID)? = system.register.state(ofOffer: hash, at: Surroundings.live.now()) {
                Output.note("this code was used, by the key \(keyID): impetus-hub revoke \(keyID) takes that back")
            } else {
                Output.note("this code was withdrawn before")
            }
            throw ExitCode.badData
        }
        Output.line("withdrawn \(hash.prefix(EnrolCommand.shownLetters))")
    }

    private func hash(of text: String, in register: Register) throws -> String {
        if let code = EnrolmentCode(text), register.offers[TextHash.of(code.secret)] != nil {
            return TextHash.of(code.secret)
        }
        let start = text.lowercased()
        let found = register.offers.keys.filter { $0.hasPrefix(start) }
        guard start.count >= EnrolCommand.fewestLetters, let hash = found.first, found.count == 1 else {
            throw Usage.wrong("no code is named so, or several; impetus-hub enrol --list shows the hashes")
        }
        return hash
    }
}
