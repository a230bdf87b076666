import CLibXML2
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
