import ArgumentParser
import Cities
import ControlRoom
import Feed
import Foundation
import Hub
import HubCore
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
            guard let value = loaded.value, loaded.warnings.isEmpty else { throw ExitCode.configuration }
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

extension ParsableCommand {
    /// Errors of the house in one line, with sysexits' code.
    func reporting(_ body: () throws -> Void) throws {
        do {
            try body()
        } catch let error as ExitCode {
            throw error
        } catch {
            Output.note(HubWords.of(error))
            throw Self.knownExitCode(for: error) ?? .software
        }
    }

    /// - Returns: nil for what is no error that this program, or a file, is known to make.
    static func knownExitCode(for error: any Error) -> ExitCode? {
        switch error {
        case let failure as HubFolder.Failure: failure.code
        case let fault as SealedKey.Failure: fault == .wrongPassphrase ? .notPermitted : .badData
        case let fault as CityPackError: fault.isMissing ? .noInput : .badData
        case is ArchiveFault: .badData
        case is HubEngine.OwnKeyRevoked, is HubEngine.OtherLogKey, is HubServer.PlainBeyondLoopback: .configuration
        case let error as StoreError: fileExitCode(for: error)
        default: DiskProblem.exitCode(for: error)
        }
    }

    private static func fileExitCode(for error: StoreError) -> ExitCode? {
        switch error {
        case .full: .cannotCreate
        case .notPermitted: .notPermitted
        case .locked, .inUse: .tryLater
        case .damaged, .other: .diskFailure
        default: nil
        }
    }
}
