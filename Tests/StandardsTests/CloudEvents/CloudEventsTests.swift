import ControlRoom
import Standards
import Testing

@Suite("CloudEvents: the JSON format")
struct CloudEventsTests {
    private func event(_ members: String) throws -> Event {
        let text = #"{"specversion":"1.0","id":"1","source":"/s","type":"t""# + members + "}"
        return try CloudEventReader.event(Array(text.utf8))
    }

    private func reason(_ text: String) -> String? {
        do {
            _ = try CloudEventReader.event(Array(text.utf8))
            return nil
        } catch { return (error as? JSONError)?.reason }
    }

    @Test("data is kept as the bytes that came")
    func exactBytes() throws {
        let data = #"{ "a" : 1.50e+1,  "b":"\u00e6" , "a":2}"#
        #expect(try event(#","data":"# + data).data == .json(Array(data.utf8)))
        #expect(try event(#","data": null"#).data == .none)
        let text = try event(#","datacontenttype":"text/plain","data":"a\nb""#)
        #expect(text.data == .bytes(Array("a\nb".utf8), base64: false))
        #expect(try event(#","datacontenttype":"application/x+json","data":"a""#).data == .json(Array("\"a\"".utf8)))
        #expect(try event(#","data_base64":"AP8Q""#).data == .bytes([0, 255, 16], base64: true))
    }

    @Test("attributes of ours and of others")
    func attributes() throws {
        let event = try event(
            #","subject":"x","time":"2026-01-01T01:00:00+01:00","tenant":"oslo","actor":"op1","# + #""exercise":"e","#
                + #""occurred":"1790000000000.00ff","sequence":"0000000000000000042","#
                + #""recordedtime":"2026-01-01T00:00:01Z","#
                + #""signature":"s","n":10,"b":true,"z":null,"dataschema":null"#)
        #expect(event.time == Timestamp(rfc3339: "2026-01-01T00:00:00Z"))
        #expect(event.tenant == "oslo" && event.actor == "op1" && event.exercise == "e" && event.signature == "s")
        #expect(event.occurred == HybridTime(milliseconds: 1_790_000_000_000, counter: 255))
        #expect(event.sequence == 42 && event.recorded == Timestamp(rfc3339: "2026-01-01T00:00:01Z"))
        #expect(event.extensions == ["n": "10", "b": "true"])
        #expect(try CloudEventReader.event(CloudEventWriter.json(event)) == event)
    }

    static let faults: [(String, String)] = [
        (#"{"id":"1","source":"s","type":"t"}"#, "no specversion"),
        (#"{"specversion":"0.3","id":"1","source":"s","type":"t"}"#, "specversion is \"0.3\""),
        (#"{"specversion":"1.0","id":"","source":"s","type":"t"}"#, "id is empty"),
        (#"{"specversion":"1.0","id":null,"source":"s","type":"t"}"#, "no id"),
        (#"{"specversion":"1.0","id":"1","type":"t"}"#, "no source"),
        (#"{"specversion":"1.0","id":"1","source":"s"}"#, "no type"),
        (#"{"specversion":"1.0","id":"1","source":"s","type":"t","time":"noon"}"#, "time \"noon\""),
        (#"{"specversion":"1.0","id":"1","source":"s","type":"t","subject":""}"#, "subject is empty"),
        (#"{"specversion":"1.0","id":"1","source":"s","type":"t","Big":"x"}"#, "\"Big\" is no attribute name"),
        (#"{"specversion":"1.0","id":"1","source":"s","type":"t","a_b":"x"}"#, "\"a_b\" is no attribute name"),
        (#"{"specversion":"1.0","id":"1","source":"s","type":"t","x":{}}"#, "attribute \"x\" is neither"),
        (#"{"specversion":"1.0","id":"1","source":"s","type":"t","id":"2"}"#, "\"id\" stands twice"),
        (#"{"specversion":"1.0","id":"1","source":"s","type":"t","data":1,"data_base64":"AA=="}"#, "both data"),
        (#"{"specversion":"1.0","id":"1","source":"s","type":"t","data_base64":"A"}"#, "not base64"),
        (#"{"specversion":"1.0","id":"1","source":"s","type":"t","data_base64":"===="}"#, "not base64"),
        (#"{"specversion":"1.0","id":"1","source":"s","type":"t","data_base64":"A==="}"#, "not base64"),
        (#"{"specversion":"1.0","id":"1","source":"s","type":"t","data_base64":"AA=A"}"#, "not base64"),
        (#"{"specversion":"1.0","id":"1","source":"s","type":"t","data_base64":"AAAA===="}"#, "not base64"),
        (#"{"specversion":"1.0","id":"1","source":"s","type":"t","data_base64":"AA==\n"}"#, "not base64"),
        (#"{"specversion":"1.0","id":"1","source":"s","type":"t","data_base64":"-_AA"}"#, "not base64"),
        (#"{"specversion":"1.0","id":"1","source":"s","type":"t","occurred":"now"}"#, "occurred \"now\""),
        (#"{"specversion":"1.0","id":"1","source":"s","type":"t","sequence":"-1"}"#, "sequence \"-1\""),
        (#"{"specversion":"1.0","id":"1","source":"s","type":"t"} x"#, "text after the end"),
    ]

    @Test("a broken rule is named", arguments: faults)
    func fault(_ text: String, _ wanted: String) {
        #expect(reason(text)?.contains(wanted) == true, "\(String(describing: reason(text)))")
    }

    @Test("larger than 1 MiB, or not UTF-8")
    func bounds() {
        let large = String(repeating: "x", count: 1 << 20)
        let text = #"{"specversion":"1.0","id":"1","source":"s","type":"t","data":"\#(large)"}"#
        #expect(reason(text)?.contains("1 MiB") == true)
        let latin = Array(#"{"specversion":"1.0","id":"1","source":"s","type":"t","data":{"a":["@"]}}"#.utf8).map {
            byte in
            byte == UInt8(ascii: "@") ? 0xE9 : byte
        }
        #expect(throws: JSONError.self) { try CloudEventReader.event(latin) }
    }

    @Test("what is written is read as it was, data byte by byte")
    func roundTrip() throws {
        let payloads: [Event.Payload] = [
            .none, .json(Array("{ }".utf8)), .bytes([1, 2, 3, 4], base64: true), .bytes([], base64: true),
        ]
        for payload in payloads {
            var event = Event(id: "1", source: "s", type: .alertCleared, subject: "x", data: payload)
            event.extensions = ["zulu": "1", "alfa": "2"]
            #expect(try CloudEventReader.event(CloudEventWriter.json(event)) == event)
        }
        var text = Event(id: "1", source: "s", type: .alertCleared, data: .bytes(Array("a\"b".utf8), base64: false))
        text.dataContentType = "text/plain"
        #expect(try CloudEventReader.event(CloudEventWriter.json(text)) == text)
    }
}
