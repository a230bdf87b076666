import ControlRoom
import Store
import TestSupport
import Testing

/// Every type of event, by everybody who can say it, with each sight, of an alarm in each state.
@Suite("Seen before silenced")
struct LawTests {
    /// What may make an alarm quieter.
    struct Leave: Hashable, CustomStringConvertible {
        var name: String
        var voice: Voice
        var sight: Sight

        var description: String { "\(name) by \(voice), who saw \(sight.rawValue)" }
    }

    /// All that may: its own source, a rule by design that names what it saw, and whoever has the right and saw what there is.
    static let leaves: Set<Leave> = {
        let own = [
            "alert.cleared", "alert.cancelled", "alert.withdrawn", "alert.raised/stale", "alert.raised/replaces",
        ]
        let people: [(String, [Role])] = [
            ("alert.acknowledged", [.operator, .supervisor, .responder, .analyst]),
            ("alert.closed", [.operator, .supervisor, .analyst]), ("alert.reset", [.operator, .supervisor, .analyst]),
            ("alert.shelved", [.operator, .supervisor]), ("alert.removed_from_service", [.supervisor]),
            ("approval.granted", [.supervisor]),
            // Whose close it was: the alarm goes on acknowledged, as if nobody had closed it.
            ("act.undone/close", [.operator]),
        ]
        let acts = people.flatMap { name, roles in
            roles.map { Leave(name: name, voice: .person($0), sight: .right) }
        }
        // A rule that the feed carries out is about what stands: a number beyond it names that.
        let rules = [Sight.right, .yetToCome].map { Leave(name: "alert.suppressed", voice: .feed, sight: $0) }
        return Set(own.map { Leave(name: $0, voice: .own, sight: .nothing) } + acts + rules)
    }()

    @Test("every type of event has something to say in the walk, and somebody who says it")
    func complete() throws {
        let alert = Alert(
            subject: "a", tool: .fd, kind: "k", severity: .high, headline: "h", since: EventMaker.noon)
        for type in EventType.known {
            let sayings = Saying.all(type, of: alert, logEnd: 1)
            #expect(!sayings.isEmpty, "\(type.rawValue)")
            #expect(Voice.all.contains { $0.may(type) }, "\(type.rawValue)")
            for saying in sayings {
                let event = saying.event("a", by: .own)
                #expect(try Fact(of: event) != .unknown, "\(saying.name)")
            }
        }
    }

    @Test("the walk meets every state of an alarm")
    func reachesAll() throws {
        var reached: Set<AlertState> = []
        for state in AlarmStates.names {
            let disk = try TemporaryStore()
            var states = AlarmStates()
            try disk.ingest([LawWalk.bound] + states.events(state, "a"))
            let alert = try #require(try disk.store.alert(subject: "a", realm: .actual)?.alert)
            reached.insert(alert.state(at: Saying.now))
        }
        #expect(reached == Set(AlertState.allCases))
    }

    @Test("nothing makes an alarm quieter but what may", arguments: AlarmStates.names)
    func nothingElse(state: String) throws {
        for leave in try LawWalk(state).quieter() { #expect(LawTests.leaves.contains(leave), "\(state): \(leave)") }
    }

    @Test("each that may does so of some state")
    func eachDoes() throws {
        let found = try AlarmStates.names.reduce(into: Set<Leave>()) { found, state in
            found.formUnion(try LawWalk(state).quieter())
        }
        #expect(LawTests.leaves.subtracting(found).isEmpty)
    }

    @Test("a message that takes the place of an alarm waits in its stead, as severe", arguments: AlarmStates.names)
    func carriesOn(state: String) throws {
        let disk = try TemporaryStore()
        var states = AlarmStates()
        try disk.ingest([LawWalk.bound] + states.events(state, "a"))
        let before = try #require(try disk.store.alert(subject: "a", realm: .actual)?.alert)
        let saying = try #require(
            Saying.all(.alertRaised, of: before, logEnd: 1).first { $0.variant == "replaces" })
        try disk.ingest(saying.event("a", by: .own), at: Saying.now)
        let both = try ["a", "a/new"].map { try disk.store.alert(subject: $0, realm: .actual)?.alert }
        let after = both.map { Loudness(of: $0, at: Saying.now) }
        guard Loudness(of: before, at: Saying.now).waits else { return }
        #expect(after.contains { $0.waits && $0.severity ?? .info >= before.severity })
    }

