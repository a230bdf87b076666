import ControlRoom
import TestSupport
import Testing

@Suite("Exercises")
struct ExerciseTests {
    static let json = """
        {"id":"drill","title":"Drill","duration":"01:40","seed":7,"inject":[
        {"at":"00:10","subject":"a","type":"alert.raised","data":{"tool":"FD","severity":"high","stale_s":30}},
        {"at":"00:00","subject":"UAD","type":"tool.reported","data":{"state":"ok"},
        "repeat":{"every_s":20,"times":9,"jitter_s":5}},
        {"at":"00:10","subject":"b","type":"alert.raised","data":{}}]}
        """

    private func script(_ json: String = ExerciseTests.json) throws -> ExerciseScript {
        try JSONReader.read(Array(json.utf8)) { try ExerciseScript(reading: &$0) }
    }

    /// Plays to the end in steps of so many seconds.
    private func play(_ player: inout ExercisePlayer, step: Double, from now: Timestamp = EventMaker.noon) -> [Event] {
        var (events, now) = (player.advance(to: now), now)
        while !player.isFinished {
            now = now.adding(seconds: step)
            events += player.advance(to: now)
        }
        return events
    }

    @Test("a script is read as it is written")
    func reading() throws {
        let script = try script()
        #expect(script.durationSeconds == 100 && script.seed == 7 && script.injects.count == 3)
        #expect(script.injects.first?.staleSeconds == 30 && script.injects[1].repeats?.times == 9)
    }

    @Test(
        "clocks that are none are refused",
        arguments: [
            "", "10", "1:60", "1:2:3", "nan:00", "1e9:00", "-1:00", "00:-5", "00: 1", ":10", "999999:00", "٣:00",
        ])
    func clocks(_ clock: String) {
        let json = ExerciseTests.json.replacing("01:40", with: clock)
        #expect(throws: JSONError.self) { try script(json) }
    }

    @Test("the plan is in order, keeps the first sends, and is the seed's alone")
    func plan() throws {
        let script = try script()
        let plan = script.plan(seed: 7)
        #expect(plan.map(\.atSeconds) == plan.map(\.atSeconds).sorted())
        #expect(plan == script.plan(seed: 7) && plan != script.plan(seed: 8))
        #expect(plan.filter { $0.atSeconds == 10 }.map(\.subject) == ["a", "b"])
        let repeats = plan.filter { $0.subject == "UAD" }.map(\.atSeconds)
        #expect(repeats.count == 5 || repeats.count == 6)
        for (index, at) in repeats.enumerated() { #expect(abs(at - Double(index) * 20) <= 5) }
        #expect(plan.allSatisfy { $0.atSeconds < script.durationSeconds })
    }

    @Test("however it is stepped, the same events come, once each", arguments: [0.05, 1, 7, 1_000])
    func stepping(_ step: Double) throws {
        var player = ExercisePlayer(script: try script(), run: "drill/1")
        let events = play(&player, step: step)
        #expect(events.map(\.id) == (0..<player.script.plan(seed: 7).count).map { "drill/1/\($0)" })
        #expect(events.allSatisfy { $0.exercise == "drill/1" })
        #expect(player.advance(to: EventMaker.noon.adding(seconds: 1e6)).isEmpty && player.secondsToNext == nil)
    }

    @Test("a pause stops the clock, and no time is caught up")
    func pause() throws {
        var player = ExercisePlayer(script: try script(), run: "r")
        _ = player.advance(to: EventMaker.noon)
        _ = player.advance(to: EventMaker.noon.adding(seconds: 5))
        player.pause()
        #expect(player.advance(to: EventMaker.noon.adding(seconds: 60)).isEmpty && player.elapsed == 5)
        #expect(player.secondsToNext == nil)
        player.resume()
        #expect(player.advance(to: EventMaker.noon.adding(seconds: 64)).isEmpty && player.elapsed == 9)
        #expect(player.advance(to: EventMaker.noon.adding(seconds: 65)).map(\.subject) == ["a", "b"])
    }

    @Test("speed hastens it within bounds, a clock that goes back does not turn it back")
    func speed() throws {
        var player = ExercisePlayer(script: try script(), run: "r")
        _ = player.advance(to: EventMaker.noon)
        player.setSpeed(10)
        #expect(player.advance(to: EventMaker.noon.adding(seconds: 1)).map(\.subject) == ["a", "b"])
        #expect(player.advance(to: EventMaker.noon.adding(seconds: -500)).isEmpty && player.elapsed == 10)
        player.setSpeed(1e9)
        #expect(player.speed == 60)
        player.setSpeed(0)
        #expect(player.speed == 0.5)
    }

    @Test("stale is counted in the time of the exercise")
    func stale() throws {
        var player = ExercisePlayer(script: try script(), run: "r", speed: 10)
        _ = player.advance(to: EventMaker.noon)
        let event = try #require(player.advance(to: EventMaker.noon.adding(seconds: 1)).first { $0.subject == "a" })
        guard case .alertRaised(let raised) = try Fact(of: event) else {
            Issue.record("no alert")
            return
        }
        #expect(raised.stale == EventMaker.noon.adding(seconds: 1 + 3))
    }

    @Test(
        "whoever goes on sends the same events, and none is left out",
        arguments: [0.0, 4, 9.99, 10, 10.01, 55, 99, 100])
    func goesOn(_ died: Double) throws {
        let script = try script()
        var first = ExercisePlayer(script: script, run: "r")
        _ = first.advance(to: EventMaker.noon)
        let before = first.advance(to: EventMaker.noon.adding(seconds: died)).map(\.id) + ["r/0"]
        // What it remembered of its place is up to five seconds old.
        var second = ExercisePlayer(script: script, run: "r", elapsed: max(0, died - 5))
        let after = play(&second, step: 1).map(\.id)
        #expect(Set(before + after) == Set((0..<script.plan(seed: 7).count).map { "r/\($0)" }))
    }

    @Test("time that is only held is not played")
    func hold() throws {
        var player = ExercisePlayer(script: try script(), run: "r")
        _ = player.advance(to: EventMaker.noon)
        player.hold(at: EventMaker.noon.adding(seconds: 50))
        #expect(player.advance(to: EventMaker.noon.adding(seconds: 52)).isEmpty && player.elapsed == 2)
    }

    @Test("the seed travels whole")
    func seed() throws {
        for seed in [UInt64(0), 9_007_199_254_740_993, UInt64(Int.max), .max] {
            let fact = ExerciseStarted(exercise: "x", title: "X", seed: seed, durationSeconds: 1)
            var make = EventMaker()
            let event = make.event(
                .exerciseStarted, "x", String(decoding: JSONWriter.bytes { fact.write(to: &$0) }, as: UTF8.self))
            guard case .exerciseStarted(let read) = try Fact(of: event) else { continue }
            #expect(read.seed == min(seed, UInt64(Int.max)))
        }
    }
}
