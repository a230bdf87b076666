import ArgumentParser
import ControlRoom
import Feed
import Foundation
import HubCore
import Shell
import Store

struct AcceptLogCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "accept-log",
        abstract: "Take a tenant's log as it is now, though it is not what this hub has seen.",
        discussion: """
            A hub that finds its log altered serves nobody of that tenant, so that no two consoles see another city. With the \
            hub stopped, this says where the log ends, what this hub has seen of it that is not there any more, and \
            the head of its chain, by which hubs can be compared. First look whether another copy of the log is whole \
            (another server, a backup). Where the loss has to be accepted, --yes sets aside what the hub has seen; the next \
            start folds the log anew. Each hub does so for itself. A console that has seen what is gone says at the hub's next \
            checkpoint that the log is not the one it has: it then follows the log in a new store (--store), and the \
            old one keeps what it has.
            """)

    @OptionGroup var options: HubOptions
    @Argument(help: "The tenant.") var tenant: String
    @Flag(help: "Do it: without this the hub keeps what it has, and says what would be lost.") var yes = false

    func run() throws {
        try reporting {
            let folder = try options.folder()
            try folder.mustBeThere()
            let view = folder.view(of: tenant)
            guard TenantAdded.isName(tenant), FileManager.default.fileExists(atPath: view) else {
                throw Usage.wrong("this hub has seen nothing of \(Output.printable(tenant))")
            }
            guard !HubFolder.isOpen(view) else {
                Output.note("the hub has \(tenant) open: stop it first; nothing was done")
                throw ExitCode.tryLater
            }
            let canBeFolded = try tell(folder, view)
            guard canBeFolded else {
                Output.note(
                    "its beginning is archived, and a log is folded from its beginning: impetus-hub unarchive DIR")
                Output.note("what the hub has seen stays as it was")
                throw ExitCode.badData
            }
            guard yes else { return Output.line("what the hub has seen stays as it was; --yes takes the log as it is") }
            for file in [view, folder.names(of: tenant)] { try setAside(file) }
            Output.line("start the hub again: it folds the log anew")
        }
    }

    /// - Returns: whether the log can be folded from its beginning.
    private func tell(_ folder: HubFolder, _ path: String) throws -> Bool {
        let log = try folder.openLog(of: tenant, try HubFolder.Logs(options.configuration()))
        guard let view = try? Store(path: path, mirror: HubFolder.mirror, makeLogID: Surroundings.live.makeID) else {
            Output.line(
                "\(tenant): the log ends at \(try log.lastSequence()); what this hub has seen of it cannot be read")
            return try log.firstSequence() == 1
        }
        defer { view.close() }
        let loss = try LogLoss(of: log, seenBy: view, wire: try SystemLog(options).wire(of: tenant, log))
        for line in AcceptLogCommand.lines(loss) { Output.line("\(tenant): \(line)") }
        return loss.first == 1
    }

    static func lines(_ loss: LogLoss) -> [String] {
        var lines = ["the log ends at \(loss.end)" + (loss.head.map { ", head \($0)" } ?? "")]
        guard let place = loss.firstDifference else {
            return lines + ["this hub has seen it up to \(loss.seen), and all that it still keeps of it is there"]
        }
        lines.append("this hub has seen it up to \(loss.seen); entry \(place) is the first that differs")
        lines.append("\(loss.count) events that this hub has seen are not in the log any more, and will be lost")
        lines += loss.examples.map { event in
            let words = ["\(event.sequence ?? 0)", event.type.rawValue, event.source, event.id, event.subject ?? ""]
            return "lost: " + Output.printable(words.joined(separator: " "))
        }
        if loss.count > loss.examples.count { lines.append("lost: and \(loss.count - loss.examples.count) more") }
        return lines
    }

    private func setAside(_ file: String) throws {
        let aside = file + ".set-aside-" + Surroundings.live.now().rfc3339.filter { $0 != ":" && $0 != "." }
        for ending in ["-wal", "-shm", ""] where FileManager.default.fileExists(atPath: file + ending) {
            try FileManager.default.moveItem(atPath: file + ending, toPath: aside + ending)
            if ending.isEmpty { Output.line("\(file) was set aside as \(aside)") }
        }
    }
}
