import ArgumentParser
import ControlRoom
import Foundation
import Hub
import JetStreamLog
import Nats
import Shell
import Trust

/// A log on NATS: where its servers are, how they are reached, and whether they may be.
struct NatsGround {
    let addresses: [NatsAddress]
    let settings: HubConfiguration.Nats
    /// Nil where TLS and credentials are there, or nobody else reaches the servers.
    let plain: PlainLog?

    /// Nil where the log is files.
    ///
    /// - Throws: an exit code, after it was said what is no address, or contradicts itself.
    init?(_ configuration: HubConfiguration) throws {
        guard let log = configuration.log, log != "sqlite" else { return nil }
        guard log.hasPrefix("nats://"), let addresses = NatsAddress.all(in: log) else {
            throw Usage.wrong("the log is sqlite, or nats://HOST:PORT,..., not \(NatsAddress.shown(log))")
        }
        let settings = configuration.nats ?? .init()
        if let fault = settings.fault { throw NatsGround.refused("[nats] \(fault)") }
        self.addresses = addresses
        self.settings = settings
        plain = PlainLog(addresses, settings)
    }

    /// Of what is wrong with the settings.
    static func refused(_ words: String) -> ExitCode {
        Output.note(words)
        return ExitCode.configuration
    }

    /// - Throws: an exit code, after it was said that what runs so may not any more, or never might.
    func mayRun(_ memory: PlainLog.Memory, now: Timestamp) throws {
        guard let plain else { return }
        let verdict = PlainLog.verdict(memory, isMeant: settings.isPlainMeant ?? false, now: now)
        if case .refused = verdict { throw NatsGround.refused(plain.words(verdict)) }
    }

    func notice(_ memory: PlainLog.Memory, now: Timestamp) -> PlainLogNotice? {
        plain.map { PlainLogNotice($0, PlainLog.verdict(memory, isMeant: settings.isPlainMeant ?? false, now: now)) }
    }

    /// Reads the files of secrets.
    ///
    /// - Throws: `NatsRefused`, with the setting and the way out.
    func access() throws -> NatsAccess {
        let tls = NatsAccess.TLS(
            authorities: settings.authorities, certificate: settings.certificate, key: settings.key,
            serverName: settings.serverName)
        if let key = settings.key { _ = try secret(key, "key") }
        return NatsAccess(
            tls: settings.speaksTLS ? tls : nil, credentials: try credentials(),
            // Nobody vouches for what a server without TLS names: it may lie beyond loopback.
            followsDiscovered: settings.speaksTLS || addresses.contains { !HostPort.isLoopback($0.host) })
    }

    private func credentials() throws -> NatsAccess.Credentials {
        if let user = settings.user, let file = settings.passwordFile {
            let password = try secret(file, "password_file").split(whereSeparator: \.isNewline).first ?? ""
            guard !password.isEmpty else { throw NatsRefused("[nats] password_file: \(file) is empty") }
            return .password(user: user, password: String(password))
        }
        if let file = settings.seedFile {
            do {
                return .nkey(user: try NatsUserSeed(file: try secret(file, "nkey_seed_file")).publicKey, seedFile: file)
            } catch let fault as NatsUserSeed.Fault {
                throw NatsRefused("[nats] nkey_seed_file: \(file) \(fault)")
            }
        }
        if let file = settings.credentialsFile {
            _ = try secret(file, "credentials_file")
            return .file(file)
        }
        return inherited
    }

    /// Folders of older versions may have a user and a password, or a token, in `log`.
    private var inherited: NatsAccess.Credentials {
        guard let login = addresses.compactMap(\.login).first else { return .none }
        guard let colon = login.firstIndex(of: ":") else { return .token(login) }
        return .password(user: String(login[..<colon]), password: String(login[login.index(after: colon)...]))
    }

    private func secret(_ file: String, _ setting: String) throws -> String {
        try SecretFile.text(
            of: file, setting: setting, given: ProcessInfo.processInfo.environment["CREDENTIALS_DIRECTORY"])
    }
}

extension HubFolder {
    /// When the hub of this folder first logged beyond loopback without TLS or credentials, or `never`.
    var plainSince: String { path + "/nats-plain-since" }

    /// - Throws: where the file is there and cannot be read.
    func plainMemory() throws -> PlainLog.Memory {
        guard access(plainSince, F_OK) == 0 else { return .nothing }
        guard let text = try? String(contentsOfFile: plainSince, encoding: .utf8) else {
            throw Failure("\(plainSince) cannot be read by this user", .notPermitted)
        }
        return PlainLog.Memory(text: text)
    }

    /// A new folder never had a plain log that could go on for a while.
    ///
    /// - Throws: an exit code, after it was said what a new folder lacks, or which file cannot be used.
    func checkNew(_ configuration: HubConfiguration, now: Timestamp) throws {
        guard let ground = try NatsGround(configuration) else { return }
        guard !ground.addresses.contains(where: { $0.login != nil }) else {
            throw Usage.wrong(
                "a password in --log is seen by everybody on this machine: --nats-user and --nats-password-file")
        }
        do {
            _ = try ground.access()
        } catch let refused as NatsRefused {
            throw NatsGround.refused("\(refused)")
        }
        if let file = ground.settings.authorities, access(file, R_OK) != 0 {
            throw NatsGround.refused("[nats] ca: \(file): \(String(cString: strerror(errno)))")
        }
        try ground.mayRun(.neverPlain, now: now)
    }

    /// Remembers how the hub starts.
    ///
    /// - Returns: what is to be told of the log while it runs; nil where nothing is.
    /// - Throws: where it cannot be written down.
    func noteStart(_ configuration: HubConfiguration, now: Timestamp) throws -> PlainLogNotice? {
        guard let ground = try NatsGround(configuration) else { return nil }
        let known = try plainMemory()
        let memory = known.started(isPlain: ground.plain != nil, now: now)
        if memory != known, let text = memory.text { try replace(text, at: plainSince) }
        return ground.notice(memory, now: now)
    }
}
