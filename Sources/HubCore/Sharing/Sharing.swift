import ControlRoom
import Feed
import Store
import Synchronization
import Tenancy
import Trust

/// Copies what a tenant shares into the logs of its receivers, each from a place of the tenant's log of its own: a receiver that
/// cannot be served holds up neither the tenant's view nor another receiver. Of a receiver's backlog nothing is kept in memory:
/// it is read from the log again, where the log still has it.
///
/// What is in force is told by the tenant's log itself (`agreement.made`, `agreement.ended`, said by a hub): every hub that reads
/// it copies the same.
final class Sharing: Sendable {
    /// What came of a round.
    struct Round {
        /// There is more to copy at once.
        var isMore = false
        /// Who could not be served, and why.
        var troubles: [TenantFeed.SharingTrouble] = []
    }

    private struct State {
        var receivers: [String: Place] = [:]
        /// As the view has it; nil where that may have changed.
        var noted: [Store.SharingTerms]?
        /// How often it has changed.
        var changes = 0
        /// Agreements that the tenant's log has ended and the system log, as far as this hub has heard of it, has not.
        var over: Set<String> = []
        /// Whether what an earlier version left was looked for.
        var hasLooked = false
    }

    /// As of when a round is made.
    fileprivate struct Time {
        /// The last entry that the view has.
        var end: Int64
        var now: Timestamp
        /// Up to when all that was recorded is in the view.
        var folded: Timestamp
    }

    /// Up to where a receiver has copies.
    private struct Place {
        var sequence: Int64
        /// The place that a restart goes on from.
        var kept: Int64
        var pause = RetryPause()
    }

    /// A place moves on without a write as long as nothing was copied: a restart reads so many entries again.
    private static let mostUnkept: Int64 = 10_000
    /// Alarms that are withdrawn at once.
    private static let mostWithdrawn = 500

    private let tenant: String
    private let log: any EventLog
    private let view: Store
    private let wire: Wire
    private let forwarding: Forwarding
    private let state = Mutex(State())

    init(
        tenant: String, log: any EventLog, view: Store, wire: Wire, forwarding: Forwarding
    ) {
        self.tenant = tenant
        self.log = log
        self.view = view
        self.wire = wire
        self.forwarding = forwarding
    }

    /// Copies the next stretch for each receiver that is due, and takes back what is over for those who have all before it.
    ///
    /// - Parameters:
    ///   - folded: the time up to which all that was recorded is in the view: what ends by time ends as of it.
    ///   - limit: entries of the log, for each place from which receivers go on.
    /// - Throws: what the view says.
    func step(
        _ register: Register, now: Timestamp, folded: Timestamp, limit: Int, _ outlet: TenantFeed.Outlet
    ) throws -> Round {
        try lookForLeftovers(register)
        // In this order: what the view notes of agreements stands before its end, or right behind it.
        let end = try view.cursor()?.sequence ?? 0
        let terms = Dictionary(grouping: try terms(register, at: folded)) { $0.agreement.to }
        state.withLock { state in state.receivers = state.receivers.filter { terms[$0.key] != nil } }
        var round = Round()
        var due: [String: Place] = [:]
        for receiver in terms.keys {
            let place = try place(of: receiver, terms[receiver] ?? [], end)
            if place.pause.isOver(at: now) { due[receiver] = place }
        }
        // Whoever is at the same place is served from the same reading.
        for (sequence, group) in Dictionary(grouping: due.keys, by: { due[$0]?.sequence ?? 0 }) {
            var stretch: Result<SharedStretch, any Error> = .success(SharedStretch())
            if sequence < end { stretch = Result { try read(after: sequence, limit: limit, end: end) } }
            for receiver in group.sorted() {
                guard let terms = terms[receiver] else { continue }
                do {
                    let stretch = try stretch.get()
                    let events = stretch.events
                    for loss in [hole(before: events.first, after: sequence), stretch.loss(terms)].compactMap({ $0 }) {
                        round.troubles.append(TenantFeed.SharingTrouble(receiver: receiver, reason: loss))
                    }
                    let isMore = try serve(receiver, terms, events, Time(end: end, now: now, folded: folded), outlet)
                    round.isMore = round.isMore || isMore
                } catch {
                    state.withLock { $0.receivers[receiver]?.pause.failed(at: now) }
                    round.troubles.append(TenantFeed.SharingTrouble(receiver: receiver, reason: "\(error)"))
                }
            }
        }
        return round
    }

