import ArgumentParser
import ControlRoom
import Hub
import Shell
import Trust

struct RenewCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "renew", abstract: "Give the hub a new certificate; it counts from the next start.",
        discussion: """
            The certificate is for the key that the hub has. --new-key makes another, for a key that may have been copied: then \
            impetus-hub revoke OLDKEY --hub-key, and start the hub again. Hubs that share a folder's copy share its key.
            """)

    @OptionGroup var options: HubOptions
    @Option(
        help: ArgumentHelp(
            """
            A name or address under which consoles reach it; may be given again. Without it, those of the settings; else \
            those it has.
            """, valueName: "host"))
    var host: [String] = []
    @Flag(help: "Make another key as well.") var newKey = false

    func run() throws {
        try reporting {
            let configuration = try options.configuration()
            try HubFolder.check(hosts: host)
            let folder = HubFolder(path: configuration.data)
            try folder.mustBeThere()
            let passphrase = try Passphrase.read(file: configuration.passphraseFile)
            let authority = Authority(
                certificate: try folder.authorityCertificate(),
                key: try SealedKey.open(try folder.read(folder.authorityKey), passphrase: passphrase))
            let old = try folder.hubCertificate()
            // What the old key has made outlives it: by it the entries of the logs are known.
            _ = try folder.secret(of: try SealedKey.open(try folder.read(folder.key), passphrase: passphrase))
            let key = newKey ? SigningKey() : nil
            let made = try authority.issueHub(
                key: key?.publicKey ?? old.key, name: old.identity.actor, hosts: hosts(configuration, old),
                now: Surroundings.live.now())
            // The key first: where this is cut off in between, the hub does not start, and --new-key can be said again.
            if let key { try folder.replace(SealedKey.seal(key, passphrase: passphrase), at: folder.key) }
            try folder.replace(made.pem(), at: folder.certificate)
            Output.line("renewed \(old.identity.actor) until \(made.ends.rfc3339); start the hub again")
            if newKey { Output.line("the old key is \(old.keyID): impetus-hub revoke \(old.keyID) --hub-key") }
        }
    }

    /// What was asked for; else what the settings say; else what the old certificate names.
    private func hosts(_ configuration: HubConfiguration, _ old: MemberCertificate) -> [String] {
        if !host.isEmpty { return host }
        return configuration.hosts == HubConfiguration().hosts && !old.hosts.isEmpty ? old.hosts : configuration.hosts
    }
}
