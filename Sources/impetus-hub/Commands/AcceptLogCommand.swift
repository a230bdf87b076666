import ArgumentParser
import ControlRoom
import Feed
import Foundation
import HubCore
import SQLiteLog
import Shell
import Store
import Tenancy
import Trust

struct AcceptLogCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "accept-log",
        abstract: "Take a tenant's log as it is now, though it is not what this hub has seen.",
        discussion: """
            A hub that finds its log altered serves nobody of that tenant, so that no two consoles see another city. With the \
            hub stopped, this says where the log ends, what this hub has seen of it that is not there any more, and \
            the head of its chain, by which hubs can be compared. First look whether another copy of the log is whole \
            (another server, a backup). Where the loss has to be accepted, --yes sets aside what the hub has seen, and says in the \
            log up to where it was taken, signed by the hub's key; the next start folds it anew. Each hub does so for itself. A \
            console that has seen what is gone says at the hub's next checkpoint that the log is not the one it has: it then \
            follows the log in a new store (--store), and the old one keeps what it has. Audits tell up to where the log was taken.

            Events that no hub vouches for are said as put in, and are no events any more in the log that is taken: those \
            without a hub's word that were not in it when trust-log named it, and those of revoked keys that this hub has \
            not seen. \
            In a log on servers, which stays as it is, nothing up to the last of them is folded.

            A log is folded from its beginning: what was archived is put back first (unarchive). Where the beginning is lost, as \
            with archives that are nowhere any more, --without-beginning begins with the first entry there is.
            """)

    @OptionGroup var options: HubOptions
    @Argument(help: "The tenant.") var tenant: String
    @Flag(help: "Do it: without this the hub keeps what it has, and says what would be lost.") var yes = false
    @Flag(help: "The beginning of the log is lost: begin with the first entry there is.") var withoutBeginning = false

    func run() throws {
        try reporting {
            var system = try SystemLog(options)
            let view = system.folder.view(of: tenant)
            guard system.register.tenants[tenant] != nil else {
                throw Usage.wrong("there is no tenant \(Output.printable(tenant))")
            }
            try system.folder.mustBeStopped(tenant)
            let loss = try tell(system, view)
            guard loss.first == 1 || withoutBeginning else {
                let back =
                    system.log is SQLiteLog
                    ? "impetus-hub unarchive DIR --damaged-log puts back what was archived; where it is lost, " : ""
                Output.note(
                    "a log is folded from its beginning, and before entry \(loss.first) entries are missing: " + back
                        + "--without-beginning takes the log from there on")
                Output.note("what the hub has seen stays as it was")
                throw ExitCode.badData
            }
            guard yes else { return Output.line("what the hub has seen stays as it was; --yes takes the log as it is") }
            try accept(loss, &system, view)
            Output.line("start the hub again: it folds the log anew")
        }
    }

    private func open(_ system: SystemLog) throws -> any EventLog {
        let logs = try HubFolder.Logs(options.configuration())
        return try SystemLog.patiently { try system.folder.openLog(of: tenant, logs) }
    }

    private func tell(_ system: SystemLog, _ path: String) throws -> LogLoss {
        let log = try open(system)
        let isThere = access(path, F_OK) == 0
        let view =
            isThere ? try? Store(path: path, mirror: HubFolder.mirror, makeLogID: Surroundings.live.makeID) : nil
        defer { view?.close() }
        let loss = try LogLoss(of: try ground(system, log), seenBy: view)
        for line in AcceptLogCommand.lines(loss, isSeen: view != nil) { Output.line("\(tenant): \(line)") }
        if isThere, view == nil { Output.line("\(tenant): what this hub has seen of it cannot be read") }
        return loss
    }

    private func ground(_ system: SystemLog, _ log: any EventLog) throws -> LogLoss.Ground {
        let files = log as? SQLiteLog
        var start = Store.Cursor.start(of: try log.logID)
        if let files {
            start = try TenantLogs.start(of: files)
        } else {
            start.sequence = try log.firstSequence() - 1
        }
        return LogLoss.Ground(
            log, try system.wire(of: tenant, log), authority: try system.folder.authorityCertificate(), start: start,
            isMended: files != nil, knowing: try known(system), revoked: system.register.revokedKeys,
            trusted: system.trusted(in: tenant))
    }

    private func known(_ system: SystemLog) throws -> [IdentityEnrolled] {
        try AcceptedLog.known(
            in: system.register, of: tenant, system.folder.hubCertificate(), beside: system.verifier.hubs)
    }

    static func lines(_ loss: LogLoss, isSeen: Bool) -> [String] {
        var lines = ["the log ends at \(loss.end), head \(loss.head)"]
        if let cut = loss.cutOff {
            lines.append(
                "before entry \(cut) more than \(LogLoss.mostMissing) entries are missing: from it on the log is cut off"
            )
        }
        if loss.first > 1 { lines.append("it can be folded from entry \(loss.first) on") }
        if loss.putIn > 0 {
            lines.append("put in: \(loss.putIn) events that no hub vouches for, and that will have no effect")
            lines += AcceptLogCommand.lines("put in", loss.putInExamples, of: loss.putIn)
        }
        if loss.unbelieved > 0 {
            lines.append(
                "\(loss.unbelieved) events in it have no effect where it is folded anew: nobody who is known there signed them"
            )
        }
        guard isSeen else { return lines }
        if loss.before > 0 {
            lines.append(
                "\(loss.before) events that this hub has seen stand before entry \(loss.first), and will be lost")
        }
        guard let place = loss.firstDifference else {
            return lines + ["this hub has seen it up to \(loss.seen), and all that it still keeps of it is there"]
        }
        lines.append("this hub has seen it up to \(loss.seen); entry \(place) is the first that differs")
        lines.append("\(loss.count) events that this hub has seen are not in the log any more, and will be lost")
        return lines + AcceptLogCommand.lines("lost", loss.examples, of: loss.count)
    }

    private static func lines(_ what: String, _ examples: [Event], of count: Int) -> [String] {
        let lines = examples.map { event in
            let words = ["\(event.sequence ?? 0)", event.type.rawValue, event.source, event.id, event.subject ?? ""]
            return "\(what): " + Output.printable(words.joined(separator: " "))
        }
        return count > examples.count ? lines + ["\(what): and \(count - examples.count) more"] : lines
    }

    /// Where it is stopped on the way, it can be done again.
    private func accept(_ loss: LogLoss, _ system: inout SystemLog, _ view: String) throws {
        let key = try system.hubKey()
        // Names of what was in a log on servers: they are made anew of what is there.
        try setAside(system.folder.names(of: tenant))
        let log = try open(system)
        let wire = try system.wire(of: tenant, log)
        log.name(by: wire.naming)
        try (log as? SQLiteLog)?.mend(forgettingArchive: withoutBeginning, cuttingOffAt: loss.cutOff) {
            wire.kept(loss.taken($0))
        }
        let certificate = try system.folder.hubCertificate()
        let word = AcceptedLog(
            tenant: tenant, logID: try log.logID, sequence: loss.end, head: loss.head, wire: wire, signedBy: key)
        let now = Surroundings.live.now()
        let entries = try word.entries(by: certificate, beside: system.verifier.hubs, system.register, now: now)
        let answers = try SystemLog.patiently { try log.append(entries, now: now) }
        let refusals = AcceptedLog.refusals(entries, answers)
        guard refusals.isEmpty else {
            for refusal in refusals { Output.note("\(tenant): the log did not take " + Output.printable(refusal)) }
            Output.note("what the hub has seen stays as it was")
            throw ExitCode.badData
        }
        try setAside(view)
        let fresh = try Store(path: view, mirror: HubFolder.mirror, makeLogID: Surroundings.live.makeID)
        defer { fresh.close() }
        try AcceptedLog.prepare(
            fresh, for: loss, of: log, knowing: try known(system), revoked: system.register.revokedKeys)
    }

    private func setAside(_ file: String) throws {
        let aside = file + ".set-aside-" + Surroundings.live.now().rfc3339.filter { $0 != ":" && $0 != "." }
        for ending in ["-wal", "-shm", ""] where FileManager.default.fileExists(atPath: file + ending) {
            try FileManager.default.moveItem(atPath: file + ending, toPath: aside + ending)
            if ending.isEmpty { Output.line("\(file) was set aside as \(aside)") }
        }
    }
}
