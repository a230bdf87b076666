import ControlRoom
import Synchronization
import Testing

@testable import Hub

@Suite("Places at a hub")
struct ConnectionPlacesTests {
    private let start = Timestamp(milliseconds: 1_000_000)

    private func limits(most: Int = 8, ofOne: Int = 6) -> ConnectionPlaces.Limits {
        ConnectionPlaces.Limits(most: most, mostOfOne: ofOne, mostHandshakes: 10, handshakesOfOne: 4, own: 2)
    }

    /// Opens a connection whose handshake is finished.
    @discardableResult
    private func open(_ places: inout ConnectionPlaces, _ address: String, at now: Timestamp) -> (
        number: Int, hasPlace: Bool, goes: [Int]
    ) {
        let (number, _) = places.arrive(address, now: now)
        let (hasPlace, goes) = places.finish(number, now: now)
        return (number, hasPlace, goes)
    }

    @Test(
        "an address is remembered for an hour after the last request that was served, however long its connection is open"
    )
    func renewed() {
        let time = Mutex(start)
        let renewal = Renewal(now: { time.withLock { $0 } })
        var places = ConnectionPlaces(limits(most: 1))
        let number = open(&places, "a", at: start).number
        for second in stride(from: 0.0, through: 7_200, by: 20) {
            time.withLock { $0 = start.adding(seconds: second) }
            // Each request asks; once a minute it is looked at.
            let isDue = renewal.isDue()
            #expect(isDue == (second.truncatingRemainder(dividingBy: 60) == 0), "\(second)")
            if isDue { places.serve(number, now: start.adding(seconds: second)) }
        }
        open(&places, "b", at: start.adding(seconds: 7_300))
        // Its own place: nobody goes for it.
        let (_, hasPlace, goes) = open(&places, "a", at: start.adding(seconds: 7_300))
        #expect(hasPlace && goes.isEmpty)
    }

    @Test("of one address's unfinished handshakes the oldest goes, and nobody else's")
    func handshakesOfOne() {
        var places = ConnectionPlaces(limits())
        let other = places.arrive("b", now: start).number
        let first = (0..<4).map { _ in places.arrive("a", now: start).number }
        #expect(places.arrive("a", now: start).goes == [first[0]])
        #expect(places.arrive("a", now: start).goes == [first[1]])
        #expect(places.count == 5)
        #expect(places.finish(other, now: start).hasPlace)
    }

    @Test("of all unfinished handshakes the oldest goes, whosever it is")
    func handshakesOfAll() {
        var places = ConnectionPlaces(limits())
        let first = places.arrive("a", now: start).number
        for number in 0..<9 { #expect(places.arrive("x\(number)", now: start).goes.isEmpty) }
        #expect(places.arrive("y", now: start).goes == [first])
        #expect(places.count == 10)
    }

    @Test(
        "an address that served a member keeps its unfinished handshakes through any flood of others; after an hour no more"
    )
    func ownHandshakes() {
        for (seconds, isKept) in [(3_599.0, true), (3_601.0, false)] {
            var places = ConnectionPlaces(limits())
            places.serve(open(&places, "van", at: start).number, now: start)
            let later = start.adding(seconds: seconds)
            let mine = places.arrive("van", now: later).number
            for number in 0..<40 { _ = places.arrive("x\(number)", now: later) }
            #expect(places.finish(mine, now: later).hasPlace == isKept)
        }
    }

    @Test("where all places are taken, the oldest that showed no certificate goes; members stay")
    func full() {
        var places = ConnectionPlaces(limits())
        let members = (0..<3).map { _ in open(&places, "desk", at: start).number }
        for number in members { places.serve(number, now: start) }
        // Two of the members have their own places, one a shared one: seven are left for others.
        let strangers = (0..<7).map { open(&places, "s\($0)", at: start).number }
        let next = open(&places, "n", at: start)
        #expect(next.hasPlace && next.goes == [strangers[0]])
        #expect(open(&places, "m", at: start).goes == [strangers[1]])
    }

    @Test("where members have all places, a stranger is turned away, and a known address still gets in")
    func membersOnly() {
        var places = ConnectionPlaces(limits(most: 2))
        for name in ["a", "b"] {
            for _ in 0..<3 {
                let opened = open(&places, name, at: start)
                if opened.hasPlace { places.serve(opened.number, now: start) }
            }
        }
        #expect(!open(&places, "stranger", at: start).hasPlace)
        let count = places.count
        places.leave(1)
        #expect(places.count == count - 1)
        #expect(open(&places, "a", at: start).hasPlace)
    }

    @Test("one address has no more open connections than it may")
    func ofOne() {
        var places = ConnectionPlaces(limits())
        for _ in 0..<6 { #expect(open(&places, "a", at: start).hasPlace) }
        #expect(!open(&places, "a", at: start).hasPlace)
        #expect(open(&places, "b", at: start).hasPlace)
    }

    @Test("whatever comes and goes, the bounds hold and every place is given back", arguments: 0..<40)
    func random(seed: UInt64) {
        var (places, chance, now) = (ConnectionPlaces(limits()), SeededChance(seed: seed), start)
        var (waiting, open) = ([Int](), [Int]())
        for _ in 0..<2_000 {
            now = now.adding(seconds: chance.unit() * 100)
            let address = "a\(Int(chance.unit() * 6))"
            switch Int(chance.unit() * 4) {
            case 0:
                let (number, goes) = places.arrive(address, now: now)
                waiting.append(number)
                waiting.removeAll { goes.contains($0) }
            case 1:
                guard let number = waiting.randomElement(using: &chance) else { continue }
                let (hasPlace, goes) = places.finish(number, now: now)
                waiting.removeAll { $0 == number }
                if hasPlace { open.append(number) }
                open.removeAll { goes.contains($0) }
            case 2: if let number = open.randomElement(using: &chance) { places.serve(number, now: now) }
            default:
                guard let number = (open + waiting).randomElement(using: &chance) else { continue }
                places.leave(number)
                open.removeAll { $0 == number }
                waiting.removeAll { $0 == number }
            }
            #expect(places.count == open.count + waiting.count)
            // Six addresses: what all share, and two of each one's own; of unfinished ones four of each, and its own two.
            #expect(open.count <= 8 + 6 * 2 && waiting.count <= min(10, 6 * 4) + 6 * 2)
        }
        for number in (open + waiting) { places.leave(number) }
        #expect(places.count == 0)
    }
}
