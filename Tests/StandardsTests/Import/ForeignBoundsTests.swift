import ControlRoom
import Standards
import Testing

/// What other tools send is not refused for its length.
@Suite("Bounds of what other tools send")
struct ForeignBoundsTests {
    private static let now = Timestamp(milliseconds: 1_790_000_000_000)
    private static let longestAttribute = 500

    private func raised(_ event: Event) throws -> AlertRaised {
        let lengths = [event.id, event.source, event.subject ?? ""].map(\.utf8.count)
        #expect(lengths.allSatisfy { (1...Self.longestAttribute).contains($0) }, "\(lengths)")
        guard case .alertRaised(let fact) = try Fact(of: event) else {
            throw ImportFailure(line: 0, reason: "no alert")
        }
        return fact
    }

    @Test("Alertmanager: texts are cut with a mark, a fingerprint keeps its difference")
    func alertmanager() throws {
        let long = String(repeating: "é", count: 200_000)
        func body(_ fingerprint: String, _ text: String) -> [UInt8] {
            Array(
                (#"{"version":"4","alerts":[{"status":"firing","labels":{"alertname":"\#(text)","instance":"\#(text)"},"#
                    + #""annotations":{"summary":"\#(text)","description":"\#(text)"},"fingerprint":"\#(fingerprint)"}]}"#)
                    .utf8)
        }
        let event = try #require(try AlertmanagerWebhook.events(body(long + "1", long), now: Self.now).first)
        let fact = try raised(event)
        for text in [fact.headline, fact.site ?? ""] {
            #expect(text.hasSuffix("é…") && (7_990...8_000).contains(text.utf8.count))
        }
        // What is looked up by ends with a hash of the whole.
        #expect(fact.kind.hasPrefix("éé") && fact.kind.contains("…") && fact.kind.utf8.count <= 480)
        #expect(fact.description?.hasSuffix("é…") == true && fact.description?.utf8.count == 65_535)
        let other = try #require(try AlertmanagerWebhook.events(body(long + "2", long), now: Self.now).first)
        #expect(other.subject != event.subject && other.id != event.id)
        let short = try #require(try AlertmanagerWebhook.events(body("f", "Disk full"), now: Self.now).first)
        #expect(try raised(short).headline == "Disk full" && short.subject == "alertmanager/f")
    }

    @Test("syslog: a long message is whole in the description, a long host makes no long key")
    func syslog() throws {
        let host = String(repeating: "h", count: 255)
        let text = String(repeating: "x", count: 1_000)
        let event = try SyslogMessage("<130>1 - \(host) app - \(host) - \(text)".utf8).event(now: Self.now)
        let fact = try raised(event)
        #expect(fact.headline == String(repeating: "x", count: 297) + "…" && fact.description == text)
        let plain = try SyslogMessage("<130>1 - fw sshd - - - refused".utf8).event(now: Self.now)
        #expect(plain.subject == "syslog/fw/sshd" && plain.source == "urn:syslog:fw:sshd")
        #expect(try raised(plain).headline == "refused" && raised(plain).description == nil)
    }

    @Test("SensorThings: long names and units fit into an event")
    func sensorThings() throws {
        func event(_ name: String) throws -> Event {
            let body =
                #"{"result":1,"@iot.id":"\#(name)","Datastream":{"name":"\#(name)","unitOfMeasurement":{"symbol":"\#(name)"}}}"#
            return try #require(try SensorThingsObservation.events(Array(body.utf8), now: Self.now).first)
        }
        let long = String(repeating: "s", count: 10_000)
        let (one, two) = (try event(long + "1"), try event(long + "2"))
        #expect([one.id, one.source, one.subject ?? ""].allSatisfy { $0.utf8.count <= Self.longestAttribute })
        #expect(one.id != two.id && one.source != two.source && one.subject != two.subject)
        #expect(one.data.bytes.count < 8_100)
        #expect(try event("air").subject == "air")
    }
}
