import CLibXML2
import ControlRoom
import Standards
import Testing

/// Out and in again.
@Suite("CAP: writing")
struct CAPWriterTests {
    private func messages(_ bytes: [UInt8]) throws -> [CAPMessage] {
        try CAPReader.items(in: bytes).compactMap { item in
            if case .message(let message, _) = item { return message }
            return nil
        }
    }

    private func again(_ message: CAPMessage) throws -> CAPMessage? { try messages(CAPWriter.xml(message)).first }

    @Test("what is written is read as it was")
    func roundTrip() throws {
        var message = try #require(try messages(Array(AlertText.plain.utf8)).first)
        message.addresses = ["one", "two words"]
        message.note = "a < b & c > d \"e\"\r\nf"
        message.codes = ["x", "y"]
        #expect(try again(message) == message)
    }

    static let files = [
        "australia.cap", "canada.cap", "earthquake-iso8859-1.cap", "weather.cap", "wcatwc-warning.cap",
        "bushfire_valid.edxlde", "earthquake_signed.cap", "amber.atom",
    ]

    @Test(
        "the real files round trip and are valid by the schema of CAP 1.2",
        .enabled(if: RealData.isThere, "the folder ../shared/data is missing"),
        arguments: files)
    func real(_ file: String) throws {
        let schema = try Schema(RealData.folder + "/cap/cap12.xsd")
        for var message in try messages(RealData.bytes("cap/" + file)) {
            let xml = CAPWriter.xml(message)
            #expect(schema.accepts(xml))
            message.version = .v12
            message.isSigned = false
            #expect(try messages(xml) == [message])
        }
    }

    static let alerts: [Alert] = {
        let noon = Timestamp(milliseconds: 1_795_435_200_123)
        var all = Severity.allCases.map { severity in
            Alert(
                subject: "camera 12,a&b<c/\(severity.name)", tool: .fd, kind: severity == .info ? "" : "weapon",
                severity: severity, headline: "Gas <leak> & \u{1B}[31m\u{0} fire", since: noon)
        }
        all[0].place = Coordinate(latitude: 45.4, longitude: 11.88)
        all[0].confidence = 0.9
        all[1].site = "Prato"
        all[1].areaName = "Centro"
        all[1].assessment = Alert.Assessment(verdict: .confirmed, disposition: .some, act: .init(by: "op1", at: noon))
        all[2].active = false
        all[2].status = .draft
        all[2].stale = noon.adding(seconds: 60)
        return all
    }()

    @Test(
        "our own alerts are valid by the schema of CAP 1.2, whatever they say, and name no person",
        .enabled(if: RealData.isThere, "the folder ../shared/data is missing"), arguments: alerts)
    func ours(_ alert: Alert) throws {
        let message = CAPMessage(
            alert, sender: "impetus@police of x", district: nil, isExercise: false, now: alert.since.adding(seconds: 5))
        let xml = CAPWriter.xml(message)
        #expect(try Schema(RealData.folder + "/cap/cap12.xsd").accepts(xml))
        let read = try #require(try messages(xml).first)
        #expect(read.infos.first?.parameters.first?.value == alert.state(at: alert.since.adding(seconds: 5)).rawValue)
        #expect(!String(decoding: xml, as: UTF8.self).contains("op1"))
    }

    @Test("many stand in one EDXL-DE document, and are read again")
    func distribution() throws {
        let sent = Timestamp(milliseconds: 1_795_435_200_000)
        var bytes = CAPWriter.distributionHead(id: "d1", sender: "impetus", sent: sent, status: .actual)
        for alert in CAPWriterTests.alerts {
            let message = CAPMessage(alert, sender: "impetus", district: "Centro", isExercise: true, now: sent)
            bytes += CAPWriter.distributionContent(message)
        }
        bytes += CAPWriter.distributionTail
        let read = try messages(bytes)
        #expect(read.count == CAPWriterTests.alerts.count && read.allSatisfy { $0.status == .exercise })
        #expect(Set(read.map(\.identifier)).count == read.count)
    }

    @Test(
        "the schema does refuse what is not CAP",
        .enabled(if: RealData.isThere, "the folder ../shared/data is missing"))
    func schemaBites() throws {
        let schema = try Schema(RealData.folder + "/cap/cap12.xsd")
        let message = try #require(try messages(Array(AlertText.plain.utf8)).first)
        let xml = String(decoding: CAPWriter.xml(message), as: UTF8.self)
        #expect(!schema.accepts(Array(xml.replacing("Public", with: "Secret").utf8)))
    }
}

/// libxml2's own validator, which is there wherever the parser is.
private final class Schema {
    private let schema: xmlSchemaPtr

    init(_ path: String) throws {
        let context = xmlSchemaNewParserCtxt(path)
        defer { xmlSchemaFreeParserCtxt(context) }
        schema = try #require(xmlSchemaParse(context))
    }

    deinit { xmlSchemaFree(schema) }

    func accepts(_ xml: [UInt8]) -> Bool {
        let document = xml.withUnsafeBytes { bytes in
            xmlReadMemory(
                bytes.bindMemory(to: CChar.self).baseAddress, Int32(bytes.count), nil, nil,
                Int32(XML_PARSE_NONET.rawValue))
        }
        defer { xmlFreeDoc(document) }
        let context = xmlSchemaNewValidCtxt(schema)
        defer { xmlSchemaFreeValidCtxt(context) }
        return xmlSchemaValidateDoc(context, document) == 0
    }
}
