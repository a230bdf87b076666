import ArgumentParser
import ControlRoom
import Foundation
import Shell

struct AcceptLogCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "accept-log",
        abstract: "Take a tenant's log as it is now, though it is not what this hub has seen.",
        discussion: """
            A hub that finds its log altered serves nobody of that tenant, so that no two consoles see another city. First \
            look whether another copy of the log is whole (another server, a backup). Where the loss has to be accepted, \
            this sets aside what the hub has seen; the next start folds the log anew. A \
            console that has seen what is gone says at the hub's next checkpoint that the log is not the one it has: it then \
            follows the log in a new store (--store), and the old one keeps what it has.
            """)

    @OptionGroup var options: HubOptions
    @Argument(help: "The tenant.") var tenant: String

    func run() throws {
        try reporting {
            let folder = try options.folder()
            try folder.mustBeThere()
            let view = folder.view(of: tenant)
            guard FileManager.default.fileExists(atPath: view) else {
                throw Usage.wrong("this hub has seen nothing of \(tenant)")
            }
            let aside = view + ".set-aside-" + Surroundings.live.now().rfc3339.filter { $0 != ":" && $0 != "." }
            for ending in ["-wal", "-shm", ""] where FileManager.default.fileExists(atPath: view + ending) {
                try FileManager.default.moveItem(atPath: view + ending, toPath: aside + ending)
            }
            Output.line("set aside as \(aside); start the hub again")
        }
    }
}
