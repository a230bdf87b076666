import ControlRoom
import Feed
import HubCore
import SQLiteLog
import Standards
import Store
import Sync
import Synchronization
import Trust

/// One run of a city: consoles, hubs and a sensor over a network that loses, delays, doubles, re-orders and cuts, on machines
/// that die, with clocks that are off. One seed decides everything; after healing all must agree.
public final class Simulation {
    public let seed: UInt64
    private var chance: SeededChance
    private var now = Cast.start
    private let files: Cast.Files
    private let hubs: [SimulatedHub]
    private let consoles: [SimulatedConsole]
    private let sensor = SimulatedSensor()
    private let junk = SimulatedJunk()
    private var network = SimulatedNetwork()
    private let log: any EventLog
    private let closing: [() -> Void]
    private var isHealing = false
    /// A run of several days, in which what has served its time is forgotten.
    private let isLong: Bool

    public struct Failure: Error, CustomStringConvertible {
        public let seed: UInt64
        public let reason: String

        public var description: String {
            "seed \(seed): \(reason); replay: IMPETUS_SEED=\(seed) swift test --filter SimulationTests"
        }
    }

    /// How many entries of the log were no events.
    public var junkEntries: Int { junk.count }

    /// How many older events a console got that began with a snapshot.
    public var olderEvents: Int64 { consoles.reduce(0) { $0 + $1.filledUpTo } }

    private static let steps = 140
    private static let healingSteps = 4_000

    public init(seed: UInt64, plant: Plant? = nil) throws {
        guard let cast = Cast.shared else { throw Failure(seed: seed, reason: "no keys could be made") }
        self.seed = seed
        chance = SeededChance(seed: seed)
        let files = try Cast.Files(seed: seed)
        self.files = files
        let tenantLog = try files.log("log")
        let systemLog = try files.log("system")
        let isForgetful = chance.unit() < 0.3 || plant == .doubleApply
        let log: any EventLog = isForgetful ? ForgetfulLog(tenantLog) : tenantLog
        self.log = log
        isLong = chance.unit() < 0.3
        let isLate = chance.unit() < 0.35
        try Simulation.furnish(systemLog, cast, keptDays: isLong ? 1 : nil)
        hubs = try (0..<2).map { number in
            try SimulatedHub(number, cast: cast, files: files, log: log, system: systemLog, skew: Double(number) * 0.4)
        }
        var skews = chance
        consoles = try (0..<3).map { number in
            let off: Double = [0, 3, -250, 86_400, -86_400].randomElement(using: &skews) ?? 0
            return try SimulatedConsole(
                number, cast: cast, files: files, skew: off, isLate: number == 2 && isLate,
                plant: number == 0 ? plant : nil)
        }
        chance = skews
        closing =
            [tenantLog.close, systemLog.close] + hubs.map { $0.view.close }
            + consoles.map { one in { one.store.close() } }
    }

    private static func furnish(_ system: SQLiteLog, _ cast: Cast, keptDays: Int?) throws {
        let hub = cast.hubs[0]
        func said(_ id: String, _ type: EventType, _ write: (inout JSONWriter) -> Void) throws -> NewEntry {
            try SystemEvents.entry(
                id, type, JSONWriter.bytes(write), Cast.wire, signedBy: hub.key, now: Cast.start)
        }
        var entries = [
            try SystemEvents.introduction(
                of: hub.certificate, cast.secret, Cast.wire, signedBy: hub.key, now: Cast.start),
            try said("tenant", .tenantAdded, TenantAdded(tenant: Cast.tenant, title: "City").write),
        ]
        if keptDays != nil {
            let retention = RetentionSet(tenant: Cast.tenant, days: keptDays)
            entries.append(try said("retention", .retentionSet, retention.write))
        }
        for (index, person) in cast.people.enumerated() {
            let identity = person.certificate.identity
            let offer = EnrolmentOffered(
                codeHash: "code\(index)", identity: identity, until: Cast.start.adding(seconds: 86_400))
            let enrolled = IdentityEnrolled(
                identity: identity, keyID: person.certificate.keyID, certificate: try person.certificate.pem(),
                codeHash: "code\(index)")
            entries.append(try said("offer\(index)", .enrolmentOffered, offer.write))
            entries.append(try said("member\(index)", .identityEnrolled, enrolled.write))
        }
        _ = try system.append(entries, now: Cast.start)
    }

