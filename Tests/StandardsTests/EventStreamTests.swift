import Standards
import Testing

@Suite("Server-sent events with a type")
struct EventStreamTests {
    private func items(_ text: String) throws -> [EventStreamReader.Item] {
        var (reader, items) = (EventStreamReader(), [EventStreamReader.Item]())
        try reader.read(Array(text.utf8)) { items.append($0) }
        return items
    }

    @Test("are told from plain messages, and the type holds for one event alone")
    func typed() throws {
        var bytes: [UInt8] = []
        EventStream.write(id: "log:1", type: "junk", data: Array("a".utf8), to: &bytes)
        EventStream.write(id: "log:2", data: Array("b".utf8), to: &bytes)
        #expect(
            try items(String(decoding: bytes, as: UTF8.self)) == [
                .typed("junk", id: "log:1", data: Array("a".utf8)), .event(id: "log:2", data: Array("b".utf8)),
            ])
    }

    @Test("a type without data is no event and is forgotten; message is the name of a plain one")
    func empty() throws {
        #expect(
            try items("event: junk\n\ndata: a\n\nevent: message\ndata: b\n\n") == [
                .event(id: "", data: Array("a".utf8)), .event(id: "", data: Array("b".utf8)),
            ])
    }
}
