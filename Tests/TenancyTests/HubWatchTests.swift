import ControlRoom
import TestSupport
import Testing

@testable import Tenancy

@Suite("What hubs that share a log say of consoles")
struct HubWatchTests {
    private var register = Register()

    private func at(_ seconds: Double) -> Timestamp { EventMaker.noon.adding(seconds: seconds) }

    private mutating func say(_ state: HubWatch.State?, _ place: String, at seconds: Double, serves: Bool = true) {
        let watch = state.map { HubWatch(tenant: "t", state: $0) }
        let fact = HubFollowed(place: place, through: 7, serves: serves, watch: watch)
        #expect(register.apply(.hubFollowed(fact), at: at(seconds)) == .none)
    }

    @Test("holds for ten minutes, until it is taken back, or until the hub stops")
    mutating func holds() {
        say(.watched, "a:1", at: 0)
        #expect(register.watches.isWatched("t", but: "b:1", at: at(599)))
        #expect(!register.watches.isWatched("t", but: "b:1", at: at(600)))
        #expect(!register.watches.isWatched("t", but: "a:1", at: at(1)))
        #expect(!register.watches.isWatched("other", but: "b:1", at: at(1)))
        say(.unwatched, "a:1", at: 10)
        #expect(!register.watches.isWatched("t", but: "b:1", at: at(11)))
        #expect(register.watches.word(of: "a:1", on: "t", at: at(11))?.state == .unwatched)
        say(.watched, "a:1", at: 20)
        say(nil, "a:1", at: 21, serves: false)
        #expect(register.watches.word(of: "a:1", on: "t", at: at(22)) == nil)
    }

    @Test("of two that want to run the command the first in the log does, as long as its word holds")
    mutating func first() {
        say(.escalating, "b:1", at: 0)
        say(.escalating, "a:1", at: 1)
        #expect(register.watches.escalator(of: "t", at: at(2)) == "b:1")
        say(.escalating, "b:1", at: 300)
        say(.escalating, "a:1", at: 650)
        #expect(register.watches.escalator(of: "t", at: at(651)) == "b:1")
        say(.escalating, "a:1", at: 901)
        #expect(register.watches.escalator(of: "t", at: at(902)) == "a:1")
        say(.unwatched, "a:1", at: 903)
        #expect(register.watches.escalator(of: "t", at: at(904)) == nil)
    }

    @Test("is no word on how far a hub has followed, and goes through JSON whole")
    mutating func json() throws {
        say(.watched, "a:1", at: 0)
        #expect(register.hubs.isEmpty)
        let word = HubFollowed(
            place: "a:1", through: 3, serves: true, watch: HubWatch(tenant: "t", state: .escalating))
        var event = Event(
            id: "1", source: "s", type: .hubFollowed, subject: "system", time: at(0),
            data: .json(JSONWriter.bytes(word.write)))
        #expect(try Fact(of: event) == .hubFollowed(word))
        // A state of a later version is no word.
        event.data = .json(Array(#"{"place":"a:1","through":3,"serves":true,"tenant":"t","watch":"later"}"#.utf8))
        #expect(try Fact(of: event) == .hubFollowed(HubFollowed(place: "a:1", through: 3, serves: true)))
    }
}
