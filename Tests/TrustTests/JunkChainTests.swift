import ControlRoom
import Testing
import Trust

@Suite("An entry in the chain that is no event")
struct JunkChainTests {
    private static func entry(_ sequence: Int64, _ body: [UInt8]) -> LogEntry {
        LogEntry(sequence: sequence, recorded: Timestamp(milliseconds: 5), body: body)
    }

    @Test("has a digest of its bytes and its place")
    func digest() {
        let junk = JunkEntry(JunkChainTests.entry(7, [1, 2]))
        #expect(junk.digest == "a12871fee210fb8619291eaea194581cbd2531e4b23759d225f6806923f63222" && junk.bytes == 2)
        let digests = [
            junk, JunkEntry(JunkChainTests.entry(8, [1, 2])), JunkEntry(JunkChainTests.entry(7, [1, 3])),
            JunkEntry(JunkChainTests.entry(7, [])),
            JunkEntry(sequence: 7, digest: junk.digest, bytes: 3),
        ].map { LogChain.digest(of: $0) }
        #expect(Set(digests).count == digests.count && digests.allSatisfy { $0.count == 32 })
    }

    @Test("has the same place in the chain whatever kind it is told to be, and keeps its kind where it travels")
    func kinds() throws {
        let entry = JunkChainTests.entry(7, [1, 2])
        let (junk, unproved) = (JunkEntry(entry), JunkEntry(entry, kind: .unproved))
        #expect(LogChain.digest(of: junk) == LogChain.digest(of: unproved) && junk != unproved)
        #expect(try JunkEntry(json: unproved.json) == unproved && JunkEntry(json: junk.json) == junk)
        #expect("\(unproved)" == "entry 7 bears no hub's word: 2 bytes")
    }

    /// The bytes over which an event is hashed begin with its sequence, whose first bit is 0 in every log; those of junk with
    /// eight bytes of ones.
    @Test("never has the bytes of an event", arguments: [1, 255, 1 << 40, Int64.max])
    func domain(sequence: Int64) {
        var event = Event(id: "a", source: "s", type: .alertRaised)
        event.sequence = sequence
        let bytes = EventDigest.chained(event, sequence: sequence, recorded: Timestamp(milliseconds: 0))
        #expect(bytes[0] < 0x80)
        // Somebody chooses the bytes of the event for the bytes of the junk.
        let junk = JunkEntry(JunkChainTests.entry(sequence, bytes))
        #expect(LogChain.digest(of: junk) != LogChain.digest(of: event))
    }

    @Test("is read from what was written of it, and nothing out of its bounds is")
    func bounds() throws {
        let junk = JunkEntry(JunkChainTests.entry(7, [1, 2]))
        #expect(try JunkEntry(json: junk.json) == junk)
        let hash = junk.digest
        for text in [
            "{}", "[]", "{\"sequence\":\"0\",\"digest\":\"\(hash)\",\"bytes\":2}",
            "{\"sequence\":\"-1\",\"digest\":\"\(hash)\",\"bytes\":2}",
            "{\"sequence\":\"7\",\"digest\":\"\(hash)\",\"bytes\":-2}",
            "{\"sequence\":\"7\",\"digest\":\"\(hash)\"}", "{\"sequence\":\"7\",\"digest\":\"abc\",\"bytes\":2}",
            "{\"sequence\":\"7\",\"digest\":\"\(hash.uppercased())\",\"bytes\":2}",
        ] { #expect(throws: JSONError.self, "\(text)") { try JunkEntry(json: Array(text.utf8)) } }
    }
}
