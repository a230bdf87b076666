import ControlRoom
import Store
import Tenancy

/// Entries of a tenant's log that are looked at together: what of them is shared.
struct SharedStretch {
    /// What the view has not taken is distrusted.
    var events: [AdmittedEvent] = []
    /// What retention has taken from the view. Whether it was believed nobody can tell any more: it is not shared.
    var ended: [AdmittedEvent] = []

    /// That alerts went unshared that an agreement covers; nil where none did.
    func loss(_ terms: [Store.SharingTerms]) -> String? {
        let lost = ended.filter { admitted in
            guard case .alertRaised(let raised) = admitted.fact, admitted.event.sharedBy == nil else { return false }
            return terms.contains {
                $0.holds(for: admitted.event) && $0.agreement.covers(tool: raised.tool.code, kind: raised.kind)
            }
        }
        guard let first = lost.first?.event.sequence, let last = lost.last?.event.sequence else { return nil }
        let raises = lost.count == 1 ? "1 raise" : "\(lost.count) raises"
        return "retention had ended \(raises) before they were shared, and they are not: entries \(first) to \(last)"
    }
}

extension Store.SharingTerms {
    /// Whether an event of the tenant's log is shared: it stands behind the place from which the agreement holds, or was recorded
    /// after it was made; it stands before the place where it ends, and was recorded before its time was over.
    func holds(for event: Event) -> Bool {
        let (sequence, recorded) = (event.sequence ?? 0, event.recorded ?? made)
        if let ended, sequence > ended { return false }
        guard agreement.isInForce(at: recorded) else { return false }
        if let began, sequence > began { return true }
        return recorded > made
    }
}
