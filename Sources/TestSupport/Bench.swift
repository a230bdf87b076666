public import ControlRoom
public import Feed
private import Standards
public import Store

/// A feed on a real store, with the people of an embedded one.
public struct Bench {
    public let disk: TemporaryStore
    public let core: FeedCore
    public let clock = ManualClock(EventMaker.noon)

    public init(_ disk: TemporaryStore? = nil) throws {
        self.disk = try disk ?? TemporaryStore()
        core = Bench.core(on: self.disk.store)
    }

    public static func core(on store: Store) -> FeedCore {
        FeedCore(
            store: store, admitter: Admitter(identities: Identity.embedded(tenant: "t")),
            decode: { try CloudEventReader.kept($0) })
    }

    public func enqueue(_ events: [Event]) throws {
        try disk.store.enqueue(
            events.map { (id: $0.id, subject: $0.subject, event: CloudEventWriter.json($0)) }, now: clock.now)
    }

    /// Rounds until nothing is left to do at once; a feed that never rests is an error.
    public func rest() throws {
        for _ in 0..<1_000 where try !core.step(now: clock.now) { return }
        throw Restless()
    }

    public struct Restless: Error {}

    public func log(_ store: Store? = nil) throws -> [Event] {
        try (store ?? disk.store).read(after: 0, limit: 100_000)
    }

    /// Without what a feed says once, before everything else.
    public func log() throws -> [Event] { try log(nil).filter { $0.type != .actsBound } }

    public static let script = """
        {"id":"drill","title":"Drill","duration":"02:00","seed":5,"inject":[
        {"at":"00:00","subject":"FD","type":"tool.reported","data":{"state":"ok"},"repeat":{"every_s":9,"times":12,"jitter_s":4}},
        {"at":"00:10","subject":"a","type":"alert.raised","data":{"tool":"FD","severity":"high","headline":"h","stale_s":40}},
        {"at":"00:30","subject":"b","type":"alert.raised","data":{"tool":"UAD","severity":"low","headline":"h"},
        "repeat":{"every_s":7,"times":9,"jitter_s":3}},
        {"at":"01:00","subject":"b","type":"alert.cleared","data":{"reason":"over"}}]}
        """

    public static func drill() throws -> ExerciseScript {
        try JSONReader.read(Array(script.utf8)) { try ExerciseScript(reading: &$0) }
    }
}
