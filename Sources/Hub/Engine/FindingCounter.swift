import ControlRoom
import CoreMetrics
import HubCore

/// Counts the events of a log that were kept without effect, because they are not signed by who is said to have made them
/// (`impetus_hub_unbelieved_entries_total{tenant}`), and tells the journal of them.
struct FindingCounter: Sendable {
    private let tenant: String
    private let counter: Counter

    init(_ tenant: String) {
        self.tenant = tenant
        counter = .ofEntries("unbelieved", of: tenant)
    }

    func tell(_ findings: FindingNotes, _ journal: RefusalJournal) {
        guard findings.count > 0 else { return }
        counter.increment(by: findings.count)
        for finding in findings.first { journal.note(.unbelieved, ["tenant": tenant, "what": "\(finding)"]) }
    }
}
