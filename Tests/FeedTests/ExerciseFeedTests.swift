import ControlRoom
import Feed
import GRDB
import Store
import TestSupport
import Testing

@Suite("The exercise in the feed")
struct ExerciseFeedTests {
    private func play(_ bench: Bench, step: Double = 1, for seconds: Double = 130) throws {
        for _ in 0..<Int(seconds / step) {
            bench.clock.advance(step)
            try bench.rest()
        }
    }

    private func alerts(_ store: Store) throws -> [Alert] {
        try store.allAlerts(afterRow: 0, limit: 999).map(\.line.alert)
    }

    @Test("the same seed ends in the same store, event by event and row by row")
    func deterministic() throws {
        let benches = try (0..<2).map { _ in try Bench() }
        for bench in benches {
            try bench.core.start(Bench.drill(), run: "drill/1", speed: 1, now: bench.clock.now)
            try play(bench)
        }
        #expect(try benches[0].log() == benches[1].log() && benches[0].log().count > 20)
        #expect(try alerts(benches[0].disk.store) == alerts(benches[1].disk.store))
        let plan = try Bench.drill().plan(seed: 5)
        let played = try benches[0].log().filter { $0.source == "urn:impetus:exercise:drill" }.map(\.id)
        #expect(Set(played) == Set(plan.indices.map { "drill/1/\($0)" } + ["drill/1/started", "drill/1/ended"]))
        #expect(try benches[0].disk.store.latestExercise()?.ended != nil && benches[0].core.player == nil)
        #expect(try benches[0].disk.store.totals(.actual, now: EventMaker.noon, midnight: EventMaker.noon).total == 0)
    }

