import ControlRoom
import Standards
import Testing

/// The events of cloudevents/conformance, cut out of the files that wrap them.
@Suite(
    "CloudEvents: cloudevents/conformance",
    .enabled(if: RealData.isThere, "the folder ../shared/data is missing"))
struct ConformanceTests {
    /// The exact bytes of a member of each test of a wrapper file, by the test's id.
    private func cases(_ file: String, _ member: String) throws -> [(String, [UInt8])] {
        var cases: [(String, [UInt8])] = []
        try JSONReader.read(try RealData.bytes("cloudevents/" + file)) { reader in
            try reader.object { key, reader in
                guard key == "tests" else {
                    try reader.skip()
                    return
                }
                try reader.array { reader in cases.append(try one(&reader, member)) }
            }
        }
        return cases
    }

    private func one(_ reader: inout JSONReader, _ member: String) throws -> (String, [UInt8]) {
        var found = ("", [UInt8]())
        try reader.object { key, reader in
            switch key {
            case "id": found.0 = try reader.string()
            case member: found.1 = try reader.raw()
            default: try reader.skip()
            }
        }
        return found
    }

    @Test("each valid event is taken")
    func events() throws {
        let cases = try cases("valid-events.json", "event")
        #expect(cases.count == 10)
        for (id, bytes) in cases {
            let imported = try Imported(bytes: bytes)
            #expect(imported.events.count == 1 && imported.failure == nil, "\(id)")
            let event = try #require(imported.events.first)
            if id.contains("WithTime") { #expect(event.time == Timestamp(rfc3339: "2018-04-05T17:31:00Z"), "\(id)") }
            if id == "validSimpleTextData" { #expect(event.data == .bytes(Array("Simple text".utf8), base64: false)) }
            if id == "validAllExtensionTypes" {
                #expect(event.extensions["extinteger"] == "10" && event.extensions["extboolean"] == "true")
                #expect(event.extensions.count == 7)
            }
        }
    }

    @Test(
        "each valid batch is taken",
        arguments: [
            ("validBatchEmpty", 0), ("validBatchMinimal", 1), ("validBatchMinimal2", 2),
            ("validBatchMinimalAndAllCore", 2),
            ("validBatchMinimalAndAllExtensionTypes", 2),
        ])
    func batch(_ id: String, _ count: Int) throws {
        let cases = try cases("valid-batches.json", "batch")
        #expect(cases.count == 5)
        let bytes = try #require(cases.first { $0.0 == id }?.1)
        let imported = try Imported(bytes: bytes)
        #expect(imported.events.count == count)
        #expect(imported.failure == nil && imported.rejections.isEmpty)
    }

    @Test("the wrapper itself is no format that is understood", arguments: ["valid-events.json", "valid-batches.json"])
    func wrapper(_ file: String) throws {
        let imported = try RealData.imported("cloudevents/" + file)
        #expect(imported.events.isEmpty)
        #expect(imported.failure?.reason.hasPrefix("the format is not known") == true)
    }

    @Test("the structured body of the HTTP scenarios")
    func feature() throws {
        let text = try RealData.text("cloudevents/http-protocol-binding.feature")
        let structured = try #require(text.split(separator: "Content-Length: 266").last)
        let body = try #require(structured.split(separator: "\"\"\"").first)
        let event = try CloudEventReader.event(Array(body.utf8))
        #expect(event.id == "1234-1234-1234" && event.source == "/mycontext/subcontext")
        #expect(event.type.rawValue == "com.example.someevent" && event.dataContentType == "application/json")
        #expect(String(decoding: event.data.bytes, as: UTF8.self).contains("\"message\": \"Hello World!\""))
    }
}
