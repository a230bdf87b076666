import ControlRoom
import CoreMetrics
import Feed

/// Counts the entries of a log that are no events (`impetus_hub_junk_entries_total{tenant}`), and tells the journal of them.
struct JunkCounter: Sendable {
    private let tenant: String
    private let counter: Counter

    /// - Parameter tenant: whose log it is; `system` for the hub's own.
    init(_ tenant: String) {
        self.tenant = tenant
        counter = Counter(label: "impetus_hub_junk_entries_total", dimensions: [("tenant", tenant)])
        // There from the start, so that a rate can be made of it.
        counter.increment(by: 0)
    }

    func tell(_ junk: JunkNotes, _ journal: RefusalJournal) {
        guard junk.count > 0 else { return }
        counter.increment(by: junk.count)
        for entry in junk.first { journal.note(.junk, ["tenant": tenant, "what": "\(entry)"]) }
    }
}
