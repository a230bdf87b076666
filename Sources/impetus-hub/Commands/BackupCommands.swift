import ArgumentParser
import ControlRoom
import Foundation
import Hub
import SQLiteLog
import Shell
import Store
import Tenancy
import Trust

struct BackupCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "backup", abstract: "Copy all logs, keys and certificates while the hub runs.")

    @OptionGroup var options: HubOptions
    @Argument(help: "A folder that is not there yet.") var folder: String

    func run() throws {
        try reporting {
            let system = try SystemLog(options)
            try system.mustBeTrusted()
            let target = HubFolder(path: folder)
            guard let systemLog = system.log as? SQLiteLog else {
                throw Usage.wrong("logs on NATS are copied by its own tools: nats stream backup")
            }
            guard !FileManager.default.fileExists(atPath: folder) else {
                throw Usage.wrong("\(folder) is there already")
            }
            try target.make()
            // The tenants' logs first: a member whom the copy of the system log knows may be missing in them, which the next
            // start mends, but never the other way round.
            for tenant in system.register.tenants.keys.sorted() {
                let log = try SQLiteLog(path: system.folder.log(of: tenant), makeLogID: Surroundings.live.makeID)
                defer { log.close() }
                try log.backup(to: target.log(of: tenant))
                Output.note("\(tenant): up to \(try lastSequence(target.log(of: tenant)))")
            }
            try systemLog.backup(to: target.system)
            for file in [
                (system.folder.authorityKey, target.authorityKey), (system.folder.key, target.key),
                (system.folder.certificate, target.certificate), (system.folder.authority, target.authority),
            ] { try target.write(try system.folder.read(file.0), to: file.1) }
            if let secret = try system.folder.knownSecret() { try target.write(secret.text, to: target.logKey) }
            Output.line("copied \(system.register.tenants.count) tenants to \(folder)")
        }
    }

    private func lastSequence(_ file: String) throws -> Int64 {
        let log = try SQLiteLog(path: file, makeLogID: Surroundings.live.makeID)
        defer { log.close() }
        return try log.lastSequence()
    }
}

struct RestoreCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "restore", abstract: "Make a hub of a backup; its folder must not be there yet.")

    @OptionGroup var options: HubOptions
    @Argument(help: "What backup made.") var folder: String

    func run() throws {
        try reporting {
            let (source, target) = (HubFolder(path: folder), try options.folder())
            guard source.isInitialised else { throw Usage.wrong("\(folder) is no backup of a hub") }
            guard !FileManager.default.fileExists(atPath: target.path) else {
                throw Usage.wrong("\(target.path) is there already; move it away first")
            }
            try FileManager.default.copyItem(atPath: source.path, toPath: target.path)
            // The system log goes on as it is: members and agreements are the same.
            let register = try SystemLog(options).register
            // Also of those of whom the system log of an older version says nothing that counts yet.
            for file in try target.tenantLogs() {
                let log = try SQLiteLog(path: file, makeLogID: Surroundings.live.makeID)
                defer { log.close() }
                try log.markRestored(as: String(Surroundings.live.makeID().prefix(8)))
            }
            let inForce = register.members.values.count { !$0.isRevoked }
            Output.note(
                "members and agreements are those of the backup: \(inForce) in force; whoever was revoked since is so no more"
            )
            Output.note("impetus-hub members lists them; revoke them again before you serve")
            Output.line("restored to \(target.path); consoles that have seen more are told so, and keep what they have")
        }
    }
}
