import ControlRoom
import Feed
import Store
import Sync

/// What must hold when a city has healed.
struct Agreement {
    let seed: UInt64
    let log: any EventLog
    let hubs: [SimulatedHub]
    let consoles: [SimulatedConsole]
    let sensor: SimulatedSensor
    /// How many entries of the log are no events.
    let junk: Int

    func check() throws {
        let places = try log.read(after: 0, limit: 1_000_000).map { Cast.wire.admitted($0) }
        let entries = places.filter { $0.junk == nil }.map(\.event)
        try countJunk(places.compactMap(\.junk))
        try countActs(entries)
        try countReports(entries)
        let truth = try picture(hubs[0].view)
        for hub in hubs.dropFirst() { try compare(picture(hub.view), truth, "hub \(hub.number)") }
        let histories = try histories(hubs[0].view)
        let isTrimmed = try hubs[0].view.base().sequence > 0
        for console in consoles {
            try compare(self.histories(console.store), histories, isTrimmed: isTrimmed, "console \(console.number)")
            try compare(picture(console.store), truth, "console \(console.number)")
            try compareLog(console, entries)
            try checkStatus(console)
        }
    }

    /// Everybody has passed over the same places; those before a trim may be gone.
    private func countJunk(_ found: [JunkEntry]) throws {
        guard found.count == junk else { throw fail("\(found.count) entries are no events, not \(junk)") }
        let base = try hubs[0].view.base().sequence
        let expected = found.filter { $0.sequence > base }
        for store in hubs.map(\.view) + consoles.map(\.store) {
            let known = try store.junk(after: base, limit: 1_000_000)
            guard known == expected else { throw fail("\(store.path) has passed over \(known), not \(expected)") }
        }
    }

    private func fail(_ reason: String) -> Simulation.Failure { Simulation.Failure(seed: seed, reason: reason) }

    /// Every act that somebody made is in the log, or its author was told why not. A second copy of it counts for nothing.
    private func countActs(_ entries: [Event]) throws {
        let names = Set(entries.map { $0.source + " " + $0.id })
        for console in consoles {
            for id in console.acts {
                let isThere = names.contains("urn:impetus:console " + id)
                switch try console.store.settlement(of: id) {
                case .applied, .refused, .duplicate:
                    guard isThere else { throw fail("\(id) counts as done and is not in the log") }
                case .rejected(let reason), .denied(let reason):
                    guard !reason.isEmpty else { throw fail("\(id) was lost: neither in the log nor told") }
                    guard !isThere else { throw fail("\(id) is in the log, and its author was told: \(reason)") }
                case .waiting: throw fail("\(id) waits for ever")
                case nil: throw fail("\(id) is gone from the outbox")
                }
            }
        }
    }

    private func countReports(_ entries: [Event]) throws {
        let names = Set(entries.map(\.id))
        for id in sensor.confirmed where !names.contains(id) { throw fail("\(id) was confirmed and is not in the log") }
    }

    /// All alerts, as they are shown and folded.
    private func picture(_ store: Store) throws -> [String: Alert] {
        let page = try store.alerts(
            AlertQuery(realm: .actual, filter: AlertFilter(show: .all)), at: .start, limit: 1_000)
        return Dictionary(page.lines.map { ($0.alert.subject, $0.alert) }, uniquingKeysWith: { first, _ in first })
    }

    /// What happened to each alert.
    private func histories(_ store: Store) throws -> [String: [AlertDetail.Entry]] {
        let page = try store.alerts(
            AlertQuery(realm: .actual, filter: AlertFilter(show: .all)), at: .start, limit: 1_000)
        return try Dictionary(
            page.lines.map { ($0.alert.subject, try store.detail(row: $0.row)?.timeline ?? []) },
            uniquingKeysWith: { first, _ in first })
    }

    /// - Parameter isTrimmed: of what was trimmed one file has still what another has not.
    private func compare(
        _ histories: [String: [AlertDetail.Entry]], _ truth: [String: [AlertDetail.Entry]], isTrimmed: Bool,
        _ who: String
    ) throws {
        for (subject, told) in histories {
            let known = truth[subject] ?? []
            let isSame = zip(told.reversed(), known.reversed()).allSatisfy { $0 == $1 }
            guard isSame, isTrimmed || told.count == known.count else {
                throw fail("\(who) tells another history of \(subject): \(told) instead of \(known)")
            }
        }
    }

    private func compare(_ picture: [String: Alert], _ truth: [String: Alert], _ who: String) throws {
        for (subject, alert) in truth where picture[subject] != alert {
            let other = picture[subject].map { "\($0)" } ?? "nothing"
            throw fail("\(who) shows another \(subject): \(other) instead of \(alert)")
        }
        guard picture.count == truth.count else { throw fail("\(who) has \(picture.count) alerts, not \(truth.count)") }
    }

    /// Each event once, in the hub's order.
    private func compareLog(_ console: SimulatedConsole, _ entries: [Event]) throws {
        var seen: Set<String> = []
        let base = try console.store.base()
        guard try base == hubs[0].view.base() else {
            throw fail("the log of console \(console.number) begins at \(base.sequence)")
        }
        let once = entries.filter {
            seen.insert($0.source + " " + $0.id).inserted && ($0.sequence ?? 0) > base.sequence
        }
        let kept = try console.store.read(after: base.sequence, limit: 1_000_000)
        guard kept.count == once.count else {
            throw fail("console \(console.number) has \(kept.count) events, not \(once.count)")
        }
        for (mine, theirs) in zip(kept, once) where mine != theirs {
            throw fail("console \(console.number) has \(mine.id) at \(mine.sequence ?? 0), not \(theirs.id)")
        }
        guard try console.store.cursor()?.head == hubs[0].view.cursor()?.head else {
            throw fail("the chain of console \(console.number) has another head")
        }
    }

    private func checkStatus(_ console: SimulatedConsole) throws {
        guard let status = console.machine?.status else { return }
        if let finding = status.findings.first { throw fail("console \(console.number) found: \(finding)") }
        // A clock that is off is known by how much; ages come from the hub's.
        let off = Int64(-console.skew * 1_000)
        guard abs(status.clockOffset - off) <= 2_500 else {
            throw fail("console \(console.number) takes its clock for \(status.clockOffset) ms off; it is \(off)")
        }
    }
}
