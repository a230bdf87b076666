import ControlRoom
import TestSupport
import Testing

@Suite("Why an alarm is kept quiet")
struct SuppressionReasonTests {
    private func fact(_ type: EventType, _ data: String) throws -> Fact {
        try Fact(of: Event(id: "1", source: "urn:test", type: type, data: .json(Array(data.utf8))))
    }

    @Test("is a code with words beside it, in every way to suppress", arguments: SuppressionReason.Code.allCases)
    func codes(_ code: SuppressionReason.Code) throws {
        let expected = SuppressionReason(code, note: "lens")
        let why = #""reason":"\#(code.rawValue)","note":"lens""#
        let until = #""until":"2026-11-24T12:00:00Z""#
        guard case .alertShelved(let shelf) = try fact(.alertShelved, "{\(until),\(why)}") else { return fail() }
        guard case .alertRemovedFromService(let removed) = try fact(.alertRemovedFromService, "{\(why)}") else {
            return fail()
        }
        guard case .suppressionStarted(let rule) = try fact(.suppressionStarted, #"{"filter":"f",\#(why)}"#) else {
            return fail()
        }
        let asked = try fact(.approvalRequested, #"{"wish":"remove_from_service","severity":"low",\#(why)}"#)
        guard case .approvalRequested(let request) = asked else { return fail() }
        let ruled = try fact(.alertSuppressed, #"{"rule":"r","severity":"low",\#(why)}"#)
        guard case .alertSuppressed(let suppressed) = ruled else { return fail() }
        #expect(
            [shelf.reason, removed.reason, rule.reason, request.reason, suppressed.reason].allSatisfy { $0 == expected }
        )
        // What is written reads as the same.
        let written = [
            JSONWriter.bytes(shelf.write), JSONWriter.bytes(removed.write), JSONWriter.bytes(rule.write),
            JSONWriter.bytes(request.write), JSONWriter.bytes(suppressed.write),
        ]
        for bytes in written { #expect(String(decoding: bytes, as: UTF8.self).contains(why)) }
    }

    private func fail() { Issue.record("another type of fact") }

    @Test("of before there were codes is another, with its words as a note")
    func words() throws {
        #expect(SuppressionReason(reason: "roadworks", note: nil) == SuppressionReason(.other, note: "roadworks"))
        #expect(SuppressionReason(reason: "Maintenance", note: nil)?.code == .other)
        #expect(SuppressionReason(reason: nil, note: "n") == SuppressionReason(.other, note: "n"))
        #expect(SuppressionReason(reason: "", note: "") == nil)
        #expect(SuppressionReason(reason: "", note: "n") == SuppressionReason(.other, note: "n"))
        #expect(SuppressionReason(reason: "roadworks", note: "n")?.note == "roadworks\nn")
        guard case .alertRemovedFromService(let fact) = try fact(.alertRemovedFromService, #"{"reason":"lens"}"#) else {
            return fail()
        }
        #expect(fact.reason == SuppressionReason(.other, note: "lens"))
    }

    @Test("is there for each that keeps an alarm quiet, also where its event gave none")
    func always() {
        var bench = AlarmBench(severity: .low)
        bench.shelve(until: bench.now.adding(seconds: 60))
        #expect(bench.alert.shelving?.reason == SuppressionReason(.other))
        bench.fold(
            .alertSuppressed(
                AlertSuppressed(rule: "r", severity: .low, occurrence: 1, reason: SuppressionReason(.knownFault))))
        #expect(bench.alert.suppressionCodes == [.other, .knownFault])
        bench.ask(.removeFromService)
        #expect(bench.alert.request != nil && bench.alert.suppressionCodes == [.other, .knownFault])
    }
}
