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
    /// Everybody takes what one source says for the word of another.
    case foreignCounts
    /// Everybody takes a critical alarm for a low one.
    case loweredForAll

    /// The law that it breaks for everybody alike, so that no comparison finds it; nil where it is one console's mistake.
    public var law: String? {
        switch self {
        case .lostOutboxRow, .doubleApply, .ackWithoutSeverity: nil
        case .foreignCounts: "law 3"
        case .loweredForAll: "law 1"
        }
    }
}

extension Plant {
    /// How everybody reads the log.
    static func wire(_ plant: Plant?) -> Wire {
        guard let plant, plant.law != nil else { return Cast.wire }
        return Wire(
            decode: { plant.misread(try CloudEventReader.kept($0)) }, encode: { CloudEventWriter.json($0) })
    }

    private func misread(_ event: Event) -> Event {
        var event = event
        if self == .foreignCounts, event.source == Cast.sources[1] { event.source = Cast.sources[0] }
        if self == .loweredForAll, event.type == .alertRaised, event.source == Cast.sources[0] {
            let text = String(decoding: event.data.bytes, as: UTF8.self)
            event.data = .json(Array(text.replacing("\"critical\"", with: "\"low\"").utf8))
        }
        return event
    }
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
    private(set) var acts: [Act] = []
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
        certificate = cast.people[number].certificate
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

    /// Something that the person at this console did.
    struct Act {
        var id: String
        var type: EventType
        var subject: String
        /// Up to where of the log was on the screen.
        var seen: Int64
        /// There was no connection to any hub.
        var isOffline: Bool
    }

    func record(_ type: EventType, _ subject: String, _ data: [UInt8], now: Timestamp) throws {
        made += 1
        var event = Event(
            id: "act-\(number)-\(made)", source: "urn:impetus:console", type: type, subject: subject, time: here(now),
            data: .json(data))
        event.actor = identity.actor
        event.tenant = Cast.tenant
        event.occurred = try store.tick(now: here(now))
        try cast.people[number].key.sign(&event)
        let seen = try store.cursor()?.sequence ?? 0
        try store.enqueue([(id: event.id, subject: subject, event: CloudEventWriter.json(event))], now: here(now))
        acts.append(Act(id: event.id, type: type, subject: subject, seen: seen, isOffline: stream == nil))
    }

    var identity: Identity { cast.people[number].certificate.identity }

    /// What it shows a hub.
    private(set) var certificate: MemberCertificate

    func take(_ renewed: MemberCertificate) { certificate = renewed }

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
