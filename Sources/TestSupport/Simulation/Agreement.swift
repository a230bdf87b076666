import ControlRoom
import Feed
import HubCore
import Store
import Sync
import Trust

/// What must hold when a city has healed.
struct Agreement {
    let city: Simulation
    /// How many entries of the log are no events.
    let junk: Int
    let places: [AdmittedEvent]
    /// The events of the log, in its order.
    let entries: [Event]
    /// Each once.
    let once: [Event]

    init(_ city: Simulation, junk: Int) throws {
        self.city = city
        self.junk = junk
        places = try city.logs.city.read(after: 0, limit: 1_000_000).map { Cast.wire.admitted($0) }
        entries = places.filter { $0.junk == nil }.map(\.event)
        var seen: Set<String> = []
        once = entries.filter { seen.insert($0.source + " " + $0.id).inserted }
    }

    private var hubs: [SimulatedHub] { city.hubs }
    private var consoles: [SimulatedConsole] { city.consoles }

    /// - Returns: what happened in the run.
    /// - Throws: `Simulation.Failure`.
    func check() throws -> Happenings {
        let truth = try Agreement.picture(hubs[0].view)
        try checkLaws(truth)
        try countJunk(places.compactMap(\.junk))
        try countEntries()
        try countActs()
        try countReports()
        for hub in hubs.dropFirst() { try compare(Agreement.picture(hub.view), truth, "hub \(hub.number)") }
        let histories = try histories(hubs[0].view)
        for console in consoles {
            try compare(told(by: console), histories, isTrimmed: isTrimmed, "console \(console.number)")
            let undecided = try undecided(at: console)
            try compare(
                Agreement.picture(console.store).filter { !undecided.contains($0.key) },
                truth.filter { !undecided.contains($0.key) }, "console \(console.number)")
            try compareLog(console)
            try checkStatus(console)
        }
        let receiver = try SharedWith(self)?.check()
        try compareTables()
        return try tally(receiver)
    }

    private var isTrimmed: Bool { entries.contains { $0.type == .logTrimmed } }

    // MARK: - The laws

    private func checkLaws(_ truth: [String: Alert]) throws {
        if !isTrimmed, city.seed % 2 == 0, let what = try LawThree(city).breach(truth, once) {
            throw fail("law 3: \(what)")
        }
        let acts = consoles.flatMap(\.acts)
        let sight = Dictionary(acts.map { ($0.id, $0.seen) }, uniquingKeysWith: { first, _ in first })
        if let what = LawOne(once, sight: sight).breach(Array(truth.values), at: city.now) {
            throw fail("law 1: \(what)")
        }
    }

    /// Law 2: whoever folded the same log has the same in every table. Of what was trimmed one file has still what another has not.
    /// One run in three is looked at so closely.
    private func compareTables() throws {
        guard !isTrimmed, city.seed % 3 == 0 else { return }
        let first = hubs[0].view
        let settled = try consoles.filter { try undecided(at: $0).isEmpty }.map(\.store)
        for store in hubs.map(\.view) + settled { try rest(store) }
        for store in hubs.dropFirst().map(\.view) + settled {
            let found = try StoreDump.difference(first.path, store.path)
            guard found.isEmpty else { throw fail("law 2: \(store.path): \(found.joined(separator: "\n"))") }
        }
    }

    /// All is done that a store does behind the log, as of a time at which all has ended that ends by time.
    func rest(_ store: Store) throws {
        while try store.settle(at: city.now.adding(seconds: 2 * 86_400)) {}
        while try store.backgroundStep() {}
    }

    // MARK: - Count in, count out

    /// Where a member's certificate was revoked; nil where none was.
    var revocation: Int64? { entries.first { $0.type == .identityRevoked }?.sequence }

    /// Acts that stand behind the revocation of their author.
    var behindRevocation: [Event] {
        guard let revocation, let revoked = city.revoked else { return [] }
        return entries.filter {
            $0.extensions[Event.keyIDExtension] == revoked.certificate.keyID && ($0.sequence ?? 0) > revocation
        }
    }

