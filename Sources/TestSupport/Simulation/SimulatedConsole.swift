import ControlRoom
import Feed
import HubCore
import Standards
import Store
import Sync
import Trust

/// Mistakes that can be planted, to see that the simulation finds them.
public enum Plant: String, CaseIterable, Sendable {
    /// An act is marked as sent that was not.
    case lostOutboxRow
    /// An event counts a second time when it comes a second time.
    case doubleApply
    /// An acknowledgement silences whatever severity it did not see.
    case ackWithoutSeverity
}

/// A console: the real machine on a real store, with a clock of its own, that can die at any step.
final class SimulatedConsole {
    let number: Int
    private(set) var store: Store
    let skew: Double
    /// Started in the middle of the run, with a snapshot.
    let isLate: Bool
    private let files: Cast.Files
    private let cast: Cast
    private let plant: Plant?
    private(set) var machine: SyncMachine?
    private(set) var acts: [String] = []
    /// Which hub its stream is open to, up to where it was given, and which number the stream has.
    private(set) var stream: (hub: Int, place: Int64, number: Int)?
    private var streams = 0
    /// How often it was started: what is addressed to an earlier life reaches nobody.
    private(set) var life = 0
    private var wakes = Timestamp(milliseconds: 0)
    private var made = 0

    init(_ number: Int, cast: Cast, files: Cast.Files, skew: Double, isLate: Bool, plant: Plant?) throws {
        self.isLate = isLate
        self.files = files
        self.number = number
        self.cast = cast
        self.skew = skew
        self.plant = plant
        store = try files.store("console-\(number)")
    }

    var isUp: Bool { machine != nil }

    func here(_ now: Timestamp) -> Timestamp { now.adding(seconds: skew) }

    func start(now: Timestamp, seed: UInt64) throws {
        life += 1
        let knownMembers = KnownMembers(authority: cast.authority.certificate, known: try store.identities())
        machine = SyncMachine(
            hubs: ["0", "1"], cursor: try store.cursor(), backFill: try store.backFill(), seed: seed, now: here(now),
            makeVerifier: { LogVerifier(knownMembers: knownMembers, from: $0) })
        wakes = here(now)
    }

    /// A store made of a hub's snapshot, with its last few events alone.
    func begin(with feed: TenantFeed) throws {
        while try feed.view.backgroundStep() {}
        let name = "console-\(number)-late"
        try feed.view.copy(to: files.folder + "/" + name, floor: feed.floor(keeping: 6))
        store.close()
        store = try files.store(name)
    }

    /// Where the older events ended that came behind a snapshot; 0 where there was nothing to wish for.
    private(set) var filledUpTo: Int64 = 0

    /// Keeps older events; what is to be said to the machine.
    func filled(with events: [AdmittedEvent]) throws -> SyncMachine.Input {
        guard let gap = try store.backFill() else { return .filled(nil) }
        do {
            let left = try store.fill(read: events, in: gap)
            if left == nil { filledUpTo = gap.floor.sequence }
            return .filled(left)
        } catch let fault as FillFault {
            return .fillFailed(reason: "\(fault)", isFinal: true)
        }
    }

    func crash() {
        machine = nil
        stream = nil
    }

    // MARK: - A person