    @Test("a trim forgets nothing that waits, also where somebody played an exercise without naming one")
    func trimmedAfterExercise() throws {
        let disk = try TemporaryStore()
        var make = EventMaker()
        try disk.ingest([make.raised("a"), make.cleared("a"), make.raised("last")])
        try disk.ingest([
            make.event(.exerciseStarted, "exercise/x", "{\"exercise\":\"x\"}"),
            make.event(.exerciseEnded, "exercise/x"),
        ])
        let trim = LogTrimmed(through: 3, head: "00", recorded: EventMaker.noon)
        try disk.ingest(make.event(.logTrimmed, "log", String(decoding: JSONWriter.bytes(trim.write), as: UTF8.self)))
        #expect(try disk.state("a") == .rtnUnacknowledged)
    }
}

/// One store with an alarm in a state for everything that can be said of it.
struct LawWalk {
    private struct Step {
        var subject: String
        var leave: LawTests.Leave
        var event: Event
    }

    /// From here on acts name what their authors saw.
    static let bound = Event(
        id: "acts-bound", source: Event.feedSource, type: .actsBound, subject: "log", time: EventMaker.noon,
        data: .json(Array("{}".utf8)))

    private let disk: TemporaryStore
    private let state: String
    private var states = AlarmStates()

    init(_ state: String) throws {
        self.state = state
        disk = try TemporaryStore()
        try disk.ingest(LawWalk.bound)
    }

    /// All that made an alarm quieter, by whom, and what they had seen.
    func quieter() throws -> Set<LawTests.Leave> {
        var walk = self
        let steps = try walk.prepare()
        let before = try loudness()
        try disk.ingest(steps.map(\.event), at: Saying.now)
        let after = try loudness()
        var found = Set(
            steps.filter { step in
                let silence = Loudness(of: nil, at: Saying.now)
                return (after[step.subject] ?? silence).isQuieter(than: before[step.subject] ?? silence)
            }.map(\.leave))
        found.formUnion(try trimmed(after))
        return found
    }

    /// An alarm for each thing, and what is to be said of it.
    private mutating func prepare() throws -> [Step] {
        let sample = try self.sample()
        var (steps, events): ([Step], [Event]) = ([], [])
        for type in EventType.known where type != .logTrimmed {
            for voice in Voice.all where voice.may(type) {
                for number in Saying.all(type, of: sample, logEnd: 0).indices {
                    let subject = "s\(steps.count)"
                    var alert = sample
                    alert.subject = subject
                    let saying = Saying.all(type, of: alert, logEnd: 0)[number]
                    let leave = LawTests.Leave(name: saying.name, voice: voice, sight: saying.sight)
                    steps.append(Step(subject: subject, leave: leave, event: saying.event(subject, by: voice)))
                    events += states.events(state, subject)
                }
            }
        }
        try disk.ingest(events, at: AlarmStates.raised)
        return steps
    }

    /// What everybody sees.
    private mutating func sample() throws -> Alert {
        try disk.ingest(states.events(state, "sample"), at: AlarmStates.raised)
        let line = try disk.store.alert(subject: "sample", realm: .actual)
        return try #require(line).alert
    }

    /// A trim of the whole log touches all alarms at once.
    private func trimmed(_ before: [String: Loudness]) throws -> Set<LawTests.Leave> {
        let alert = Alert(
            subject: "log", tool: .fd, kind: "", severity: .info, headline: "", since: EventMaker.noon)
        let sayings = Saying.all(.logTrimmed, of: alert, logEnd: try disk.store.lastSequence())
        try disk.ingest(sayings.map { $0.event("log", by: .feed) }, at: Saying.now)
        let after = try loudness()
        let silence = Loudness(of: nil, at: Saying.now)
        let isQuieter = before.contains { (after[$0.key] ?? silence).isQuieter(than: $0.value) }
        return isQuieter ? [LawTests.Leave(name: "log.trimmed", voice: .feed, sight: .nothing)] : []
    }

    private func loudness() throws -> [String: Loudness] {
        let lines = try disk.store.allAlerts(afterRow: 0, limit: 100_000).filter { $0.realm == .actual }
        return Dictionary(
            lines.map { ($0.line.alert.subject, Loudness(of: $0.line.alert, at: Saying.now)) }, uniquingKeysWith: { $1 }
        )
    }
}