    @Test("whatever the steps, the same events come in the same order", arguments: [0.25, 7, 200])
    func steps(_ step: Double) throws {
        let bench = try Bench()
        try bench.core.start(Bench.drill(), run: "drill/1", speed: 1, now: bench.clock.now)
        try play(bench, step: step, for: 400)
        let injects = try bench.log().filter { $0.source.hasSuffix("drill") }.map(\.id)
        #expect(
            injects == ["drill/1/started"] + (try Bench.drill().plan(seed: 5).indices.map { "drill/1/\($0)" }) + [
                "drill/1/ended"
            ])
    }

    @Test("pause, speed and end")
    func orders() throws {
        let bench = try Bench()
        try bench.core.start(Bench.drill(), run: "drill/1", speed: 1, now: bench.clock.now)
        bench.core.pause()
        try play(bench, for: 300)
        #expect(bench.core.player?.elapsed == 0)
        bench.core.resume()
        bench.core.setSpeed(10)
        try play(bench, for: 3)
        #expect(bench.core.player?.elapsed == 30)
        try bench.core.endExercise(now: bench.clock.now)
        let count = try bench.log().count
        try bench.core.endExercise(now: bench.clock.now)
        #expect(try bench.core.player == nil && bench.log().count == count && bench.log().last?.type == .exerciseEnded)
        try bench.core.start(Bench.drill(), run: "drill/2", speed: 1, now: bench.clock.now)
        #expect(try bench.disk.store.latestExercise()?.name == "drill/2")
    }

    @Test("to start another ends the first; a run that nobody plays is ended, once")
    func abandoned() throws {
        let bench = try Bench()
        try bench.core.start(Bench.drill(), run: "drill/1", speed: 1, now: bench.clock.now)
        bench.clock.advance(5)
        try bench.core.start(Bench.drill(), run: "drill/2", speed: 1, now: bench.clock.now)
        #expect(try bench.log().filter { $0.type == .exerciseEnded }.map(\.exercise) == ["drill/1"])
        let fresh = Bench.core(on: bench.disk.store)
        let run = try #require(try bench.disk.store.latestExercise())
        for _ in 0..<2 { try fresh.endAbandoned(run, now: bench.clock.now) }
        #expect(try bench.disk.store.latestExercise()?.ended == bench.clock.now)
    }

    @Test("whoever takes over goes on without doubles and leaves nothing out", arguments: [0.0, 9, 10, 33, 64, 119])
    func takeOver(_ died: Double) throws {
        let bench = try Bench()
        try bench.core.start(Bench.drill(), run: "drill/1", speed: 1, now: bench.clock.now)
        try play(bench, for: died)
        let second = Bench.core(on: try bench.disk.again())
        second.resume(try Bench.drill(), run: "drill/1", elapsed: max(0, died - 5), speed: 1)
        for _ in 0..<140 {
            bench.clock.advance(1)
            while try second.step(now: bench.clock.now) {}
        }
        let injects = try bench.log().filter { $0.source.hasSuffix("drill") }.map(\.id)
        #expect(injects.count == Set(injects).count)
        #expect(
            Set(injects)
                == Set(
                    try Bench.drill().plan(seed: 5).indices.map { "drill/1/\($0)" } + [
                        "drill/1/started", "drill/1/ended",
                    ]))
    }

    @Test("while nothing can be kept the exercise waits, and nothing is lost")
    func waits() throws {
        let bench = try Bench()
        let queue = try DatabaseQueue(path: bench.disk.path)
        try bench.core.start(Bench.drill(), run: "drill/1", speed: 1, now: bench.clock.now)
        try play(bench, for: 9)
        try queue.write {
            try $0.execute(sql: "CREATE TRIGGER full BEFORE INSERT ON events BEGIN SELECT RAISE(ABORT, 'full'); END")
        }
        let before = try bench.log().count
        var failures = 0
        for _ in 0..<600 {
            bench.clock.advance(1)
            do { try bench.rest() } catch is StoreError { failures += 1 }
        }
        let elapsed = try #require(bench.core.player?.elapsed)
        #expect(failures > 100 && elapsed < 15)
        #expect(try bench.log().count == before)
        try queue.write { try $0.execute(sql: "DROP TRIGGER full") }
        bench.clock.advance(1)
        try bench.rest()
        #expect(try #require(bench.core.player?.elapsed) <= elapsed + 1)
        try play(bench)
        let injects = try bench.log().filter { $0.source.hasSuffix("drill") }.map(\.id)
        #expect(
            injects == ["drill/1/started"] + (try Bench.drill().plan(seed: 5).indices.map { "drill/1/\($0)" }) + [
                "drill/1/ended"
            ])
    }

    @Test("acts that cannot be kept stay in the outbox, and the exercise waits for them as well")
    func outboxWaits() throws {
        let bench = try Bench()
        var make = EventMaker()
        try bench.core.start(Bench.drill(), run: "drill/1", speed: 1, now: bench.clock.now)
        let queue = try DatabaseQueue(path: bench.disk.path)
        try queue.write {
            try $0.execute(sql: "CREATE TRIGGER full BEFORE INSERT ON events BEGIN SELECT RAISE(ABORT, 'full'); END")
        }
        try bench.enqueue([make.raised("a")])
        for _ in 0..<100 {
            bench.clock.advance(1)
            #expect(throws: StoreError.self) { try bench.core.step(now: bench.clock.now) }
        }
        #expect(try bench.disk.store.waitingCount() == 1 && bench.core.player?.elapsed == 0)
        try queue.write { try $0.execute(sql: "DROP TRIGGER full") }
        try bench.rest()
        #expect(try bench.disk.store.waitingCount() == 0 && bench.disk.state("a") == .unacknowledged)
        bench.clock.advance(1)
        try bench.rest()
        #expect(bench.core.player?.elapsed == 1)
    }

    @Test("on a store that was closed a step fails, and the player stays where it is")
    func closed() throws {
        let bench = try Bench()
        try bench.core.start(Bench.drill(), run: "drill/1", speed: 1, now: bench.clock.now)
        bench.disk.store.close()
        bench.clock.advance(60)
        #expect(throws: (any Error).self) { try bench.core.step(now: bench.clock.now) }
        #expect(bench.core.player?.elapsed == 0)
    }
}
