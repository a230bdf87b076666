import ArgumentParser
import ControlRoom
import Feed
import Hub
import HubCore
import SQLiteLog
import Shell
import Store
import Trust

struct TrustLogCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "trust-log",
        abstract: "Vouch for what stands in logs from before hubs proved what they write.",
        discussion: """
            A hub takes from the system log what a hub of its authority, or the authority, signed, and from a tenant's log what \
            bears a hub's word (an HMAC under log.key). Logs of an older version have neither: a hub of this version follows \
            none of them until this names the last entry of each, and the head of \
            its hash chain there. Up to it everything counts as it did; behind it nothing does without a hub's word.

            Stop all hubs of the older version first: what they write afterwards has no effect. --show prints what would be named; \
            impetus-hub members, agreement list and enrol --list show after it what the system log holds. The authority's key \
            signs it: where that is kept elsewhere, this is for the folder that has it. Logs of a new folder need none of this.
            """)

    @OptionGroup var options: HubOptions
    @Flag(help: "Print what would be named, and sign nothing.") var show = false

    func run() throws {
        try reporting {
            let configuration = try options.configuration()
            let system = try SystemLog(options)
            let words = try words(system, try HubFolder.Logs(configuration))
            guard !words.isEmpty else { return Output.line("nothing is older than the hubs' signatures") }
            if !show { try sign(words, in: system, passphraseFile: configuration.passphraseFile) }
            for word in words { Output.row([word.log, "\(word.sequence)", word.head]) }
        }
    }

    private func sign(_ words: [LogTrusted], in system: SystemLog, passphraseFile: String?) throws {
        let folder = system.folder
        let passphrase = try Passphrase.read(file: passphraseFile)
        let key = try SealedKey.open(try folder.read(folder.authorityKey), passphrase: passphrase)
        _ = try folder.secret(of: try SealedKey.open(try folder.read(folder.key), passphrase: passphrase))
        let now = Surroundings.live.now()
        try system.append(
            words.map { word in
                try SystemEvents.entry(
                    "trusted/\(word.log)/\(word.sequence)", .logTrusted, JSONWriter.bytes(word.write), HubFolder.wire,
                    signedBy: key, now: now)
            })
    }

    /// The system log first: it says which tenants there are.
    private func words(_ system: SystemLog, _ logs: HubFolder.Logs) throws -> [LogTrusted] {
        var (words, verifier) = ([LogTrusted](), system.verifier)
        if let old = verifier.old {
            words.append(old)
            verifier = try SystemLog.Folded(system.log, verifier.accepting(old)).verifier
        }
        for tenant in verifier.oldTenants.sorted() where verifier.trusted[tenant] == nil {
            let log = try SystemLog.patiently { try system.folder.openLog(of: tenant, logs) }
            words.append(try word(on: tenant, log, try system.folder.knownSecret()))
        }
        return words
    }

    private static let page = 2_000

    /// Up to the first entry that bears a hub's word.
    private func word(on tenant: String, _ log: any EventLog, _ secret: LogSecret?) throws -> LogTrusted {
        let logID = try log.logID
        let word = secret?.word(of: logID)
        let archived = try (log as? SQLiteLog)?.archived()
        guard var chain = archived.map({ LogChain(sequence: $0.sequence, head: $0.head) }) ?? LogChain(logID: logID)
        else {
            throw HubFolder.Failure("\(tenant): where its archive ends there is no head of the chain", .badData)
        }
        while true {
            let entries = try log.read(after: chain.sequence, limit: TrustLogCommand.page)
            for entry in entries {
                guard entry.sequence == chain.sequence + 1 else {
                    throw HubFolder.Failure(
                        "\(tenant): entry \(chain.sequence + 1) is missing in its log", .badData)
                }
                if word?.isSaid(of: entry.body) ?? false { return trusted(tenant, logID, chain) }
                chain.add(HubFolder.wire.admitted(entry))
            }
            if entries.isEmpty { return trusted(tenant, logID, chain) }
        }
    }

    private func trusted(_ tenant: String, _ logID: String, _ chain: LogChain) -> LogTrusted {
        LogTrusted(log: tenant, logID: logID, sequence: chain.sequence, head: chain.head)
    }
}