    deinit {
        for close in closing { close() }
        files.remove()
    }

    // MARK: - A run

    /// - Throws: `Failure` where the city does not come to agree.
    public func run() throws {
        for hub in hubs { try hub.start(now: now) }
        for console in consoles where !console.isLate { try start(console) }
        for _ in 0..<Simulation.steps { try step() }
        try heal()
        try Agreement(seed: seed, log: log, hubs: hubs, consoles: consoles, sensor: sensor, junk: junk.count).check()
    }

    private func step() throws {
        now = now.adding(seconds: chance.unit() * 0.8)
        // A quiet night.
        if isLong, chance.unit() < 0.05 { now = now.adding(seconds: chance.unit() * 50_000) }
        switch chance.unit() {
        case ..<0.18:
            sensor.report(&chance, now: now)
            try sendSensor()
        case ..<0.36:
            if let console = consoles.randomElement(using: &chance), console.isUp {
                try console.act(&chance, now: now)
                try feed(console, .outboxChanged)
            }
        case ..<0.40: try crashOrStart()
        case ..<0.44: cut()
        case ..<0.50: try sendSensor()
        case ..<0.52: try junk.put(into: log, &chance, now: now)
        default: break
        }
        try turn()
    }

    /// Everybody does what they can at this moment.
    private func turn() throws {
        for hub in hubs where isHealing || chance.unit() < 0.7 { try hub.step(now: now) }
        for console in consoles where console.isDue(now) { try feed(console, .timer) }
        for message in network.due(now, &chance, isHealing: isHealing) { try deliver(message) }
        for console in consoles { try pushStream(to: console) }
        guard isLong, let tidy = consoles.randomElement(using: &chance) else { return }
        _ = try tidy.store.backgroundStep(limit: 40)
    }

    private func crashOrStart() throws {
        let victim = Int(chance.unit() * 5)
        if victim < 2 {
            if hubs[victim].isUp { crash(hubs[victim]) } else { try hubs[victim].start(now: now) }
        } else {
            let console = consoles[victim - 2]
            // When there is something to begin with.
            if console.isLate, console.life == 0, chance.unit() < 0.8 { return }
            if console.isUp { console.crash() } else { try start(console) }
        }
    }

    /// Who comes late begins with a snapshot of a hub, where one is up.
    private func start(_ console: SimulatedConsole) throws {
        if console.isLate, console.life == 0, let hub = hubs.first(where: { $0.isUp }), let feed = hub.feed {
            try console.begin(with: feed)
        }
        try console.start(now: now, seed: chance.next())
    }

    /// Streams to it break; who waited for an answer gets none.
    private func crash(_ hub: SimulatedHub) {
        hub.crash()
        for console in consoles where console.stream?.hub == hub.number {
            network.send(.ended(console: console.number, stream: console.stream?.number ?? 0), at: now)
        }
    }

    private func cut() {
        guard let console = consoles.randomElement(using: &chance), let stream = console.stream else { return }
        network.send(.ended(console: console.number, stream: stream.number), at: now)
    }

    // MARK: - Over the network

    private func feed(_ console: SimulatedConsole, _ input: SyncMachine.Input) throws {
        for action in try console.feed(input, now: now) {
            switch action {
            case .open(let hub, let cursor):
                send(
                    .open(
                        console: console.number, life: console.life, hub: Int(hub) ?? 0, log: cursor?.logID,
                        after: cursor?.sequence ?? 0))
            case .post(let hub, let after, let resending):
                let waiting = try console.outgoing(after: after, resending: resending, &chance)
                guard let last = waiting.last?.position else {
                    try feed(console, .posted(upTo: after, more: false))
                    continue
                }
                send(
                    .post(console: console.number, life: console.life, hub: Int(hub) ?? 0, waiting, upTo: last))
            case .fill(let hub, let gap):
                send(
                    .fill(
                        console: console.number, life: console.life, hub: Int(hub) ?? 0, after: gap.after.sequence))
            default: break
            }
        }
    }

