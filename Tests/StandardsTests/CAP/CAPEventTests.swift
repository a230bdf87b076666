import ControlRoom
import Standards
import Testing

/// What an alert becomes.
@Suite("CAP: events")
struct CAPEventTests {
    private func raised(_ text: String, languages: [String] = []) throws -> AlertRaised {
        try Imported(text: text, languages: languages).raised()
    }

    @Test("severity, place, area, end")
    func summary() throws {
        let fact = try raised(AlertText.plain)
        #expect(fact.tool == .cap && fact.kind == "Storm" && fact.severity == .high && fact.status == .actual)
        #expect(fact.headline == "Storm over the fjord")
        #expect(fact.place == Coordinate(latitude: 59.5, longitude: 10.5))
        #expect(fact.area?.pointCount == 5 && fact.radiusMetres == nil)
        #expect(fact.stale == Timestamp(rfc3339: "2026-03-01T21:00:00Z"))
        #expect(fact.externalID == "A1")
    }

    @Test("a circle alone is a place and a radius; two make an area")
    func circles() throws {
        let polygon = "<polygon>59.0,10.0 59.0,11.0 60.0,11.0 60.0,10.0 59.0,10.0</polygon>"
        let one = try raised(AlertText.with(polygon, "<circle>59.5,10.5 2.5</circle>"))
        #expect(one.place == Coordinate(latitude: 59.5, longitude: 10.5))
        #expect(one.radiusMetres == 2500 && one.area == nil)
        let two = try raised(AlertText.with(polygon, "<circle>59.5,10.5 2.5</circle><circle>60,11 1</circle>"))
        #expect(two.area?.polygons.count == 2 && two.radiusMetres == nil)
        #expect(two.area?.contains(Coordinate(latitude: 60, longitude: 11)) == true)
    }

    @Test("a polygon over the antimeridian can be read back and holds what lies in it")
    func antimeridian() throws {
        let square = "59.0,10.0 59.0,11.0 60.0,11.0 60.0,10.0 59.0,10.0"
        let fact = try raised(AlertText.with(square, "-17,179 -17,-179 -16,-179 -16,179 -17,179"))
        #expect(fact.area?.contains(Coordinate(latitude: -16.5, longitude: 180)) == true)
        #expect(fact.area?.contains(Coordinate(latitude: -16.5, longitude: 0)) == false)
        #expect(abs(abs(fact.place?.longitude ?? 0) - 180) < 0.001)
    }

    @Test("long outlines are thinned out to 5,000 points")
    func thinned() throws {
        let circle = (0..<12_000).map { step in "\(59 + Double(step % 6000) / 10_000),\(step < 6000 ? 10 : 11)" }
        let ring = (circle + [circle[0]]).joined(separator: " ")
        let fact = try raised(AlertText.with("59.0,10.0 59.0,11.0 60.0,11.0 60.0,10.0 59.0,10.0", ring))
        #expect(fact.area.map { (1000...5000).contains($0.pointCount) } == true)
    }

    @Test("references meet across offsets; a cancel cancels")
    func references() throws {
        let first = try #require(try Imported(text: AlertText.plain).events.first)
        let references = "<references>met@example.org,A1,2026-03-01T09:00:00-00:00</references><info>"
        let cancel = AlertText.with("<info>", references).replacing(">Alert<", with: ">Cancel<")
        let event = try #require(try Imported(text: cancel).events.first)
        #expect(event.type == .alertCancelled)
        guard case .alertCancelled(let fact) = try Fact(of: event) else { throw ImportFailure(line: 0, reason: "none") }
        #expect(fact.cancels == [first.subject])
        let update = cancel.replacing(">Cancel<", with: ">Update<")
        #expect(try raised(update).replaces == [first.subject ?? ""])
        let ack = try Imported(text: cancel.replacing(">Cancel<", with: ">Ack<")).events.first
        #expect(ack?.type.rawValue == "eu.impetus.cap.received.v1")
    }

    @Test("the worst severity of all infos; the headline in the best language")
    func infos() throws {
        let second = """
            </info><info><language>it-IT</language><category>Met</category><event>Tempesta</event>
            <urgency>Immediate</urgency><severity>Extreme</severity><certainty>Likely</certainty>
            <expires>2026-03-02T22:00:00+01:00</expires></info></alert>
            """
        let text = AlertText.with("</info>\n</alert>", second)
        #expect(try raised(text).headline == "Storm over the fjord")
        let italian = try raised(text, languages: ["no", "it", "en"])
        #expect(italian.headline == "Tempesta" && italian.kind == "Storm" && italian.severity == .critical)
        #expect(italian.stale == Timestamp(rfc3339: "2026-03-02T21:00:00Z"))
    }

    @Test("every element travels under cap")
    func everything() throws {
        let event = try #require(try Imported(text: AlertText.plain).events.first)
        let text = String(decoding: event.data.bytes, as: UTF8.self)
        let wanted =
            #""cap":{"version":"1.2","identifier":"A1","sender":"met@example.org","#
            + #""sent":"2026-03-01T10:00:00+01:00","status":"Actual","msg_type":"Alert","scope":"Public","#
            + #""info":[{"language":"en-GB","category":["Met"],"event":"Storm","urgency":"Immediate","#
            + #""severity":"Severe","certainty":"Likely","expires":"2026-03-01T22:00:00+01:00","#
            + #""headline":"Storm over the fjord","area":[{"area_desc":"Inner fjord","#
            + #""polygon":["59.0,10.0 59.0,11.0 60.0,11.0 60.0,10.0 59.0,10.0"]}]}]}}"#
        #expect(text.hasSuffix(wanted), "\(text)")
        #expect(event.source == "urn:oasis:cap:met@example.org")
        #expect(text.contains(#""area_name":"Inner fjord""#))
    }
}
