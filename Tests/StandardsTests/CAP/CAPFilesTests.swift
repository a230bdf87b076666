import ControlRoom
import Standards
import Testing

/// What each real file yields.
@Suite("CAP: the files of google/cap-library", .enabled(if: RealData.isThere, "the folder ../shared/data is missing"))
struct CAPFilesTests {
    struct Expected: Sendable, CustomTestStringConvertible {
        let file: String
        let events: Int
        /// Line and a part of the reason of each rejection.
        var rejected: [(Int, String)] = []
        var failure: (Int, String)?

        init(_ file: String, _ events: Int, _ rejected: [(Int, String)] = [], failure: (Int, String)? = nil) {
            self.file = file
            self.events = events
            self.rejected = rejected
            self.failure = failure
        }

        var testDescription: String { file }
    }

    static let index = "only an index entry; the alert itself is at http"
    static let noLink = "only an index entry, and without a link"

    static let files = [
        Expected("australia.cap", 1), Expected("canada.cap", 1), Expected("canada_signed.cap", 1),
        Expected("earthquake-iso8859-1.cap", 1), Expected("earthquake.cap", 1), Expected("earthquake_signed.cap", 1),
        Expected("no_optional_fields.cap", 1), Expected("wcatwc-warning.cap", 1), Expected("weather.cap", 1),
        Expected("canada_errors.cap", 1), Expected("invalid.cap", 1), Expected("noaa_errors.cap", 1),
        Expected("xee.cap", 0, failure: (3, "DOCTYPE")), Expected("xee.atom", 0, failure: (3, "DOCTYPE")),
        Expected("amber.atom", 1), Expected("canada_signed.atom", 1), Expected("weather.atom", 1),
        Expected("empty_weather_index.atom", 0),
        Expected("no_entries.atom", 0, [(9, "foreign markup and means nothing here (RFC 4287, 6)")]),
        Expected("earthquake_index.atom", 0, [(10, "at http://earthquake.usgs.gov/earthquakes/catalogs/cap/us2010")]),
        Expected("weather_index.atom", 0, [(27, index), (55, index)]),
        Expected("weather_invalid.atom", 1),
        Expected("invalid_element.atom", 0, [(8, noLink)]), Expected("no_id.atom", 0, [(9, noLink)]),
        Expected("no_link.atom", 0, [(9, noLink)]), Expected("no_title.atom", 0, [(9, noLink)]),
        Expected("invalid.rss", 0, [(5, noLink)]), Expected("ny_index.rss", 0, [(11, index), (20, index)]),
        Expected("bushfire_valid.edxlde", 7),
        Expected("bushfire_invalid.edxlde", 6, [(94, "<alert> has no <identifier>")]),
    ]

    @Test("each file", arguments: files)
    func file(_ expected: Expected) throws {
        let imported = try RealData.imported("cap/" + expected.file)
        #expect(imported.events.count == expected.events)
        #expect(imported.rejections.map(\.line) == expected.rejected.map(\.0))
        for (rejection, wanted) in zip(imported.rejections, expected.rejected) {
            #expect(rejection.reason.contains(wanted.1))
        }
        #expect(imported.failure?.line == expected.failure?.0)
        if let wanted = expected.failure { #expect(imported.failure?.reason.contains(wanted.1) == true) }
        for event in imported.events { _ = try Fact(of: event) }
    }

    struct Oddity: Sendable, CustomTestStringConvertible {
        let file: String
        let line: Int
        let remark: String

        init(_ file: String, _ line: Int, _ remark: String) {
            self.file = file
            self.line = line
            self.remark = remark
        }

        var testDescription: String { file + ": " + remark }
    }

    @Test(
        "what could not be read of a real warning is said beside it, with its line",
        arguments: [
            Oddity("canada_errors.cap", 2, "msgType is Update, but no <references>"),
            Oddity("invalid.cap", 2, "<alert> has no <scope>"), Oddity("noaa_errors.cap", 17, "<urgency> is empty"),
            Oddity("noaa_errors.cap", 18, "<severity> is empty"), Oddity("noaa_errors.cap", 67, "<polygon> is empty"),
            Oddity("bushfire_invalid.edxlde", 115, "\"Foobar\" is no value of <urgency>"),
        ])
    func saidBeside(_ oddity: Oddity) throws {
        let imported = try RealData.imported("cap/" + oddity.file)
        let found = imported.notes.contains { $0.line == oddity.line && $0.reason.contains(oddity.remark) }
        #expect(found, "\(imported.notes)")
        #expect(try imported.unread().contains { $0.contains(oddity.remark) })
    }

    @Test("NOAA's warning with an empty polygon keeps its words and its end")
    func emptyPolygon() throws {
        let fact = try RealData.imported("cap/noaa_errors.cap").raised()
        #expect(fact.headline.hasPrefix("Flood Warning issued July 09 at 8:52PM PDT") && fact.area == nil)
        #expect(fact.description?.hasPrefix("THE NATIONAL WEATHER SERVICE IN ELKO") == true)
        #expect(fact.stale == Timestamp(rfc3339: "2011-08-12T03:15:00Z"))
    }

    @Test("byte by byte, each file yields the same", arguments: files)
    func dripping(_ expected: Expected) throws {
        let bytes = try RealData.bytes("cap/" + expected.file)
        let whole = try Imported(MemorySource(bytes))
        let dripped = try Imported(DrippingSource(bytes))
        #expect(dripped.events == whole.events)
        #expect(dripped.lines == whole.lines)
        #expect(dripped.rejections == whole.rejections)
        #expect(dripped.failure == whole.failure)
    }

    @Test("Canada's update replaces what it refers to, in both languages")
    func canada() throws {
        let english = try #require(try RealData.imported("cap/canada.cap").events.first)
        let fact = try RealData.imported("cap/canada.cap").raised()
        #expect(english.subject == "cap/cap@ec.gc.ca,2.49.0.1.124.6bddbc91.2012,2012-05-02T23:21:04Z")
        #expect(english.id == "cap@ec.gc.ca,2.49.0.1.124.6bddbc91.2012,2012-05-02T23:21:04-00:00")
        #expect(fact.replaces.first == "cap/cap@ec.gc.ca,2.49.0.1.124.a3f342a4.2012,2012-05-02T21:45:05Z")
        #expect(fact.replaces.count == 2)
        #expect(fact.headline == "severe thunderstorm watch")
        #expect(fact.severity == .low)
        #expect(fact.area?.polygons.count == 2)
        #expect(fact.stale == Timestamp(rfc3339: "2012-05-03T00:20:00Z"))
        let french = try RealData.imported("cap/canada.cap", languages: ["fr"]).raised()
        #expect(french.headline == "veille d'orages violents")
    }

    @Test("Latin-1 comes out as UTF-8")
    func latin() throws {
        let event = try #require(try RealData.imported("cap/earthquake-iso8859-1.cap").events.first)
        #expect(String(decoding: event.data.bytes, as: UTF8.self).contains("EQ 4.6 Usulután, Usulután, El Salvador"))
    }

    @Test("a signature is noted", arguments: ["canada_signed.cap", "earthquake_signed.cap", "canada_signed.atom"])
    func signed(_ file: String) throws {
        let event = try #require(try RealData.imported("cap/" + file).events.first)
        #expect(String(decoding: event.data.bytes, as: UTF8.self).contains("\"signed\":true"))
    }
}
