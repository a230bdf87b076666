import ArgumentParser
import ControlRoom
import Foundation
import Hub
import Shell
import Trust

struct InitCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "init", abstract: "Make the authority, and the hub's key and certificate.")

    @OptionGroup var options: HubOptions
    @OptionGroup(title: "Servers of a nats log") var nats: NatsOptions
    @Option(help: ArgumentHelp("The hub's name.", valueName: "name")) var name: String?
    @Option(
        help: ArgumentHelp("A name or address under which consoles reach it; may be given again.", valueName: "host"))
    var host: [String] = []

    func run() throws {
        try reporting {
            var configuration = try options.configuration()
            if let name { configuration.name = name }
            if !host.isEmpty { configuration.hosts = host }
            nats.complete(&configuration)
            let folder = HubFolder(path: configuration.data)
            guard !folder.isInitialised else {
                Output.note("\(folder.path) is a hub already; nothing was changed")
                throw ExitCode.cannotCreate
            }
            try HubFolder.check(hosts: configuration.hosts)
            try folder.checkNew(configuration, now: Surroundings.live.now())
            let passphrase = try Passphrase.read(file: configuration.passphraseFile, isNew: true)
            let fingerprint = try make(folder, configuration, passphrase)
            Output.line("made the hub \(configuration.name) in \(folder.path)")
            Output.line("authority \(fingerprint)")
            Output.line(
                "next, each with the same --data: impetus-hub tenant add NAME --city CITY; impetus-hub serve; impetus-hub enrol"
            )
        }
    }

    private func make(_ folder: HubFolder, _ configuration: HubConfiguration, _ passphrase: String) throws -> String {
        let now = Surroundings.live.now()
        let authorityKey = SigningKey()
        let authority = try Authority.make(
            name: "IMPETUS authority of " + configuration.name, key: authorityKey, now: now)
        let key = SigningKey()
        let certificate = try authority.issueHub(
            key: key.publicKey, name: configuration.name, hosts: configuration.hosts, now: now)
        try folder.make()
        try folder.write(SealedKey.seal(authorityKey, passphrase: passphrase), to: folder.authorityKey)
        try folder.write(SealedKey.seal(key, passphrase: passphrase), to: folder.key)
        try folder.write(LogSecret().text, to: folder.logKey)
        try folder.write(certificate.pem(), to: folder.certificate)
        try folder.rememberLog(configuration)
        if let text = PlainLog.Memory.neverPlain.text, configuration.log?.hasPrefix("nats") ?? false {
            try folder.write(text, to: folder.plainSince)
        }
        // Last: by this a hub is known to be whole.
        try folder.write(authority.certificate.pem(), to: folder.authority)
        return authority.certificate.fingerprint
    }
}
