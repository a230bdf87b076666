import ControlRoom
import Testing

@Suite("Hybrid logical time")
struct HybridTimeTests {
    @Test("the text sorts as the time does")
    func textSorts() {
        var chance = SeededChance(seed: 3)
        let times = (0..<2_000).map { _ in
            HybridTime(
                milliseconds: Int64.random(in: 0...9_999_999_999_999, using: &chance)
                    >> Int64.random(in: 0...40, using: &chance),
                counter: UInt16.random(in: 0 ... .max, using: &chance))
        }
        #expect(times.sorted().map(\.text) == times.map(\.text).sorted())
        #expect(times.allSatisfy { HybridTime($0.text) == $0 })
    }

    static let none = [
        "", "1795435200000", "1795435200000.", "1795435200000.00g0", "1795435200000.00FF", "+795435200000.0000",
        "-795435200000.0000", "1795435200000.+001", "1795435200000.00000", "179543520000.0000", "1795435200000.0000.0",
        " 795435200000.0000",
    ]

    @Test("what is no reading, or another spelling of one, is refused", arguments: none)
    func refuses(_ text: String) { #expect(HybridTime(text) == nil) }

    @Test("the next reading is later, whatever the wall clock does")
    func next() {
        var chance = SeededChance(seed: 4)
        var time = HybridTime(milliseconds: 1_000, counter: .max - 2)
        for _ in 0..<5_000 {
            let next = time.next(now: Timestamp(milliseconds: Int64.random(in: 0...3_000, using: &chance)))
            #expect(next > time)
            time = next
        }
    }

    @Test("another's reading is merged up to the limit, and no further")
    func merging() {
        let own = HybridTime(milliseconds: 1_000, counter: 5)
        let now = Timestamp(milliseconds: 2_000)
        let near = HybridTime(milliseconds: 62_000, counter: 9)
        #expect(own.merging(near, now: now) == HybridTime(milliseconds: 62_000, counter: 10))
        let far = HybridTime(milliseconds: 62_001, counter: 9)
        #expect(own.merging(far, now: now) == HybridTime(milliseconds: 2_000, counter: 0))
        #expect(own.merging(HybridTime(milliseconds: 1, counter: 0), now: Timestamp(milliseconds: 0)) > own)
    }
}