    /// Nothing is in the log that nobody brought; and nothing twice, where the log knows every name.
    private func countEntries() throws {
        if !city.kind.isForgetful, once.count != entries.count {
            throw fail("\(entries.count - once.count) entries stand in the log twice")
        }
        let made = city.sensors.reduce(into: Set(consoles.flatMap(\.acts).map(\.id))) { $0.formUnion($1.made) }
        let hubs = ["urn:impetus:hub", "urn:impetus:system", Event.feedSource]
        for event in entries where !made.contains(event.id) {
            guard hubs.contains(where: event.source.hasPrefix) else { throw fail("nobody made \(event.id)") }
        }
        let forged = city.sensors.reduce(into: Set<String>()) { $0.formUnion($1.forged) }
        if let taken = entries.first(where: { forged.contains($0.id) }) {
            throw fail("law 3: \(taken.id) was taken under a source that is another's")
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

    func fail(_ reason: String) -> Simulation.Failure { Simulation.Failure(seed: city.seed, reason: reason) }

    /// Every act that somebody made is in the log, or its author was told why not. A second copy of it counts for nothing. What
    /// stands behind its author's revocation has no effect, as its author is told; what never got as far still waits.
    private func countActs() throws {
        let names = Set(entries.map { $0.source + " " + $0.id })
        let before = revocation ?? .max
        let first = Dictionary(
            entries.map { ($0.id, $0.sequence ?? 0) }, uniquingKeysWith: { first, _ in first })
        for console in consoles {
            let isRevoked = console.number == city.revoked?.number
            for act in console.acts {
                let isThere = names.contains("urn:impetus:console " + act.id)
                let isBehind = isRevoked && isThere && first[act.id] ?? 0 > before
                let settlement = try console.store.settlement(of: act.id)
                switch settlement {
                case .applied, .refused, .duplicate:
                    guard isThere else { throw fail("\(act.id) counts as done and is not in the log") }
                    if isBehind, settlement != .duplicate {
                        throw fail("law 3: \(act.id) took effect behind the revocation of its author")
                    }
                case .rejected(let reason), .denied(let reason):
                    guard !reason.isEmpty else { throw fail("\(act.id) was lost: neither in the log nor told") }
                    guard !isThere || isBehind else {
                        throw fail("\(act.id) is in the log, and its author was told: \(reason)")
                    }
                    // Who had to renew has done so, and whoever is revoked is not asked in.
                    if reason.contains("certificate") { throw fail("\(act.id) was refused: \(reason)") }
                case .waiting:
                    guard isRevoked, !isThere else { throw fail("\(act.id) waits for ever") }
                case nil: throw fail("\(act.id) is gone from the outbox")
                }
            }
        }
    }

    private func countReports() throws {
        let names = Set(entries.map(\.id))
        for sensor in city.sensors {
            for id in sensor.confirmed where !names.contains(id) {
                throw fail("\(id) was confirmed and is not in the log")
            }
            let answered = Set(sensor.confirmed).union(sensor.refused)
            guard answered == sensor.made else {
                throw fail("nobody said what became of \(sensor.made.subtracting(answered).sorted())")
            }
            guard Set(sensor.refused) == sensor.forged else {
                throw fail("\(sensor.refused) were refused of what \(sensor.machine) says of its own")
            }
        }
    }

    /// All alerts, as they are shown and folded.
    static func picture(_ store: Store) throws -> [String: Alert] {
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

    /// Alarms on which a revoked member acted since: the act goes nowhere, waits, and shows on their own console.
    private func undecided(at console: SimulatedConsole) throws -> Set<String> {
        guard console.number == city.revoked?.number else { return [] }
        let waiting = try console.acts.filter { try console.store.settlement(of: $0.id) == .waiting }
        return Set(waiting.map(\.subject))
    }

    /// What a revoked member did since waits on their own console.
    private func told(by console: SimulatedConsole) throws -> [String: [AlertDetail.Entry]] {
        let histories = try histories(console.store)
        guard console.number == city.revoked?.number else { return histories }
        return histories.mapValues { $0.filter { !$0.isWaiting } }
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
    private func compareLog(_ console: SimulatedConsole) throws {
        let base = try console.store.base()
        guard try base == hubs[0].view.base() else {
            throw fail("the log of console \(console.number) begins at \(base.sequence)")
        }
        let once = once.filter { ($0.sequence ?? 0) > base.sequence }
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
        let expected = behindRevocation.compactMap { event in
            event.actor.map { LogVerifier.Finding.forged(actor: $0, sequence: event.sequence ?? 0).description }
        }
        if let finding = status.findings.first(where: { !expected.contains($0) }) {
            throw fail("console \(console.number) found: \(finding)")
        }
        // A clock that is off is known by how much; ages come from the hub's.
        let off = Int64(-console.skew * 1_000)
        guard abs(status.clockOffset - off) <= 2_500 else {
            throw fail("console \(console.number) takes its clock for \(status.clockOffset) ms off; it is \(off)")
        }
    }
}
