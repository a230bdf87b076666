import ControlRoom
import Feed
import HubCore
import SQLiteLog
import Standards
import Store
import Sync
import Synchronization
import Trust

/// One run of a city: consoles, hubs and sensors over a network that loses, delays, doubles, re-orders and cuts, on machines
/// that die, with clocks that are off. One seed decides everything; after healing all must agree, and the laws must hold.
public final class Simulation {
    public let seed: UInt64
    var chance: SeededChance
    var now = Cast.start
    let cast: Cast
    let files: Cast.Files
    let hubs: [SimulatedHub]
    let consoles: [SimulatedConsole]
    /// The second says other things under the same subjects.
    let sensors = [
        SimulatedSensor("sensor-0", source: Cast.sources[0]), SimulatedSensor("sensor-1", source: Cast.sources[1]),
    ]
    private let junk = SimulatedJunk()
    var network = SimulatedNetwork()
    let logs: SimulatedHub.Logs
    let wire: Wire
    private let closing: [() -> Void]
    var isHealing = false
    let kind: Kind
    /// Whose certificate was revoked on the way.
    var revoked: SimulatedConsole?
    /// How many agreements were made, and ended.
    var agreements = (made: 0, ended: 0)
    public internal(set) var happened = Happenings()

    /// What sets one run apart from others.
    struct Kind {
        /// The log knows a name only for a while.
        var isForgetful = false
        /// Several days, in which what has served its time is forgotten.
        var isLong = false
        /// A console comes late.
        var isLate = false
        /// The certificates of people end in the middle of it.
        var isTerm = false
        /// Somebody's certificate is revoked in the middle of it.
        var isRevoking = false
        /// Another tenant is told of alarms under agreements.
        var isShared = false
    }

    public struct Failure: Error, CustomStringConvertible {
        public let seed: UInt64
        public let reason: String

        public var description: String {
            "seed \(seed): \(reason); replay: IMPETUS_SEED=\(seed) swift test --filter SimulationTests"
        }
    }

    private static let steps = 140
    private static let healingSteps = 4_000

    public init(seed: UInt64, plant: Plant? = nil) throws {
        guard let cast = Cast.shared else { throw Failure(seed: seed, reason: "no keys could be made") }
        self.seed = seed
        self.cast = cast
        var chance = SeededChance(seed: seed)
        let files = try Cast.Files(seed: seed)
        self.files = files
        var kind = Kind(isForgetful: chance.unit() < 0.3 || plant == .doubleApply)
        kind.isLong = chance.unit() < 0.25
        kind.isLate = chance.unit() < 0.35
        kind.isTerm = !kind.isLong && chance.unit() < 0.25
        kind.isRevoking = chance.unit() < 0.25
        kind.isShared = !kind.isLong && chance.unit() < 0.15
        self.kind = kind
        let wire = Plant.wire(plant)
        self.wire = wire
        let tenantLog = try files.log("log")
        let systemLog = try files.log("system")
        let receiverLog = kind.isShared ? try files.log("receiver-log") : nil
        let logs = SimulatedHub.Logs(
            city: kind.isForgetful ? ForgetfulLog(tenantLog) : tenantLog, receiver: receiverLog, system: systemLog)
        self.logs = logs
        try Simulation.furnish(systemLog, cast, kind)
        hubs = try (0..<2).map { number in
            try SimulatedHub(
                number, cast: cast, files: files, logs: logs, wire: wire, skew: Double(number) * 0.4)
        }
        consoles = try (0..<3).map { number in
            let off: Double = [0, 3, -250, 86_400, -86_400].randomElement(using: &chance) ?? 0
            return try SimulatedConsole(
                number, cast: cast, files: files, skew: off, isLate: number == 2 && kind.isLate,
                plant: number == 0 ? plant : nil)
        }
        // The certificates end while the city is in trouble.
        if kind.isTerm, let ends = cast.people.first?.certificate.ends {
            now = ends.adding(seconds: -10 - chance.unit() * 40)
        }
        self.chance = chance
        closing =
            [tenantLog.close, systemLog.close] + (receiverLog.map { [$0.close] } ?? [])
            + hubs.flatMap { [$0.view.close] + ($0.receiverView.map { [$0.close] } ?? []) }
            + consoles.map { one in { one.store.close() } }
    }

