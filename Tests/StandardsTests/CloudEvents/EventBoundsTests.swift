import ControlRoom
import Testing

@testable import Standards

@Suite("What a source says at length is shortened, and not refused")
struct EventBoundsTests {
    private func event(_ id: String = "1", subject: String = "s", type: String, data: String) throws -> Event {
        try CloudEventReader.event(
            Array(
                """
                {"specversion": "1.0", "id": "\(id)", "source": "urn:x", "type": "\(type)", "subject": "\(subject)", \
                "data": \(data)}
                """.utf8))
    }

    private func raised(_ more: String = "", id: String = "1", subject: String = "s") throws -> Event {
        let data = "{\"tool\": \"FD\", \"kind\": \"k\", \"severity\": \"critical\"\(more)}"
        return try event(id, subject: subject, type: EventType.alertRaised.rawValue, data: data)
    }

    private let long = String(repeating: "camera/", count: 100)

    @Test("a long id, source or subject keeps its start, and those of two things stay two; 500 bytes stay as they are")
    func names() throws {
        let fits = String(repeating: "x", count: 500)
        #expect(try raised(id: fits).id == fits)
        let one = try raised(id: long + "1", subject: long + "1")
        let again = try raised(id: long + "1", subject: long + "1")
        let other = try raised(id: long + "2", subject: long + "2")
        #expect(one.id == again.id && one.subject == again.subject)
        #expect(one.id != other.id && one.subject != other.subject)
        #expect(one.id.utf8.count <= 500 && one.id.hasPrefix("camera/camera/") && one.id.contains("…"))
    }

    @Test("who clears, replaces or cancels by a long name finds the alarm that was raised under it")
    func references() throws {
        let first = try raised(subject: long)
        let cleared = try event("2", subject: long, type: EventType.alertCleared.rawValue, data: "{}")
        #expect(cleared.subject == first.subject)
        guard case .alertRaised(let fact) = try Fact(of: raised(", \"replaces\": [\"short\", \"\(long)\"]")) else {
            Issue.record("no raise")
            return
        }
        #expect(fact.replaces == ["short", first.subject] && fact.lostReferences == 0)
        let cancelled = try event(
            "3", type: EventType.alertCancelled.rawValue,
            data: """
                {"tool": "FD", "kind": "k", "severity": "info", "cancels": ["\(long)"]}
                """)
        guard case .alertCancelled(let end) = try Fact(of: cancelled) else {
            Issue.record("no end")
            return
        }
        #expect(end.cancels == [first.subject])
    }

    @Test("an alert whose texts are too large for a log is cut in them, and keeps the rest", arguments: [1, 3, 40])
    func texts(_ count: Int) throws {
        let text = String(repeating: "è", count: 800_000 / count)
        let members = (0..<count).map { ", \"text_\($0)\": \"\(text)\"" }.joined()
        let event = try raised("\(members), \"description\": \"\(text)\", \"lat\": 45.4, \"lon\": 11.9")
        #expect(event.data.bytes.count <= Event.mostData)
        guard case .alertRaised(let fact) = try Fact(of: event) else {
            Issue.record("no raise")
            return
        }
        #expect(
            try raised(", \"cap\": {\"info\": [{\"description\": \"\(text)\"}]}").data.bytes.count <= Event.mostData)
        #expect(fact.severity == .critical && fact.place != nil && fact.description?.hasSuffix("…") == true)
    }

    @Test("data that fits is kept byte for byte, however it is written")
    func untouched() throws {
        let data =
            "{ \"tool\":\"FD\",\"severity\" : \"low\", \"note\": \"\\u0041\(String(repeating: "x", count: 90_000))\" }"
        let event = try event(type: EventType.alertRaised.rawValue, data: data)
        #expect(event.data.bytes == Array(data.utf8))
    }

    @Test("what is signed stays as it is, and is refused where it is too large")
    func signed() throws {
        func signed(_ note: String) throws -> Event {
            try CloudEventReader.event(
                Array(
                    """
                    {"specversion": "1.0", "id": "\(long)", "source": "urn:x", "type": "t", "actor": "op", "signature": "s", \
                    "data": {"note": "\(note)"}}
                    """.utf8))
        }
        #expect(try signed("").id == long)
        #expect(throws: JSONError.self) { try signed(String(repeating: "x", count: 1 << 20)) }
    }

    @Test("an event of more than 4 MiB is read by nobody")
    func largest() throws {
        func sized(_ bytes: Int) throws -> Event {
            let whole = try raised(", \"description\": \"\"").data.bytes.count
            return try raised(", \"description\": \"\(String(repeating: "x", count: bytes - whole))\"")
        }
        #expect(try sized((4 << 20) - 1_000).data.bytes.count <= Event.mostData)
        #expect(throws: JSONError.self) { try sized(4 << 20) }
    }

    @Test("what is no alert is kept whole, or refused")
    func others() throws {
        let type = EventType.observationRecorded.rawValue
        let fits = "{\"value\":1,\"text\":\"\(String(repeating: "x", count: 1_000_000))\"}"
        #expect(try event(type: type, data: fits).data.bytes == Array(fits.utf8))
        let large = "{\"value\":1,\"text\":\"\(String(repeating: "x", count: 1 << 20))\"}"
        #expect(throws: JSONError.self) { try event(type: type, data: large) }
    }

    @Test("in the binary mode of HTTP as well")
    func binary() throws {
        let body = Array(
            "{\"severity\": \"info\", \"tool\": \"FD\", \"x\": \"\(String(repeating: "y", count: 2 << 20))\"}".utf8)
        let headers = [
            ("ce-specversion", "1.0"), ("ce-id", long), ("ce-source", "urn:x"),
            ("ce-type", EventType.alertRaised.rawValue), ("ce-subject", long),
        ]
        let items = try CloudEventHTTP.events(
            contentType: "application/json", headers: headers.map { (name: $0.0, value: $0.1) }, body: body)
        guard case .event(let event)? = items.first else {
            Issue.record("no event")
            return
        }
        #expect(event.data.bytes.count <= Event.mostData)
        #expect(try event.id == raised(id: long).id && event.subject == raised(subject: long).subject)
    }
}