    /// Entries that the receiver that is furthest behind has not been served yet; 0 where there are no agreements.
    func backlog() throws -> Int64 {
        let end = try view.cursor()?.sequence ?? 0
        return state.withLock { state in state.receivers.values.map { max(0, end - $0.sequence) }.max() ?? 0 }
    }

    // MARK: - What is agreed

    /// What the log says of agreements, and those of the register that it does not name yet.
    private func terms(_ register: Register, at time: Timestamp) throws -> [Store.SharingTerms] {
        let noted = try noted()
        let inForce = register.agreements(from: tenant, at: time)
        guard !inForce.isEmpty else { return noted }
        let names = Set(noted.map(\.agreement.id))
        let over = state.withLock { state in
            state.over = state.over.filter { register.ended[$0] == nil }
            return state.over
        }
        let fresh = inForce.filter { !names.contains($0.id) && !over.contains($0.id) }
        return noted + fresh.map { Store.SharingTerms(agreement: $0, made: register.made[$0.id] ?? time) }
    }

    private func noted() throws -> [Store.SharingTerms] {
        let (known, changes) = state.withLock { ($0.noted, $0.changes) }
        if let known { return known }
        let read = try view.sharing()
        state.withLock { if $0.changes == changes { $0.noted = read } }
        return read
    }

    private func forgetNoted() {
        state.withLock { state in
            state.noted = nil
            state.changes += 1
        }
    }

    /// What the log says of agreements, noted before the view moves on: what stands behind it is judged by it. Again where the
    /// view is folded anew.
    func note(_ events: [AdmittedEvent]) throws {
        for admitted in events where [.agreementMade, .agreementEnded].contains(admitted.event.type) {
            // Whether a hub said it was decided by the log's order, where it was read.
            guard admitted.distrust == nil else { continue }
            let sequence = admitted.event.sequence ?? 0
            switch admitted.fact {
            case .agreementMade(let agreement) where agreement.from == tenant:
                let made = admitted.event.time ?? admitted.event.recorded ?? Timestamp(milliseconds: 0)
                try view.beginSharing(Store.SharingTerms(agreement: agreement, made: made, began: sequence))
            case .agreementEnded(let ended):
                try view.endSharing(ended.id, at: sequence, reason: ended.reason)
                _ = state.withLock { $0.over.insert(ended.id) }
            default: continue
            }
            forgetNoted()
        }
    }

    /// Whether the view knows from where an agreement holds.
    func hasBegun(_ agreement: String) throws -> Bool { try noted().contains { $0.agreement.id == agreement } }

    /// Those that hold as far as the view has come.
    func running() throws -> [String] { try noted().filter { $0.ended == nil }.map(\.agreement.id) }

    /// An earlier version may have ended before it had withdrawn all of an agreement that was over: the log does not name it.
    private func lookForLeftovers(_ register: Register) throws {
        guard !state.withLock({ $0.hasLooked }) else { return }
        let known = Set(try view.sharing().map(\.agreement.id))
        for id in try view.agreementsWithShared() where !known.contains(id) {
            guard let ended = register.ended[id] else { continue }
            try view.beginSharing(
                Store.SharingTerms(
                    agreement: ended.terms, made: Timestamp(milliseconds: 0), began: 0, ended: 0, reason: ended.reason))
        }
        state.withLock { $0.hasLooked = true }
        forgetNoted()
    }

    // MARK: - Places

    private func place(of receiver: String, _ terms: [Store.SharingTerms], _ end: Int64) throws -> Place {
        if let known = state.withLock({ $0.receivers[receiver] }) { return known }
        let sequence = try view.forwarded(to: receiver) ?? start(of: terms, end)
        let place = Place(sequence: sequence, kept: sequence)
        state.withLock { $0.receivers[receiver] = place }
        return place
    }