    deinit {
        for close in closing { close() }
        files.remove()
    }

    // MARK: - A run

    /// - Throws: `Failure` where the city does not come to agree, or a law does not hold.
    public func run() throws {
        for hub in hubs { try hub.start(now: now) }
        for console in consoles where !console.isLate { try start(console) }
        for _ in 0..<Simulation.steps { try step() }
        try heal()
        happened = try Agreement(self, junk: junk.count).check()
    }

    private func step() throws {
        now = now.adding(seconds: chance.unit() * 0.8)
        // A quiet night.
        if kind.isLong, chance.unit() < 0.05 { now = now.adding(seconds: chance.unit() * 50_000) }
        switch chance.unit() {
        case ..<0.18: try report()
        case ..<0.36:
            if let console = consoles.randomElement(using: &chance), console.isUp {
                try console.act(&chance, now: now)
                try feed(console, .outboxChanged)
            }
        case ..<0.40: try crashOrStart()
        case ..<0.44: cut()
        case ..<0.50: try sendSensors()
        case ..<0.52: try junk.put(into: logs.city, &chance, now: now)
        case ..<0.56: try govern()
        default: break
        }
        try turn()
    }

    private func report() throws {
        let sensor = sensors[chance.unit() < 0.65 ? 0 : 1]
        sensor.report(&chance, now: now)
        // Once the other has used its source, that is nobody else's.
        if !sensors[0].confirmed.isEmpty, chance.unit() < 0.05 {
            sensors[1].forge(sensors[0].source, &chance, now: now)
        }
        try sendSensors()
    }

    /// Everybody does what they can at this moment.
    private func turn() throws {
        for hub in hubs where isHealing || chance.unit() < 0.7 {
            try hub.step(now: now, followsSystem: isHealing || chance.unit() < 0.2)
        }
        for console in consoles where console.isDue(now) { try feed(console, .timer) }
        for message in network.due(now, &chance, isHealing: isHealing) { try deliver(message) }
        for console in consoles { try pushStream(to: console) }
        guard kind.isLong, let tidy = consoles.randomElement(using: &chance) else { return }
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
    func crash(_ hub: SimulatedHub) {
        hub.crash()
        for console in consoles where console.stream?.hub == hub.number {
            network.send(.ended(console: console.number, stream: console.stream?.number ?? 0), at: now)
        }
    }

    private func cut() {
        guard let console = consoles.randomElement(using: &chance), let stream = console.stream else { return }
        network.send(.ended(console: console.number, stream: stream.number), at: now)
    }

    // MARK: - Healing

    private func heal() throws {
        isHealing = true
        network.heal()
        for sensor in sensors { sensor.release() }
        for hub in hubs where !hub.isUp { try hub.start(now: now) }
        for console in consoles where !console.isUp { try start(console) }
        var quiet = 0
        for _ in 0..<Simulation.healingSteps {
            now = now.adding(seconds: 0.3)
            try sendSensors()
            try renewWhoIsLate()
            try turn()
            quiet = try isQuiet() ? quiet + 1 : 0
            // A heartbeat more, by which everybody knows the time.
            if quiet > 3 { return }
        }
        let states = try consoles.map {
            "\($0.number): \($0.machine.map { "\($0.status.state)" } ?? "down"), out \(try $0.store.waitingCount()), at \(try $0.store.cursor()?.sequence ?? 0)"
        }
        throw Failure(seed: seed, reason: "no rest; log \(try logs.city.lastSequence()), \(states)")
    }

    private func isQuiet() throws -> Bool {
        guard sensors.allSatisfy(\.isQuiet) else { return false }
        let end = try logs.city.lastSequence()
        for hub in hubs where try !hub.isQuiet(end) { return false }
        for console in consoles {
            // What a revoked member did since goes nowhere.
            let isSettled = try console.number == revoked?.number || console.store.waitingCount() == 0
            guard try isSettled && console.store.cursor()?.sequence ?? 0 == end else { return false }
            if try console.store.backFill() != nil { return false }
        }
        return true
    }
}
