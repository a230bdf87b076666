import ArgumentParser
import ControlRoom
import Feed
import Foundation
import Hub
import HubCore
import Shell
import Store
import Tenancy
import Trust

struct RotateLogKeyCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rotate-log-key",
        abstract: "Make another log.key, where a hub's folder was stolen.",
        discussion: """
            By log.key hubs know what another of them wrote into a tenant's log. This makes a new key and says in the system log up \
            to which entry of each tenant's log the old one counts, signed with the authority's key: run it in the folder that \
            has that key. The old key stays in log.key for reading.

            Stop all hubs first: what a running hub still writes with the old key has no effect, and it stops by itself. Then copy \
            log.key into the folder of each other hub, as the first one was, and start them.
            """)

    @OptionGroup var options: HubOptions
    @Flag(help: "All hubs are stopped, also one that was killed and could not say so.") var stopped = false

    func run() throws {
        try reporting {
            let configuration = try options.configuration()
            let system = try SystemLog(options)
            try system.mustBeTrusted()
            if try finish(in: system) { return }
            let serving = system.register.hubs(behind: .max, at: Surroundings.live.now())
            guard stopped || serving.isEmpty else {
                Output.note(
                    "the hub at \(serving.joined(separator: ", ")) serves: stop it first (--stopped where it was killed)"
                )
                throw ExitCode.tryLater
            }
            let folder = system.folder
            let passphrase = try Passphrase.read(file: configuration.passphraseFile)
            let authority = try SealedKey.open(try folder.read(folder.authorityKey), passphrase: passphrase)
            let old = try folder.secret(of: try SealedKey.open(try folder.read(folder.key), passphrase: passphrase))
            if system.verifier.isOther(old) { throw HubEngine.OtherLogKey() }
            // Kept before anything says that it counts; one that an earlier run made may be about to count.
            let kept = try folder.secret(in: folder.nextLogKey)
            let fresh = kept.flatMap { $0.named(old.check) == nil ? nil : $0 } ?? LogSecret(after: old)
            if fresh.check != kept?.check {
                try? FileManager.default.removeItem(atPath: folder.nextLogKey)
                try folder.write(fresh.text, to: folder.nextLogKey)
            }
            let words = try words(system, try HubFolder.Logs(configuration), from: old, to: fresh)
            try say(words, in: system, signedBy: authority)
            guard try SystemLog(options).verifier.secretCheck == fresh.check else {
                Output.note("the system log does not say yet that the new key counts: run the same command again")
                throw ExitCode.tryLater
            }
            try take(fresh, in: folder)
            for word in words.dropLast() { Output.row([word.log, "\(word.sequence)"]) }
        }
    }

    /// One that was stopped after it had said that the next key counts.
    private func finish(in system: SystemLog) throws -> Bool {
        guard let next = try system.folder.secret(in: system.folder.nextLogKey),
            system.verifier.secretCheck == next.check, !system.verifier.isOther(next)
        else { return false }
        try take(next, in: system.folder)
        return true
    }

    private func take(_ fresh: LogSecret, in folder: HubFolder) throws {
        guard rename(folder.nextLogKey, folder.logKey) == 0 else { throw StoreError.notPermitted(path: folder.logKey) }
        Output.note("log.key is \(fresh.check) now: copy it into the folders of the other hubs before they start")
    }

    /// One for each tenant's log, and at the end that of the system log, from which on they hold.
    private func words(
        _ system: SystemLog, _ logs: HubFolder.Logs, from old: LogSecret, to fresh: LogSecret
    ) throws -> [LogRekeyed] {
        let places = try system.register.tenants.keys.sorted().map { tenant in
            (tenant, try SystemLog.patiently { try system.folder.openLog(of: tenant, logs).lastSequence() })
        }
        return (places + [(LogTrusted.systemLog, try system.log.lastSequence())]).map { log, sequence in
            LogRekeyed(log: log, sequence: sequence, before: old.check, after: fresh.check)
        }
    }

    private func say(_ words: [LogRekeyed], in system: SystemLog, signedBy key: SigningKey) throws {
        let now = Surroundings.live.now()
        try system.append(
            words.map { word in
                try SystemEvents.entry(
                    "rekeyed/\(word.after)/\(word.log)", .logRekeyed, JSONWriter.bytes(word.write), HubFolder.wire,
                    signedBy: key, now: now)
            })
    }
}
