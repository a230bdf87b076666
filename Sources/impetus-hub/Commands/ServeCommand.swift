import ArgumentParser
import ControlRoom
import Foundation
import Hub
import HubCore
import JetStreamLog
import Logging
import Metrics
import SQLiteLog
import ServiceLifecycle
import Shell
import Store
import Trust
import UnixSignals

struct ServeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "serve", abstract: "Run the hub.")

    @OptionGroup var options: HubOptions
    @Option(help: ArgumentHelp("Where to listen; it goes before the file's.", valueName: "host:port")) var listen:
        String?
    @Option(
        name: .customLong("insecure-loopback"),
        help: ArgumentHelp(
            "Plain HTTP on a loopback address, every right of one tenant: for trials.", valueName: "tenant"))
    var trial: String?
    @Option(help: ArgumentHelp("The trial's city pack.", valueName: "name|dir")) var city: String?
    @Option(help: "trace, debug, info, notice, warning, error or critical.") var logLevel: String = "info"

    func run() async throws {
        var configuration = try options.configuration(isTrial: trial != nil)
        if let listen {
            guard let address = HostPort.parse(listen) else { throw Usage.wrong("--listen is HOST:PORT") }
            (configuration.host, configuration.port) = address
        }
        let metrics = PrometheusMetrics()
        MetricsSystem.bootstrap(metrics)
        let level = Logger.Level(rawValue: logLevel) ?? .info
        LoggingSystem.bootstrap { label in
            var handler = JSONLogHandler(label: label)
            handler.logLevel = level
            return handler
        }
        do {
            try await serve(configuration, metrics, Logger(label: "impetus-hub"))
        } catch let error as ExitCode {
            throw error
        } catch {
            let words = ServeCommand.words(for: error, at: "\(configuration.host):\(configuration.port)")
            Output.note(words ?? HubWords.of(error))
            throw words == nil ? ServeCommand.knownExitCode(for: error) ?? .software : ExitCode.configuration
        }
    }

    /// Why an address cannot be listened at; nil where it is something else.
    private static func words(for error: any Error, at address: String) -> String? {
        let text = String(describing: error)
        if text.contains("errno: 98)") { return "\(address) is taken by another program; --listen names another" }
        if text.contains("errno: 13)") { return "\(address) is not for this user; ports from 1024 on are" }
        if text.contains("errno: 99)") { return "\(address) is no address of this machine" }
        return nil
    }

    /// Descriptors for logs and views, beside those of connections.
    private static let otherFiles = 512

    /// As many files as there may be connections: what a shell allows by itself is often a thousand.
    private func makeRoom(for connections: Int, _ logger: Logger) {
        var limit = rlimit()
        let wanted = rlim_t(connections + ServeCommand.otherFiles)
        guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0, limit.rlim_cur < wanted else {
            return
        }
        limit.rlim_cur = min(wanted, limit.rlim_max)
        setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
        if limit.rlim_cur < wanted {
            logger.warning(
                "this system allows fewer open files than the settings allow connections",
                metadata: ["files": "\(limit.rlim_cur)", "wanted": "\(wanted)"])
        }
    }

    private func serve(_ configuration: HubConfiguration, _ metrics: PrometheusMetrics, _ logger: Logger) async throws {
        let place = try trial == nil ? HubFolder(path: configuration.data).take() : nil
        defer { withExtendedLifetime(place) {} }
        makeRoom(for: configuration.limits.connections, logger)
        let (parts, access) = try trial.map { try ground(trial: $0, configuration) } ?? ground(configuration)
        let engine = try HubEngine(
            parts, surroundings: .live, memoryBytes: configuration.limits.memoryBytes,
            rates: trial == nil ? configuration.limits.rates : .off, logger: logger,
            onSentBack: keeper(configuration, logger))
        let server = try HubServer.make(
            engine, access: access, configuration: configuration, metrics: metrics, logger: logger,
            onRunning: { port in
                engine.listens(at: "\(ProcessInfo.processInfo.hostName):\(port)")
                logger.notice("listening", metadata: ["host": "\(configuration.host)", "port": "\(port)"])
            })
        var services: [any Service] = []
        if let address = configuration.metrics {
            services.append(
                try HubServer.makeMetrics(
                    engine, access: access, at: address, metrics: metrics, logger: logger,
                    onRunning: { port in
                        logger.notice("metrics", metadata: ["host": "\(address.host)", "port": "\(port)"])
                    }))
        }
        if let syslog = configuration.syslog {
            let security = try SyslogFiles(syslog).security(access)
            services.append(try SyslogListener(engine, syslog, security: security, logger: logger))
        }
        if let escalation = configuration.escalation {
            let command = SiteCommand(escalation.command)
            let sharesLog = configuration.log?.hasPrefix("nats") == true
            services.append(
                EscalationService(engine, escalation, sharesLog: sharesLog, logger: logger) { await command.run($0) })
        }
        // They end from the last to the first: who follows is sent away before the server waits for its answers to end.
        services += [server, engine]
        var group = ServiceGroupConfiguration(
            services: services, gracefulShutdownSignals: [.sigterm, .sigint], logger: logger)
        group.maximumGracefulShutdownDuration = .seconds(10)
        try await ServiceGroup(configuration: group).run()
        engine.stop()
    }

    /// What `check` tells of machines beyond their rate lies beside the logs; a trial has none. A full disk stops no hub.
    private func keeper(_ configuration: HubConfiguration, _ logger: Logger) -> @Sendable ([SentBack]) -> Void {
        guard trial == nil else { return { _ in } }
        let folder = HubFolder(path: configuration.data)
        let keep: @Sendable ([SentBack]) -> Void = { all in
            do {
                try folder.replace(String(decoding: SentBack.json(all), as: UTF8.self), at: folder.sentBack)
            } catch {
                logger.warning("what check tells of rates could not be kept", metadata: ["error": "\(error)"])
            }
        }
        keep([])
        return keep
    }

    private func ground(_ configuration: HubConfiguration) throws -> (HubEngine.Parts, HubServer.Access) {
        let folder = HubFolder(path: configuration.data)
        folder.closeToOthers()
        let notice = try folder.noteStart(configuration, now: Surroundings.live.now())
        var (parts, security) = try folder.parts(
            HubFolder.Logs(configuration), passphrase: try Passphrase.read(file: configuration.passphraseFile))
        parts.plainLog = notice
        let named = NamedCertificates(configuration)
        parts.certificates = { named.all }
        try folder.rememberLog(configuration)
        return (parts, .tls(security))
    }

    /// An authority that lasts as long as the process, and one tenant.
    private func ground(trial tenant: String, _ configuration: HubConfiguration) throws -> (
        HubEngine.Parts, HubServer.Access
    ) {
        guard ["127.0.0.1", "::1", "localhost"].contains(configuration.host) else {
            throw Usage.wrong("--insecure-loopback listens on a loopback address alone: --listen 127.0.0.1:PORT")
        }
        guard TenantAdded.isName(tenant) else { throw Usage.wrong("\(tenant) is no tenant's name") }
        let (now, makeID) = (Surroundings.live.now(), Surroundings.live.makeID)
        let base = try trialFile(makeID)
        let logs: HubFolder.Logs =
            configuration.log?.hasPrefix("nats") == true ? try HubFolder.Logs(configuration, isTrial: true) : .files
        let key = SigningKey()
        let authority = try Authority.make(name: "trial", now: now)
        let certificate = try authority.issueHub(key: key.publicKey, name: "trial", hosts: ["localhost"], now: now)
        let system = try SQLiteLog(path: base + ".system", makeLogID: makeID)
        _ = try system.append(
            [
                try SystemEvents.entry(
                    "tenant", .tenantAdded,
                    JSONWriter.bytes(TenantAdded(tenant: tenant, title: tenant, city: city).write),
                    HubFolder.wire, signedBy: nil, now: now)
            ], now: now)
        var parts = HubEngine.Parts(
            name: "trial", key: key, certificate: certificate, authorityCertificate: authority.certificate,
            authority: authority, system: system, wire: HubFolder.wire, secret: nil,
            ground: { _ in
                let log: any EventLog =
                    switch logs {
                    case .files: try SQLiteLog(path: base, makeLogID: makeID)
                    case .stream(let nats, let replicas):
                        try JetStreamLog(
                            nats, name: tenant, replicas: replicas, names: base + ".names", makeSecret: makeID)
                    }
                let folder = HubFolder(path: base)
                return Central.Ground(
                    log: log, view: try folder.openView(base + ".view", following: log), isSigned: false)
            }, definitions: HubFolder.definitions)
        if case .stream = logs { parts.plainLog = try NatsGround(configuration)?.notice(.neverPlain, now: now) }
        let everybody = Submitter(
            identity: Identity(actor: "trial", role: .admin, tenant: tenant), keyID: nil, isTrial: true)
        return (parts, .trial(everybody))
    }

    private func trialFile(_ makeID: () -> String) throws -> String {
        if let log = options.log, log.hasPrefix("sqlite:") {
            guard log.count > 7 else { throw Usage.wrong("--log sqlite:FILE wants a file") }
            return String(log.dropFirst(7))
        }
        let folder = FileManager.default.temporaryDirectory.path + "/impetus-hub-" + makeID()
        try FileManager.default.createDirectory(
            atPath: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        return folder + "/log.sqlite"
    }
}

/// Logs as one JSON object a line, on standard error.
struct JSONLogHandler: LogHandler {
    let label: String
    var logLevel: Logger.Level = .info
    var metadata: Logger.Metadata = [:]

    init(label: String) { self.label = label }

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        let all = metadata.merging(event.metadata ?? [:]) { $1 }
        let text = JSONWriter.bytes { writer in
            writer.object { writer in
                writer.member("time", Timestamp.wallClock().rfc3339)
                writer.member("level", event.level.rawValue)
                writer.member("logger", label)
                writer.member("message", event.message.description)
                for (key, value) in all.sorted(by: { $0.key < $1.key }) { writer.member(key, value.description) }
            }
        }
        Output.journal(String(decoding: text, as: UTF8.self))
    }
}
