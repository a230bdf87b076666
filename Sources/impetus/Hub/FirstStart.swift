import ControlRoom
import Foundation
import Shell
import Store
import Sync
import Trust

/// A store that is not there yet begins with a snapshot of the hub's, where that can be had; else with the first event. So does one
/// that another version has folded and that has not got its log whole: what it lacks cannot be folded again here.
enum FirstStart {
    private struct Taken {
        let file: String
        let sequence: Int64
    }

    private enum Answer {
        case taken(Taken)
        /// The hub folds by another version.
        case other(fold: Int)
    }

    /// - Returns: what was done, for the user; nil where there is nothing to say.
    static func fetch(into path: String, _ session: HubSession) -> String? {
        guard !FileManager.default.fileExists(atPath: path) else { return renew(path, session) }
        switch snapshot(beside: path, session) {
        case nil: return nil
        case .other(let fold): return otherVersion(fold) + "the log is read from its start"
        case .taken(let taken):
            defer { unlink(taken.file) }
            // Not over a store that another process has made meanwhile.
            guard link(taken.file, path) == 0 else { return nil }
            return "started from the hub's snapshot at event \(taken.sequence)"
        }
    }

    private static func renew(_ path: String, _ session: HubSession) -> String? {
        guard (try? Renewal.isDue(path: path)) == true else { return nil }
        switch snapshot(beside: path, session) {
        case nil:
            return
                "what is here was folded by another version; the hub gives no snapshot now, the next start asks again"
        case .other(let fold): return otherVersion(fold) + "what is here stays as another version has folded it"
        case .taken(let taken):
            defer { unlink(taken.file) }
            do {
                let now = session.surroundings.now()
                let acts = try Renewal.replace(path, with: taken.file, mirror: OpenedStore.mirror, now: now)
                let waiting = acts == 0 ? "" : "; \(acts) acts wait as before"
                return
                    "what another version had folded was replaced by the hub's snapshot at event \(taken.sequence)\(waiting)"
            } catch {
                return "what is here stays as another version has folded it: \(error)"
            }
        }
    }

    private static func otherVersion(_ fold: Int) -> String {
        let hubs = fold == 0 ? "an earlier version" : "version \(fold)"
        return "the hub folds by \(hubs), this program by \(Store.foldVersion): "
    }

    /// From the first hub that gives one.
    private static func snapshot(beside path: String, _ session: HubSession) -> Answer? {
        guard let authority = session.membership.authority else { return nil }
        for hub in session.membership.hubs {
            do {
                let (client, fresh) = (session.client, path + ".snapshot-\(getpid())")
                let word = try Waiting.on { try await client.snapshot(from: hub, to: fresh, authority: authority) }
                guard word.fold == Store.foldVersion else {
                    unlink(fresh)
                    return .other(fold: word.fold)
                }
                return .taken(Taken(file: fresh, sequence: word.sequence))
            } catch {
                continue
            }
        }
        return nil
    }
}