    private func send(_ message: SimulatedNetwork.Message) {
        network.send(message, at: now, &chance, isHealing: isHealing)
    }

    private func sendSensor() throws {
        for event in sensor.unconfirmed.prefix(5) {
            send(.report(event, hub: chance.unit() < 0.5 ? 0 : 1))
        }
    }

    private func deliver(_ message: SimulatedNetwork.Message) throws {
        switch message {
        case .open(let number, let life, let hub, let logID, let after):
            // Nobody is there any more to whom the stream would go.
            if consoles[number].life == life { try open(consoles[number], hubs[hub], logID, after) }
        case .post(let number, let life, let hub, let acts, let last):
            try post(consoles[number], life, hubs[hub], acts, last)
        case .answer(let number, let life, let acts, let rejected, let last):
            if consoles[number].life == life { try answered(consoles[number], acts, rejected, last) }
        case .fill(let number, let life, let hub, let after):
            try fill(consoles[number], life, hubs[hub], after)
        case .older(let number, let life, let events):
            if consoles[number].life == life { try feed(consoles[number], consoles[number].filled(with: events)) }
        case .lost(let number, let life, let request):
            let console = consoles[number]
            guard console.isUp, console.life == life else { return }
            switch request {
            case .stream: try feed(console, .closed(reason: "lost"))
            case .post: try feed(console, .postFailed(reason: "lost"))
            case .fill: try feed(console, .fillFailed(reason: "lost", isFinal: false))
            }
        case .ended(let number, let stream):
            let console = consoles[number]
            guard console.isUp, console.stream?.number == stream else { return }
            console.loseStream()
            try feed(console, .closed(reason: "cut"))
        case .report(let event, let hub): try report(event, hubs[hub])
        case .confirmed(let id): sensor.confirm(id)
        }
    }

    private func open(_ console: SimulatedConsole, _ hub: SimulatedHub, _ logID: String?, _ after: Int64) throws {
        guard console.isUp else { return }
        guard let feed = hub.feed else { return try self.feed(console, .closed(reason: "no hub")) }
        let id = try feed.log.logID
        guard logID == nil || logID == id else { return try self.feed(console, .refused(reason: "another log")) }
        _ = console.opened(hub.number, at: after)
        try self.feed(console, .opened(logID: id))
    }

    /// A stream is in order or it is cut; how much comes at once is chance.
    private func pushStream(to console: SimulatedConsole) throws {
        guard console.isUp, let stream = console.stream, let feed = hubs[stream.hub].feed else { return }
        guard isHealing || chance.unit() < 0.8 else { return }
        let entries = try feed.log.read(after: stream.place, limit: 1 + Int(chance.unit() * 12))
        guard let last = entries.last else {
            let end = try feed.log.lastSequence()
            return try self.feed(console, .heartbeat(hub: now.adding(seconds: hubs[stream.hub].skew), last: end))
        }
        console.moveStream(to: last.sequence)
        try self.feed(console, .received(entries.map { Cast.wire.admitted($0) }))
    }

    /// How many older events come at once is chance.
    private func fill(_ console: SimulatedConsole, _ life: Int, _ hub: SimulatedHub, _ after: Int64) throws {
        guard let feed = hub.feed else {
            return network.send(.lost(console: console.number, life: life, .fill), at: now)
        }
        let entries = try feed.log.read(after: after, limit: 1 + Int(chance.unit() * 12))
        send(.older(console: console.number, life: life, entries.map { Cast.wire.admitted($0) }))
    }

