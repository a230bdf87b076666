import ControlRoom
import Tenancy
import TestSupport
import Testing

@testable import Hub

@Suite("What a hub tells others of its consoles")
struct SharedWatchTests {
    private let start = EventMaker.noon
    private var watch = SharedWatch()

    private func at(_ seconds: Double) -> Timestamp { start.adding(seconds: seconds) }

    private func look(
        _ seconds: Double, unwatched: Double? = nil, waits: Bool = true, isUnwatched: Bool = false,
        said: (HubWatch.State, Double)? = nil, elsewhere: Bool = false
    ) -> SharedWatch.Look {
        SharedWatch.Look(
            unwatchedSince: unwatched.map(at), waits: waits, isUnwatched: isUnwatched,
            said: said.map { HubWatches.Word(state: $0.0, said: at($0.1)) }, isWatchedElsewhere: elsewhere,
            now: at(seconds))
    }

    @Test("nothing while nothing waits; while a console is open and an alarm waits, one word in five minutes")
    func watched() {
        #expect(watch.word(look(0, waits: false)) == nil)
        #expect(watch.word(look(0)) == .watched)
        #expect(watch.word(look(299, said: (.watched, 0))) == nil)
        #expect(watch.word(look(300, said: (.watched, 0))) == .watched)
        // A console comes to the hub that runs the command.
        #expect(watch.word(look(10, said: (.escalating, 0))) == .watched)
    }

    @Test("a console that connects anew within half a minute is not taken back")
    func flapping() {
        #expect(watch.word(look(39, unwatched: 10, said: (.watched, 0))) == nil)
        #expect(watch.word(look(40, unwatched: 10, said: (.watched, 0))) == .unwatched)
        #expect(watch.word(look(41, unwatched: 10, said: (.unwatched, 40))) == nil)
        #expect(watch.word(look(41, unwatched: 10)) == nil)
    }

    @Test("who runs the command says so as long as something is due")
    func escalating() {
        #expect(watch.word(look(299, unwatched: 0, isUnwatched: true, said: (.escalating, 0))) == nil)
        #expect(watch.word(look(300, unwatched: 0, isUnwatched: true, said: (.escalating, 0))) == .escalating)
        #expect(watch.word(look(300, unwatched: 0, isUnwatched: false, said: (.escalating, 0))) == nil)
    }

    @Test("nobody watches since the last console of any hub has gone")
    mutating func since() {
        #expect(watch.unwatchedSince(look(10, unwatched: 0)) == at(0))
        #expect(watch.unwatchedSince(look(20)) == nil)
        #expect(watch.unwatchedSince(look(100, unwatched: 30, elsewhere: true)) == nil)
        #expect(watch.unwatchedSince(look(110, unwatched: 30)) == at(100))
        #expect(watch.unwatchedSince(look(300, unwatched: 200)) == at(200))
    }
}
