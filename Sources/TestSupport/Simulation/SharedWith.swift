import ControlRoom
import Feed
import HubCore
import Store
import Trust

/// What must hold at the tenant with whom the city shares.
struct SharedWith {
    private let agreement: Agreement
    private let log: any EventLog
    private let views: [Store]
    private let entries: [Event]

    /// Nil where nothing is shared in this run.
    init?(_ agreement: Agreement) throws {
        guard let log = agreement.city.logs.receiver else { return nil }
        self.agreement = agreement
        self.log = log
        views = agreement.city.hubs.compactMap(\.receiverView)
        entries = try log.read(after: 0, limit: 1_000_000).map { Cast.wire.admitted($0).event }
    }

    /// - Returns: what happened there.
    /// - Throws: `Simulation.Failure`.
    func check() throws -> Happenings {
        try countCopies()
        for alert in try Agreement.picture(views[0]).values { try check(alert) }
        for view in views { try agreement.rest(view) }
        for view in views.dropFirst() {
            let found = try StoreDump.difference(views[0].path, view.path)
            guard found.isEmpty else { throw agreement.fail("law 2: \(view.path): \(found.joined(separator: "\n"))") }
        }
        var happened = Happenings()
        happened.note(.copied, entries.count { $0.extensions[Forwarding.original] != nil })
        happened.note(.withdrawn, entries.count { $0.type == .alertWithdrawn })
        return happened
    }

    /// The agreements that hold at the end, with the place of the city's log from which they do.
    private var holding: [Int64] {
        let names = Set(agreement.once.filter { $0.type == .agreementEnded }.map(\.id))
        return agreement.once.filter { $0.type == .agreementMade }
            .filter { !names.contains($0.id.replacing("agreed/", with: "agreement-ended/")) }
            .compactMap(\.sequence)
    }

    /// What was raised since an agreement holds is there once, however many agreements cover it. Both of the simulation's do.
    private func countCopies() throws {
        let copies = Dictionary(grouping: entries) { $0.extensions[Forwarding.original] ?? "" }
        let began = holding.min() ?? .max
        for event in agreement.once where event.type == .alertRaised && Cast.sources.contains(event.source) {
            let count = copies[TextHash.of(event.source + " " + event.id)]?.count ?? 0
            guard count <= 1 else { throw agreement.fail("\(event.id) was shared \(count) times") }
            if event.sequence ?? 0 > began, count == 0 { throw agreement.fail("\(event.id) was not shared") }
        }
    }

    /// Nobody acts here: what ended, or was taken back, still waits. When no agreement is left nothing goes on.
    private func check(_ alert: Alert) throws {
        guard alert.source.hasPrefix("urn:impetus:hub:shared:") else { return }
        // A message that takes others back asks for nobody itself.
        if alert.acknowledged, alert.replacedBy == nil, !alert.subject.contains("/cancel-") {
            throw agreement.fail("law 1: a copy is acknowledged by nobody: \(alert)")
        }
        if holding.isEmpty, alert.active || alert.latched {
            throw agreement.fail("a copy goes on, and no agreement is left: \(alert)")
        }
    }
}