    /// Where the first of the agreements was made, found in some twenty looks however long the log is; no later than where the log
    /// says that it holds.
    private func start(of terms: [Store.SharingTerms], _ end: Int64) throws -> Int64 {
        let made = terms.map(\.made).min() ?? Timestamp(milliseconds: 0)
        var low = max(try view.forwardedBefore(), try log.firstSequence() - 1)
        var high = max(low, terms.compactMap(\.began).min().map { min(end, $0) } ?? end)
        while low < high {
            let middle = low + (high - low) / 2
            guard let entry = try log.read(after: middle, limit: 1).first, entry.recorded < made else {
                high = middle
                continue
            }
            low = middle + 1
        }
        return low
    }

    private func move(_ receiver: String, to sequence: Int64, isKept: Bool) {
        state.withLock { state in
            state.receivers[receiver]?.sequence = sequence
            state.receivers[receiver]?.pause = RetryPause()
            if isKept { state.receivers[receiver]?.kept = sequence }
        }
    }

    // MARK: - Copying

    /// The next entries of the log. What the view has not taken, because it is not believed or stands there a second time, is
    /// without effect here too.
    private func read(after sequence: Int64, limit: Int, end: Int64) throws -> SharedStretch {
        let entries = try log.read(after: sequence, limit: min(limit, Int(end - sequence)))
        let taken = try view.taken(after: sequence, through: entries.last?.sequence ?? sequence)
        let trimmed = try view.base().sequence
        var stretch = SharedStretch()
        for entry in entries {
            let read = wire.admitted(entry)
            let isTaken = taken.contains(entry.sequence)
            stretch.events.append(isTaken ? read : read.distrusted)
            if !isTaken, entry.sequence <= trimmed, read.distrust == nil { stretch.ended.append(read) }
        }
        return stretch
    }

    /// Entries that were archived before they were copied; nil where none were.
    private func hole(before first: AdmittedEvent?, after sequence: Int64) -> String? {
        guard let found = first?.event.sequence, found > sequence + 1 else { return nil }
        return "entries \(sequence + 1) to \(found - 1) were archived before they were shared, and are not shared"
    }

    /// - Returns: whether there is more to do at once.
    private func serve(
        _ receiver: String, _ terms: [Store.SharingTerms], _ events: [AdmittedEvent], _ time: Time,
        _ outlet: TenantFeed.Outlet
    ) throws -> Bool {
        guard let last = events.last?.event.sequence else {
            move(receiver, to: time.end, isKept: false)
            return try withdraw(receiver, terms, time, outlet)
        }
        let (copies, shared) = try copies(of: events, terms)
        if !copies.isEmpty { try outlet(receiver, copies) }
        let kept = state.withLock { $0.receivers[receiver]?.kept ?? 0 }
        let isKept = !copies.isEmpty || last - kept >= Sharing.mostUnkept
        if isKept { try view.markForwarded(shared, to: receiver, through: last) }
        move(receiver, to: last, isKept: isKept)
        return try last < time.end || withdraw(receiver, terms, time, outlet)
    }

    private func copies(
        of events: [AdmittedEvent], _ terms: [Store.SharingTerms]
    ) throws -> (copies: [Event], shared: Set<Store.Shared>) {
        var copies: [Event] = []
        var shared: Set<Store.Shared> = []
        for admitted in events where admitted.distrust == nil && admitted.event.type.followsAlert {
            let event = admitted.event
            let holding = terms.filter { $0.holds(for: event) }.map(\.agreement)
            guard !holding.isEmpty else { continue }
            let realm = admitted.fact.realm(of: event).name
            let source = Forwarding.source(ofCopiesOf: event.speaker, from: tenant)
            func alarm(_ agreement: Agreement, _ subject: String) -> Store.Shared {
                Store.Shared(
                    agreement: agreement.id, subject: subject, realm: realm, source: source, speaker: event.speaker)
            }
            func isShared(_ agreement: Agreement, _ subject: String) throws -> Bool {
                let alarm = alarm(agreement, subject)
                return try shared.contains(alarm) || view.isShared(alarm)
            }
            let covering = try forwarding.covering(event, admitted.fact, among: holding, isShared: isShared)
            let copy = try forwarding.copy(event, under: covering) { subject in
                try terms.contains { try isShared($0.agreement, subject) }
            }
            guard let copy else { continue }
            copies.append(copy)
            for agreement in covering { shared.insert(alarm(agreement, event.subject ?? "")) }
        }
        return (copies, shared)
    }

