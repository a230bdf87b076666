import ControlRoom
import TestSupport
import Testing

@testable import Hub

@Suite("Lines of syslog that wait for the rate of their sender")
struct PutOffLinesTests {
    private var lines: PutOffLines
    private let noisy = SyslogPeer.plain(address: "10.0.0.1")
    private let quiet = SyslogPeer.plain(address: "10.0.0.2")

    init() { lines = PutOffLines(.init(linesOfOne: 6, bytesOfOne: 600, lines: 10, bytes: 1_000)) }

    private func line(_ alarm: String, _ id: String, bytes: Int = 10) -> PutOffLines.Line {
        PutOffLines.Line(
            event: Event(
                id: id, source: "urn:syslog:a", type: .alertRaised, subject: alarm, time: EventMaker.noon,
                data: .json(Array("{}".utf8))), bytes: bytes)
    }

    /// - Returns: how many lines were given up.
    @discardableResult
    private mutating func add(_ range: Range<Int>, _ alarm: (Int) -> String, of peer: SyslogPeer) -> Int {
        range.reduce(0) { $0 + lines.add(line(alarm($1), "\($1)"), of: peer) }
    }

    private mutating func takeAll(_ peer: SyslogPeer) -> [String] {
        lines.take(.max, of: peer.name).map(\.event.id)
    }

    @Test("come again in their order, those that were sent back once more before all others")
    mutating func order() {
        #expect(add(0..<5, { "a\($0)" }, of: noisy) == 0)
        let taken = lines.take(3, of: noisy.name)
        #expect(taken.map(\.event.id) == ["0", "1", "2"])
        lines.putBack(Array(taken.dropFirst()), of: noisy)
        #expect(lines.senders.map(\.name) == [noisy.name] && takeAll(noisy) == ["1", "2", "3", "4"])
        #expect(lines.count == 0 && lines.senders.isEmpty)
    }

    @Test(
        "of a sender that has too many the last word of an alarm takes the place of the one before, or the oldest goes")
    mutating func merged() {
        add(0..<6, { "a\($0 % 3)" }, of: noisy)
        // The last that waits of a1 is line 4.
        #expect(lines.add(line("a1", "new"), of: noisy) == 1)
        #expect(lines.add(line("a9", "other"), of: noisy) == 1)
        #expect(takeAll(noisy) == ["1", "2", "3", "new", "5", "other"])
    }

    @Test("a long line makes room for itself among its sender's alone")
    mutating func bytes() {
        add(0..<2, { "a\($0)" }, of: quiet)
        add(0..<5, { "a\($0)" }, of: noisy)
        #expect(lines.add(line("b", "long", bytes: 580), of: noisy) == 3)
        #expect(takeAll(noisy) == ["3", "4", "long"] && takeAll(quiet) == ["0", "1"])
    }

    @Test("a longer line takes the place of the one before, and more go where the bytes are too many")
    mutating func longer() {
        add(0..<6, { "a\($0)" }, of: noisy)
        #expect(lines.add(line("a5", "long", bytes: 570), of: noisy) == 3)
        #expect(lines.bytes == 600 && takeAll(noisy) == ["2", "3", "4", "long"])
    }

    @Test("where all together have too many, whoever has most gives up a line for whoever has less than a share")
    mutating func fair() {
        add(0..<6, { "a\($0)" }, of: noisy)
        add(0..<4, { "b\($0)" }, of: quiet)
        #expect(lines.count == 10)
        // Less than a share: the other's oldest goes.
        #expect(add(4..<5, { "b\($0)" }, of: quiet) == 1)
        #expect(lines.count(of: noisy.name) == 5 && lines.count(of: quiet.name) == 5)
        // A share: its own.
        #expect(add(5..<6, { "b\($0)" }, of: quiet) == 1)
        #expect(takeAll(quiet) == ["1", "2", "3", "4", "5"] && takeAll(noisy) == ["1", "2", "3", "4", "5"])
    }

    @Test("stay within their bounds, and none is lost without being counted", arguments: 1...20)
    mutating func bounded(seed: UInt64) {
        var chance = SeededChance(seed: seed)
        let peers = (0..<4).map { SyslogPeer.plain(address: "10.0.0.\($0)") }
        var (added, givenUp, taken) = (0, 0, 0)
        for number in 0..<2_000 {
            let peer = peers[Int(chance.next() % 4)]
            switch chance.next() % 8 {
            case 0: taken += lines.take(Int(chance.next() % 4), of: peer.name).count
            case 1:
                let some = lines.take(2, of: peer.name)
                lines.putBack(some, of: peer)
            case 2 where chance.next() % 16 == 0: givenUp += lines.drop(peer.name)
            default:
                added += 1
                let bytes = Int(chance.next() % 300)
                givenUp += lines.add(line("a\(chance.next() % 5)", "\(number)", bytes: bytes), of: peer)
                #expect(lines.bytes <= 1_000)
            }
            #expect(lines.count <= 10 && peers.allSatisfy { lines.count(of: $0.name) <= 6 })
            #expect(added == givenUp + taken + lines.count)
        }
        #expect(givenUp > 100 && taken > 20)
    }
}
