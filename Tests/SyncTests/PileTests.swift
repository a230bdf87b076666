import ControlRoom
import Feed
import Store
import Synchronization
import Testing

@testable import Sync

@Suite("What is read and not yet taken")
struct PileTests {
    private func events(_ range: Range<Int>) -> HubClient.Piece {
        .events(
            range.map { number in
                var event = Event(id: "e\(number)", source: "s", type: EventType(rawValue: "x"))
                event.sequence = Int64(number)
                return LogVerifier.read(event)
            })
    }

    private static func numbers(_ pieces: [HubClient.Piece]) -> [Int64] {
        pieces.flatMap { piece -> [Int64] in
            if case .events(let events) = piece { events.compactMap(\.event.sequence) } else { [] }
        }
    }

    @Test("one takes at a time, from the first piece until nothing is left")
    func one() {
        let pile = Pile()
        #expect(pile.add([events(1..<3)], bytes: 10))
        #expect(!pile.add([events(3..<4)], bytes: 10))
        #expect(PileTests.numbers(pile.take() ?? []) == [1, 2, 3])
        // While it is worked off, what comes waits for the same one.
        #expect(!pile.add([events(4..<6)], bytes: 10))
        #expect(pile.count == 2)
        #expect(PileTests.numbers(pile.take() ?? []) == [4, 5])
        #expect(pile.take() == nil)
        #expect(pile.add([events(6..<7)], bytes: 10))
    }

    private final class Taken: Sendable {
        let numbers = Mutex([Int64]())
    }

    @Test("keeps the order under load, and holds up whoever reads too fast")
    func order() async {
        let pile = Pile()
        let taken = Taken()
        var working: Task<Void, Never>?
        for start in stride(from: 0, to: 20_000, by: 10) {
            if pile.add([events(start..<start + 10)], bytes: 100_000) {
                let before = working
                working = Task { [taken] in
                    await before?.value
                    while let pieces = pile.take() {
                        taken.numbers.withLock { $0.append(contentsOf: PileTests.numbers(pieces)) }
                        await Task.yield()
                    }
                }
            }
            await pile.room()
            #expect(pile.count <= Pile.most / 100_000 * 10 + 10)
        }
        await working?.value
        #expect(taken.numbers.withLock { $0 } == (0..<20_000).map { Int64($0) })
    }
}