    // MARK: - Taking back

    /// Takes back what is shared under agreements that are over, unless another that holds covers it too. An agreement under
    /// which nothing is shared any more is forgotten.
    ///
    /// - Returns: whether there is more.
    private func withdraw(
        _ receiver: String, _ terms: [Store.SharingTerms], _ time: Time, _ outlet: TenantFeed.Outlet
    ) throws -> Bool {
        var isMore = false
        let others = terms.filter { !$0.isOver(time) }.map(\.agreement)
        let overs = terms.filter { $0.isOver(time) }
        for over in overs {
            let alarms = try view.shared(under: over.agreement.id, limit: Sharing.mostWithdrawn)
            guard !alarms.isEmpty else {
                if over.began != nil { try forget(over.agreement.id) }
                continue
            }
            var held: Set<Store.Shared> = []
            var withdrawals: [Event] = []
            for alarm in alarms {
                let holders = try others.filter { try holds($0, alarm) }
                for holder in holders { held.insert(alarm.under(holder.id)) }
                // The last of several that are over takes it back.
                let isHeld = try overs.contains {
                    try $0.agreement.id != over.agreement.id && view.isShared(alarm.under($0.agreement.id))
                }
                guard holders.isEmpty, !isHeld else { continue }
                withdrawals.append(
                    try forwarding.withdrawal(
                        of: alarm, in: Realm(name: alarm.realm) ?? .actual, under: over.agreement,
                        reason: over.reason ?? over.agreement.expiry, now: time.now))
            }
            if !withdrawals.isEmpty { try outlet(receiver, withdrawals) }
            try view.forgetShared(alarms, noting: held)
            isMore = true
        }
        return isMore
    }

    private func forget(_ agreement: String) throws {
        try view.forgetSharing(agreement)
        forgetNoted()
    }

    /// Whether an alarm that was shared under another agreement is this one's too: because it was shared under it, or because
    /// it covers what the alarm is.
    private func holds(_ agreement: Agreement, _ alarm: Store.Shared) throws -> Bool {
        if try view.isShared(alarm.under(agreement.id)) { return true }
        guard let alert = try alert(of: alarm) else { return false }
        return agreement.covers(tool: alert.tool.code, kind: alert.kind)
    }

    /// What the view has of an alarm that was shared: the one of its source, where several have one under its subject.
    private func alert(of alarm: Store.Shared) throws -> Alert? {
        let realm = Realm(name: alarm.realm) ?? .actual
        guard alarm.speaker.isEmpty else {
            return try view.alert(named: alarm.subject, of: alarm.speaker, realm: realm)?.alert
        }
        // Of what an older version shared, only a source made of whose it is is known, or nothing.
        guard let first = try view.alert(subject: alarm.subject, realm: realm)?.alert else { return nil }
        let isOfSource =
            alarm.source.isEmpty || Forwarding.source(ofCopiesOf: first.source, from: tenant) == alarm.source
        return isOfSource ? first : nil
    }
}

extension Store.Shared {
    fileprivate func under(_ agreement: String) -> Store.Shared {
        var other = self
        other.agreement = agreement
        return other
    }
}

extension Store.SharingTerms {
    /// Whether all that it could share has been looked at.
    fileprivate func isOver(_ time: Sharing.Time) -> Bool {
        ended.map { $0 <= time.end } ?? !agreement.isInForce(at: time.folded)
    }
}

extension EventType {
    fileprivate var followsAlert: Bool { self == .alertRaised || self == .alertCleared || self == .alertCancelled }
}
