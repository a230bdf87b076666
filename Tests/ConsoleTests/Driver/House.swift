import Cities
import Console
import ControlRoom
import Feed
import Foundation
import Standards
import Store

/// One store with its feed and a clock that moves only when a test moves it; any number of consoles look at it.
final class House {
    let store: Store
    let core: FeedCore
    let pack: CityPack
    private(set) var now: Timestamp
    /// While it is down, acts wait in the outbox.
    var feedRuns = true
    var zone = ZoneTable.italy
    let folder: URL
    private var sessions: [Weak] = []
    private var raised = 0

    /// All stores of this run; gone with it, those included that live until its end.
    private static let folder: URL = {
        atexit { try? FileManager.default.removeItem(at: House.folder) }
        let name = "impetus-houses-\(ProcessInfo.processInfo.processIdentifier)"
        return FileManager.default.temporaryDirectory.appendingPathComponent(name)
    }()

    private struct Weak { weak var session: Session? }

    /// Saturday afternoon in Padova: 14:03:21 local time.
    static let opening = Timestamp(milliseconds: 1_795_266_201_000)

    init(city: String? = "padova", at now: Timestamp = House.opening) throws {
        self.now = now
        folder = House.folder.appendingPathComponent(UUID().uuidString)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        store = try Store(path: folder.path + "/store.sqlite", makeLogID: { "test-log" })
        pack = try CityPack.load(Repository.path("Sources/Cities/Packs/" + (city ?? "padova")))
        core = FeedCore(
            store: store, admitter: Admitter(identities: Identity.embedded(tenant: pack.city.tenant)),
            decode: { try CloudEventReader.kept($0) })
        if city != nil { _ = try store.ingest(try pack.definitions.map { try AdmittedEvent($0) }, now: now) }
    }

    deinit {
        store.close()
        try? FileManager.default.removeItem(at: folder)
    }

    func join(_ session: Session) { sessions.append(Weak(session: session)) }

    private var present: [Session] { sessions.compactMap(\.session) }

    // MARK: - What happens outside

    /// Events as they come from sensors; consoles hear of it as of any write.
    func ingest(_ events: [Event]) throws {
        _ = try store.ingest(try events.map { try AdmittedEvent($0) }, now: now)
        try tell()
    }

    func event(
        _ type: EventType, _ subject: String, exercise: String? = nil, millisecondsLater: Int = 0,
        _ write: (inout JSONWriter) -> Void
    ) -> Event {
        raised += 1
        let time = Timestamp(milliseconds: now.milliseconds + Int64(millisecondsLater))
        var event = Event(
            id: "outside/\(raised)", source: "urn:test", type: type, subject: subject, time: time,
            data: .json(JSONWriter.bytes { $0.object(write) }))
        event.exercise = exercise
        return event
    }

    // MARK: - Time

    /// Moves the clock second by second, with a round of the feed and a tick of every console in each.
    func wait(_ seconds: Int) throws {
        for _ in 0..<seconds { try playUnseen(1) }
    }

    /// Lets the feed play on without anybody looking.
    func playUnseen(_ seconds: Int) throws {
        for _ in 0..<seconds {
            now = now.adding(seconds: 1)
            try round()
        }
        for session in present { try session.send(.tick(now)) }
        try tell()
    }

    /// Hours in which nothing comes: the feed looks before and after.
    func leap(_ seconds: Int) throws {
        now = now.adding(seconds: Double(seconds) - 1)
        try playUnseen(1)
    }

    /// Time in which nobody writes: consoles hear the clock and no change notice.
    func pass(_ seconds: Int) throws {
        now = now.adding(seconds: Double(seconds))
        for session in present { try session.send(.tick(now)) }
    }

    /// What the feed does with what waits, and what its authors hear of it.
    func settle() throws {
        try round()
        for session in present { try session.hearSettlements() }
        try tell()
    }

    private func round() throws {
        guard feedRuns else { return }
        for _ in 0..<1_000 where try core.step(now: now) {}
    }

    /// A change notice and the state of the feed, as the shell gives them.
    func tell() throws {
        let exercise = core.player.map {
            ExerciseStatus(
                run: $0.run, title: $0.script.title, elapsed: $0.elapsed, duration: $0.script.durationSeconds,
                speed: $0.speed, paused: $0.isPaused)
        }
        let status = FeedStatus(
            state: feedRuns ? .live : .offline(since: House.opening), heard: now, outbox: try store.waitingCount(),
            exercise: feedRuns ? exercise : nil)
        for session in present {
            try session.send(.feed(status))
            try session.send(.changed)
        }
    }

    // MARK: - The exercise

    static let run = "crowd-at-signori/test"

    func startExercise(named run: String = House.run) throws {
        guard let script = pack.exercises.first else { return }
        try core.start(script, run: run, speed: 1, now: now)
        try tell()
    }

    func carryOut(_ order: ExerciseOrder) throws {
        switch order {
        case .start: try startExercise(named: "crowd-at-signori/again")
        case .end: try core.endExercise(now: now)
        case .pause: core.pause()
        case .resume: core.resume()
        case .speed(let speed): core.setSpeed(speed)
        }
        try tell()
    }
}

extension ZoneTable {
    /// The clock changes of 2026, as Italy has them.
    static let italy = ZoneTable(periods: [
        Period(start: 1_761_440_400, offset: 3_600, abbreviation: "CET"),
        Period(start: 1_774_746_000, offset: 7_200, abbreviation: "CEST"),
        Period(start: 1_792_890_000, offset: 3_600, abbreviation: "CET"),
    ])
}

/// Where this repository lies, told by where this file does.
enum Repository {
    static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent()

    static func path(_ relative: String) -> String { root.appendingPathComponent(relative).path }
}
