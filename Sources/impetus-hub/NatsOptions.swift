import ArgumentParser
import Foundation
import Hub
import Shell

/// How the servers of a `nats` log are reached, as `init` is told; the folder remembers it.
struct NatsOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp("Authorities, PEM, by which the servers are believed: TLS.", valueName: "file"))
    var natsCa: String?
    @Flag(help: "TLS, with servers believed by the system's authorities.") var natsTls = false
    @Option(help: ArgumentHelp("A certificate, PEM, that is shown to the servers.", valueName: "file"))
    var natsCertificate: String?
    @Option(help: ArgumentHelp("The key of --nats-certificate, PEM, mode 0600.", valueName: "file")) var natsKey:
        String?
    @Option(help: ArgumentHelp("The name in the servers' certificates, if not the one in --log.", valueName: "name"))
    var natsServerName: String?
    @Option(help: ArgumentHelp("Who the hub is to the servers; with --nats-password-file.", valueName: "user"))
    var natsUser: String?
    @Option(help: ArgumentHelp("The password of --nats-user, mode 0600.", valueName: "file"))
    var natsPasswordFile: String?
    @Option(help: ArgumentHelp("The seed of an NKey, mode 0600.", valueName: "file")) var natsNkeySeedFile: String?
    @Option(help: ArgumentHelp("A user's JWT and seed (.creds), mode 0600.", valueName: "file"))
    var natsCredentialsFile: String?
    @Flag(help: "A log beyond loopback without TLS or credentials is meant.") var natsPlain = false

    /// Puts in what was said; files by their whole path, because another command may run elsewhere.
    func complete(_ configuration: inout HubConfiguration) {
        var said = HubConfiguration.Nats()
        said.tls = natsTls ? true : nil
        said.isPlainMeant = natsPlain ? true : nil
        (said.serverName, said.user) = (natsServerName, natsUser)
        (said.authorities, said.certificate, said.key) = (natsCa, natsCertificate, natsKey)
        (said.passwordFile, said.seedFile, said.credentialsFile) = (
            natsPasswordFile, natsNkeySeedFile, natsCredentialsFile
        )
        guard said != HubConfiguration.Nats() || configuration.nats != nil else { return }
        configuration.nats = said.completed(by: configuration.nats ?? .init()).mapFiles(NatsOptions.whole)
    }

    private static func whole(_ file: String) -> String {
        URL(fileURLWithPath: file, relativeTo: URL(fileURLWithPath: FileManager.default.currentDirectoryPath)).path
    }
}
