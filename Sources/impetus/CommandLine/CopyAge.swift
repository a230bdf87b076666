import Console
import ControlRoom
import Shell
import Store
import Sync

/// How old the copy of a hub's log is, for whoever looks at it while nobody keeps it in step.
enum CopyAge {
    private static let quietSeconds = 60.0

    /// Says so on standard error where the hub was not heard for more than a minute.
    static func tell(_ store: Store) throws {
        if let words = try words(store, after: quietSeconds) { Output.note(words) }
    }

    /// The same where something is looked for that is not there, however short a time that is, unless it was said.
    static func tellMissing(_ store: Store) throws {
        guard try words(store, after: quietSeconds) == nil, let words = try words(store, after: 0) else { return }
        Output.note(words)
    }

    /// Nil for a store of its own, for a copy that is kept in step, and for one of which nothing is known.
    private static func words(_ store: Store, after seconds: Double) throws -> String? {
        let now = Surroundings.live.now()
        guard store.mirror != nil, let heard = try store.syncNote()?.heard, now.seconds(since: heard) > seconds else {
            return nil
        }
        let zone = LocalZone.table(try store.city()?.timeZone ?? "UTC", around: now)
        let (then, today) = (zone.local(heard), zone.local(now))
        let time = (then.date == today.date ? "" : then.date + " ") + then.clock.prefix(5)
        guard let holder = Lease.holder(storePath: store.path) else {
            return "as of \(time); impetus sync --once brings it up to date"
        }
        switch Lease.word(storePath: store.path).flatMap({ FeedWord($0) })?.heard(at: now, shownAs: now).state {
        case .live, .catchingUp: return nil
        default: return "as of \(time); process \(holder) brings it up to date when it reaches the hub"
        }
    }
}
