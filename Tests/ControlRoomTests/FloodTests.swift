import ControlRoom
import TestSupport
import Testing

@Suite("A flood")
struct FloodTests {
    @Test("begins with more than ten in ten minutes and is over below five")
    func bounds() {
        var minutes = Array(repeating: 0, count: 60)
        for minute in 30..<40 { minutes[minute] = 1 }
        #expect(Flood.goingOn(minutes, last: 59) == nil)
        // Eleven within ten minutes.
        minutes[39] = 2
        let flood = Flood.goingOn(Array(minutes[..<40]), last: 39)
        #expect(flood == Flood(start: Timestamp(milliseconds: 30 * 60_000), total: 11, recent: 11))
        // Five are left of them in the tenth minutes before; four a minute later.
        #expect(Flood.goingOn(Array(minutes[..<46]), last: 45)?.recent == 5)
        #expect(Flood.goingOn(Array(minutes[..<47]), last: 46) == nil)
        #expect(Flood.goingOn([], last: 0) == nil && Flood.goingOn([11], last: 7)?.total == 11)
    }

    @Test("is found as by adding up ten minutes at every minute", arguments: 1...50)
    func agrees(seed: UInt64) {
        var chance = SeededChance(seed: seed)
        let minutes = (0..<200).map { _ in chance.next() % 3 == 0 ? Int(chance.next() % 6) : 0 }
        var start: Int?
        for minute in minutes.indices {
            let sum = minutes[max(0, minute - 9)...minute].reduce(0, +)
            if start == nil, sum > 10 { start = (max(0, minute - 9)...minute).first { minutes[$0] > 0 } }
            if start != nil, sum < 5 { start = nil }
            let found = Flood.goingOn(Array(minutes[...minute]), last: Int64(minute))
            #expect(found?.start.milliseconds == start.map { Int64($0) * 60_000 })
            #expect(found?.recent ?? sum == sum)
        }
    }
}
