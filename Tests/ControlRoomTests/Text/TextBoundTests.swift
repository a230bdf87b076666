import ControlRoom
import TestSupport
import Testing

@Suite("Texts within their bounds")
struct TextBoundTests {
    /// Of characters of one to four bytes, so that a cut falls into the middle of each.
    private static let long = String(repeating: "aé€🚨", count: 30_000)

    private static func raised(_ members: String) throws -> AlertRaised {
        var make = EventMaker()
        guard case .alertRaised(let fact) = try Fact(of: make.raised("s", .high, headline: long, members)) else {
            throw NoAlert()
        }
        return fact
    }

    private struct NoAlert: Error {}

    private static func isCut(_ text: String?, of whole: String = long, to limit: Int) -> Bool {
        guard let text, text.hasSuffix(TextBound.mark) else { return false }
        let start = text.dropLast(TextBound.mark.count)
        return whole.hasPrefix(start) && (limit - 6...limit).contains(text.utf8.count)
    }

    @Test("A raise that a sensor posts itself is cut field by field, with a mark, and is an alert")
    func raise() throws {
        let long = TextBoundTests.long
        let fact = try TextBoundTests.raised(
            "\"description\":\"\(long)\",\"site\":\"\(long)\",\"area_name\":\"\(long)\",\"district\":\"\(long)\"")
        #expect(TextBoundTests.isCut(fact.headline, to: TextBound.line))
        #expect(TextBoundTests.isCut(fact.description, to: TextBound.prose))
        #expect(TextBoundTests.isCut(fact.site, to: TextBound.line))
        #expect(TextBoundTests.isCut(fact.areaName, to: TextBound.line))
        #expect(try #require(fact.district).utf8.count <= TextBound.attribute)
        #expect(fact.severity == .high)
    }

    @Test("Names that differ only beyond their bound stay two names")
    func names() throws {
        let long = String(repeating: "k", count: 5_000)
        let (one, other) = try (
            TextBoundTests.raised("\"kind\":\"\(long)1\",\"external_id\":\"\(long)1\""),
            TextBoundTests.raised("\"kind\":\"\(long)2\",\"external_id\":\"\(long)2\"")
        )
        #expect(one.kind != other.kind && one.externalID != other.externalID)
        #expect(max(one.kind.utf8.count, one.externalID?.utf8.count ?? .max) <= TextBound.attribute)
    }

    @Test("A reference that is too long to be a key names no alert, and is counted as lost")
    func references() throws {
        let (fits, long) = (String(repeating: "r", count: 500), String(repeating: "r", count: 501))
        let fact = try TextBoundTests.raised("\"replaces\":[\"\(long)\",\"\(fits)\",\"s2\"]")
        #expect(fact.replaces == [fits, "s2"] && fact.lostReferences == 1)
    }

    @Test("Notes, reasons, units and what a tool says of itself are cut as well")
    func others() throws {
        var make = EventMaker()
        let long = TextBoundTests.long
        func fact(_ type: EventType, _ data: String) throws -> Fact { try Fact(of: make.event(type, "s", data)) }
        guard case .alertNoted(let note) = try fact(.alertNoted, "{\"note\":\"\(long)\"}"),
            case .alertCleared(let reason) = try fact(.alertCleared, "{\"reason\":\"\(long)\"}"),
            case .checklistNoted(let remark) = try fact(.checklistNoted, "{\"note\":\"\(long)\"}"),
            case .checklistStepSet(let step) = try fact(
                .checklistStepSet, "{\"step\":1,\"state\":\"done\",\"note\":\"\(long)\"}"),
            case .toolReported(let report) = try fact(.toolReported, "{\"state\":\"ok\",\"message\":\"\(long)\"}"),
            case .observationRecorded(let measured) = try fact(
                .observationRecorded, "{\"value\":1,\"unit\":\"\(long)\"}")
        else { throw NoAlert() }
        for text in [note, remark, step.note] { #expect(TextBoundTests.isCut(text, to: TextBound.prose)) }
        for text in [reason, report.message, measured.unit] { #expect(TextBoundTests.isCut(text, to: TextBound.line)) }
    }

    @Test("What a reader has cut is not cut again, and what fits stays as it is", arguments: [20, 480, 2_000])
    func once(limit: Int) {
        for bytes in [limit - 1, limit, limit + 1, limit * 3] {
            let text = String(repeating: "é", count: bytes / 2) + (bytes % 2 == 0 ? "" : "x")
            let cut = TextBound.cut(text, to: limit)
            #expect(TextBound.cut(cut, to: limit) == cut)
            #expect((cut == text) == (bytes <= limit))
        }
    }
}
