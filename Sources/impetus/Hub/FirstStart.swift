import ControlRoom
import Foundation
import Shell
import Store
import Sync
import Trust

/// A store that is not there yet begins with a snapshot of the hub's, where that can be had; else with the first event.
enum FirstStart {
    /// - Returns: what was done, for the user; nil where there is nothing to say.
    static func fetch(into path: String, _ session: HubSession) -> String? {
        guard !FileManager.default.fileExists(atPath: path), let authority = session.membership.authority else {
            return nil
        }
        for hub in session.membership.hubs {
            do {
                let (client, fresh) = (session.client, path + ".snapshot-\(getpid())")
                let word = try Waiting.on { try await client.snapshot(from: hub, to: fresh, authority: authority) }
                guard word.fold == Store.foldVersion else {
                    unlink(fresh)
                    return
                        "the hub folds by version \(word.fold), this program by \(Store.foldVersion): the log is read from its start"
                }
                defer { unlink(fresh) }
                // Not over a store that another process has made meanwhile.
                guard link(fresh, path) == 0 else { return nil }
                return "started from the hub's snapshot at event \(word.sequence)"
            } catch {
                continue
            }
        }
        return nil
    }
}
