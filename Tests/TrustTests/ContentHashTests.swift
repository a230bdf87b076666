import ControlRoom
import TestSupport
import Testing
import Trust

@Suite("What an event says")
struct ContentHashTests {
    @Test("another value of any attribute, extension or data is another content")
    func others() {
        let whole = Variations.whole
        var seen: [ContentHash: String] = [ContentHash.of(whole): "the event itself"]
        var all = Variations.others(of: whole)
        for (name, change) in [
            ("id", { $0.id = "v2" }), ("source", { $0.source = "urn:other" }), ("tenant", { $0.tenant = "fire" }),
        ] as [(String, (inout Event) -> Void)] {
            var other = whole
            change(&other)
            all.append((name, other))
        }
        for (name, event) in all {
            let hash = ContentHash.of(event)
            #expect(seen[hash] == nil, "\(name) is as \(seen[hash] ?? "")")
            seen[hash] = name
        }
    }

    @Test("how it came does not count: signature, its key, who brought it, place and time in a log, base64")
    func same() {
        let whole = Variations.whole
        for (name, event) in Variations.same(as: whole) {
            #expect(ContentHash.of(event) == ContentHash.of(whole), "\(name)")
        }
        var recorded = whole
        (recorded.sequence, recorded.recorded) = (7, EventMaker.noon)
        #expect(ContentHash.of(recorded) == ContentHash.of(whole))
        let bytes = [false, true].map { base64 in
            var event = whole
            event.data = .bytes([0, 255], base64: base64)
            return ContentHash.of(event)
        }
        #expect(bytes[0] == bytes[1])
    }

    @Test("what stands in one attribute is not the same in the next, however it is divided")
    func divided() {
        func event(_ id: String, _ source: String, _ subject: String?, _ data: Event.Payload) -> ContentHash {
            ContentHash.of(
                Event(id: id, source: source, type: .observationRecorded, subject: subject, data: data))
        }
        let all = [
            event("a", "bc", nil, .none), event("ab", "c", nil, .none), event("a", "b", "c", .none),
            event("a", "b", nil, .json(Array("c".utf8))), event("a", "b", "", .none), event("a", "b", nil, .none),
            event("a", "b", nil, .json([])), event("a", "b", nil, .bytes([], base64: true)),
        ]
        #expect(Set(all).count == all.count)
    }

    @Test("the bytes that are hashed never change: two hubs, and files of years, must agree")
    func frozen() {
        #expect(ContentHash.of(Variations.whole).text == "1:817aa87c79de73cd6606b0f447e61ef5")
    }
}
