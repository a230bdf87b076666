import ControlRoom
import CoreMetrics
import HubCore

/// Counts the entries of a log that have no effect, and tells the journal of them: what is no event
/// (`impetus_hub_junk_entries_total{tenant}`), and what no hub vouches for (`impetus_hub_unproved_entries_total{tenant}`).
struct JunkCounter: Sendable {
    private let tenant: String
    private let counter: Counter
    private let unproved: Counter

    /// - Parameter tenant: whose log it is; `system` for the hub's own.
    init(_ tenant: String) {
        self.tenant = tenant
        counter = .ofEntries("junk", of: tenant)
        unproved = .ofEntries("unproved", of: tenant)
    }

    func tell(_ junk: JunkNotes, _ journal: RefusalJournal) {
        if junk.count > 0 { counter.increment(by: junk.count) }
        if junk.unproved > 0 { unproved.increment(by: junk.unproved) }
        for entry in junk.first {
            journal.note(entry.kind == .unproved ? .unproved : .junk, ["tenant": tenant, "what": "\(entry)"])
        }
    }
}

extension Counter {
    /// Of entries of a log: `impetus_hub_KIND_entries_total{tenant}`. There from the start, so that a rate can be made of it.
    static func ofEntries(_ kind: String, of tenant: String) -> Counter {
        let counter = Counter(label: "impetus_hub_\(kind)_entries_total", dimensions: [("tenant", tenant)])
        counter.increment(by: 0)
        return counter
    }
}
