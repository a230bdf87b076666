import ArgumentParser
import ControlRoom
import Feed
import Foundation
import Hub
import JetStreamLog
import Settings
import Shell
import Store
import Trust

/// What every command of the hub takes.
struct HubOptions: ParsableArguments {
    @Option(help: ArgumentHelp("The settings of this host, TOML.", valueName: "file")) var config: String?
    @Option(help: ArgumentHelp("The folder of the hub; it goes before the file's.", valueName: "dir")) var data: String?
    @Option(
        help: ArgumentHelp(
            "sqlite, or nats://HOST:PORT,...; for a trial also sqlite:FILE. It goes before the file's.",
            valueName: "log"))
    var log: String?
    @Option(help: "Servers of a nats log that hold each event; it goes before the file's.") var replicas: Int?

    /// - Throws: an exit code, after each thing that is wrong was said with its line.
    ///
    /// - Parameter isTrial: a trial has nothing to do with the logs of the hub whose folder this may be.
    func configuration(isTrial: Bool = false) throws -> HubConfiguration {
        var configuration = HubConfiguration()
        if let config {
            let loaded: Loaded<HubConfiguration>
            do {
                loaded = HubConfiguration.read(try BoundedFile.read(config), file: config)
            } catch {
                Output.complain("\(error)")
                throw ExitCode.noInput
            }
            for warning in loaded.warnings { Output.complain("\(warning)") }
            guard let value = loaded.value, loaded.warnings.isEmpty else { throw ExitCode(78) }
            configuration = value
        }
        if let data { configuration.data = data }
        if let log { configuration.log = log }
        if let replicas { configuration.replicas = max(1, min(5, replicas)) }
        if configuration.data.isEmpty { configuration.data = Paths.live.dataDirectory + "-hub" }
        if !isTrial { try HubFolder(path: configuration.data).complete(&configuration) }
        return configuration
    }

    func folder() throws -> HubFolder { HubFolder(path: try configuration().data) }
}

/// The system log as an administrator's command uses it: opened, folded, and appended to. A hub that serves sees it at once.
struct SystemLog {
    let folder: HubFolder
    let log: any EventLog
    private(set) var register = Register()
    /// What in it is no event: the first of it.
    private(set) var junk: [JunkEntry] = []

    private static let mostJunk = 20

    init(_ options: HubOptions) throws {
        folder = try options.folder()
        try folder.mustBeThere()
        folder.closeToOthers()
        let logs = try HubFolder.Logs(options.configuration())
        log = try SystemLog.patiently { [folder] in try folder.openSystem(logs) }
        var cursor: Int64 = 0
        while true {
            let entries = try log.read(after: cursor, limit: 1_000)
            guard let last = entries.last else { break }
            for entry in entries {
                let read = HubFolder.wire.admitted(entry)
                if let found = read.junk {
                    if junk.count < SystemLog.mostJunk { junk.append(found) }
                } else if let fact = try? Fact(of: read.event) {
                    _ = register.apply(fact, at: entry.recorded)
                }
            }
            cursor = last.sequence
        }
    }

    /// Appends, and tells whether it took effect.
    mutating func append(_ type: EventType, _ data: [UInt8]) throws -> Register.Effect {
        let surroundings = Surroundings.live
        let entry = SystemEvents.entry(
            surroundings.makeID(), type, data, HubFolder.wire, now: surroundings.now())
        // The same entry twice stands there once.
        try SystemLog.patiently { [log] in _ = try log.append([entry], now: surroundings.now()) }
        return register.apply(try Fact(of: HubFolder.wire.decode(entry.body)), at: surroundings.now())
    }
}

extension SystemLog {
    private static let tries = 20

    /// Servers that have just started, or choose their leader, answer nobody for a moment.
    private static func patiently<Value>(_ body: () throws -> Value) throws -> Value {
        for _ in 1..<tries {
            do { return try body() } catch is JetStreamFailure { Surroundings.live.sleep(1) }
        }
        return try body()
    }
}

extension ParsableCommand {
    /// Errors of the house in one line, with sysexits' code.
    func reporting(_ body: () throws -> Void) throws {
        do {
            try body()
        } catch let error as ExitCode {
            throw error
        } catch {
            Output.note("\(error)")
            throw Self.fileExitCode(for: error) ?? .software
        }
    }

    /// - Returns: nil for what is no error of a file.
    static func fileExitCode(for error: any Error) -> ExitCode? {
        switch error as? StoreError {
        case .full?: .cannotCreate
        case .notPermitted?: .notPermitted
        case .locked?, .inUse?: .tryLater
        case .damaged?, .other?: .diskFailure
        case nil: DiskProblem.exitCode(for: error)
        default: nil
        }
    }
}