    /// Does something with an alert, as it stands on this console's screen.
    func act(_ chance: inout SeededChance, now: Timestamp) throws {
        let page = try store.alerts(AlertQuery(realm: .actual, filter: AlertFilter(show: .all)), at: .start, limit: 20)
        guard let line = page.lines.randomElement(using: &chance) else { return }
        let alert = line.alert
        let seen = AlertAcknowledged(occurrence: alert.occurrence, severity: alert.latchedSeverity, note: nil)
        let judged = AlertAssessed(
            occurrence: alert.occurrence, severity: alert.latchedSeverity, verdict: .confirmed, disposition: .some,
            note: nil)
        switch Int(chance.unit() * 9) {
        case 0, 1, 2: try record(.alertAcknowledged, alert.subject, JSONWriter.bytes(seen.write), now: now)
        case 3: try record(.alertClosed, alert.subject, JSONWriter.bytes(judged.write), now: now)
        case 5:
            let shelf = AlertShelved(
                until: now.adding(seconds: 1 + chance.unit() * 20), reason: nil,
                seen: Seen(occurrence: alert.occurrence, severity: alert.latchedSeverity))
            try record(.alertShelved, alert.subject, JSONWriter.bytes(shelf.write), now: now)
        case 7: try record(.alertTaken, alert.subject, Array("{}".utf8), now: now)
        case 8:
            let wish = ApprovalRequested(
                wish: .removeFromService, severity: alert.latchedSeverity, occurrence: alert.occurrence,
                reason: "works")
            try record(.approvalRequested, alert.subject, JSONWriter.bytes(wish.write), now: now)
        case 4: try record(.alertAssessed, alert.subject, JSONWriter.bytes(judged.write), now: now)
        default:
            let actor = cast.people[number].certificate.identity.actor
            guard let last = try store.undoable(by: actor, realm: .actual, limit: 1).first else { return }
            let fact = ActUndone(act: last.id, type: last.type)
            try record(.actUndone, last.subject ?? "", JSONWriter.bytes(fact.write), now: now)
        }
    }

    private func record(_ type: EventType, _ subject: String, _ data: [UInt8], now: Timestamp) throws {
        made += 1
        let person = cast.people[number]
        var event = Event(
            id: "act-\(number)-\(made)", source: "urn:impetus:console", type: type, subject: subject, time: here(now),
            data: .json(data))
        event.actor = person.certificate.identity.actor
        event.tenant = Cast.tenant
        event.occurred = try store.tick(now: here(now))
        try person.key.sign(&event)
        try store.enqueue([(id: event.id, subject: subject, event: CloudEventWriter.json(event))], now: here(now))
        acts.append(event.id)
    }

    // MARK: - The shell around the machine

    /// Tells the machine what happened; returns what is to go over the network.
    func feed(_ input: SyncMachine.Input, now: Timestamp) throws -> [SyncMachine.Action] {
        let actions = machine?.handle(input, now: here(now)) ?? []
        var outward: [SyncMachine.Action] = []
        for action in actions {
            switch action {
            case .keep(let kept, let cursor): try keep(kept, cursor)
            case .close: stream = nil
            case .wake(let time): wakes = time
            case .tell: break
            case .open, .post, .fill: outward.append(action)
            }
        }
        return outward
    }

    func isDue(_ now: Timestamp) -> Bool { isUp && here(now) >= wakes }

    private func keep(_ kept: [AdmittedEvent], _ cursor: Store.Cursor) throws {
        let events = kept.map { read in
            read.junk == nil
                ? AdmittedEvent(fromLog: planted(read.event), distrust: read.distrust, digest: read.digest) : read
        }
        _ = try store.ingest(mirrored: events, to: cursor)
    }

    private func planted(_ event: Event) -> Event {
        var event = event
        switch plant {
        case .doubleApply where event.type == .alertRaised:
            // A duplicate that is not known as one.
            event.id += "/\(event.sequence ?? 0)"
        case .ackWithoutSeverity where event.type == .alertAcknowledged:
            event.data = .json(Array("{\"occurrence\":1000,\"severity\":\"critical\"}".utf8))
        default: break
        }
        return event
    }

    func opened(_ hub: Int, at place: Int64) -> Int {
        streams += 1
        stream = (hub, place, streams)
        return streams
    }

    func moveStream(to place: Int64) { stream?.place = place }

    func loseStream() { stream = nil }

    /// What the outbox holds for a hub; a planted mistake forgets one.
    func outgoing(after: Int64, resending: Bool, _ chance: inout SeededChance) throws -> [Store.Waiting] {
        let waiting = try store.unsettled(after: after, limit: 20, resending: resending)
        guard plant == .lostOutboxRow, let first = waiting.first, chance.unit() < 0.3 else { return waiting }
        try store.reject(first.position, reason: "", isDenied: false)
        forgotten.insert(first.position)
        return Array(waiting.dropFirst())
    }

    private(set) var forgotten: Set<Int64> = []
}