    private func post(
        _ console: SimulatedConsole, _ life: Int, _ hub: SimulatedHub, _ acts: [Store.Waiting], _ last: Int64
    ) throws {
        guard let central = hub.central else {
            return network.send(.lost(console: console.number, life: life, .post), at: now)
        }
        let events = try acts.map { try Cast.wire.decode($0.event) }
        let number = console.number
        let submitter = Submitter(
            identity: Cast.shared?.people[number].certificate.identity
                ?? Identity(actor: "", role: .sensor, tenant: Cast.tenant),
            keyID: Cast.shared?.people[number].certificate.keyID)
        let answers = Mutex<[SimulatedNetwork.Message]>([])
        central.submit(events, from: submitter, now: now) { result in
            guard case .success(let verdicts) = result else { return }
            var rejected: [String: String] = [:]
            for (event, verdict) in zip(events, verdicts) {
                if case .rejected(let reason, _) = verdict { rejected[event.id] = reason }
            }
            let answer = SimulatedNetwork.Message.answer(
                console: number, life: life, acts, rejected: rejected, upTo: last)
            answers.withLock { $0.append(answer) }
        }
        // The hub may die between taking the acts and writing them: then there is neither act nor answer.
        if isHealing || chance.unit() < 0.85 { try hub.step(now: now) } else { crash(hub) }
        let made = answers.withLock { $0 }
        if made.isEmpty { network.send(.lost(console: number, life: life, .post), at: now) }
        for answer in made { send(answer) }
    }

    private func answered(
        _ console: SimulatedConsole, _ acts: [Store.Waiting], _ rejected: [String: String], _ last: Int64
    ) throws {
        guard console.isUp else { return }
        var sent: [Int64] = []
        for act in acts {
            let id = try Cast.wire.decode(act.event).id
            if let reason = rejected[id] {
                try console.store.reject(act.position, reason: reason, isDenied: true)
            } else {
                sent.append(act.position)
            }
        }
        try console.store.markSent(sent)
        try feed(console, .posted(upTo: last, more: acts.count == 20))
    }

    private func report(_ event: Event, _ hub: SimulatedHub) throws {
        guard let central = hub.central else { return }
        let machine = Submitter(
            identity: Identity(actor: "sensor", role: .sensor, tenant: Cast.tenant), keyID: nil)
        let taken = Mutex(false)
        central.submit([event], from: machine, now: now) { result in
            if case .success = result { taken.withLock { $0 = true } }
        }
        if isHealing || chance.unit() < 0.9 { try hub.step(now: now) } else { crash(hub) }
        if taken.withLock({ $0 }) { send(.confirmed(event.id)) }
    }

    // MARK: - Healing

    private func heal() throws {
        isHealing = true
        network.heal()
        for hub in hubs where !hub.isUp { try hub.start(now: now) }
        for console in consoles where !console.isUp { try start(console) }
        var quiet = 0
        for _ in 0..<Simulation.healingSteps {
            now = now.adding(seconds: 0.3)
            try sendSensor()
            try turn()
            quiet = try isQuiet() ? quiet + 1 : 0
            // A heartbeat more, by which everybody knows the time.
            if quiet > 3 { return }
        }
        let states = try consoles.map {
            "\($0.number): \($0.machine.map { "\($0.status.state)" } ?? "down"), out \(try $0.store.waitingCount()), at \(try $0.store.cursor()?.sequence ?? 0)"
        }
        throw Failure(seed: seed, reason: "no rest; log \(try log.lastSequence()), \(states)")
    }

    private func isQuiet() throws -> Bool {
        guard sensor.unconfirmed.isEmpty else { return false }
        let end = try log.lastSequence()
        for hub in hubs where try hub.view.cursor()?.sequence ?? 0 != end { return false }
        for console in consoles {
            if try console.store.cursor()?.sequence ?? 0 != end || console.store.waitingCount() > 0 { return false }
            if try console.store.backFill() != nil { return false }
        }
        return true
    }
}
