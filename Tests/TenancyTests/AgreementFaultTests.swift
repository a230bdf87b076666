import ControlRoom
import Tenancy
import TestSupport
import Testing

@Suite("What nobody can have agreed to")
struct AgreementFaultTests {
    private func fault(tools: [Tool]? = [], _ change: (inout Agreement) -> Void = { _ in }) -> String? {
        var agreement = Agreement(
            id: "a1", from: "police", to: "fire", categories: ["*"], purpose: "rescue", removed: [], until: nil)
        change(&agreement)
        return agreement.fault(tools: tools, at: EventMaker.noon)
    }

    @Test("is a field that is not open, a tool that nobody has, and a time that is over; it is told what there is")
    func told() throws {
        #expect(fault() == nil)
        for field in ["nosuchfield", "personal", "evidence", "unread", "tool", "severity", "area.coordinates"] {
            let told = try #require(fault { $0.removed = ["lat", field] })
            #expect(told.contains("no open field \(field)") && told.contains("confidence"))
        }
        #expect(fault { $0.removed = ["lat", "headline", "cap", "cap.info.area.polygon", "cancels"] } == nil)
        #expect(
            fault { $0.categories = ["FD", "NOSUCH"] }?.contains("police has no tool NOSUCH; there are FD") == true)
        #expect(fault { $0.categories = ["Crowd"] } != nil)
        #expect(fault { $0.categories = ["FD", "crowd", "*"] } == nil)
        #expect(fault(tools: [Tool(code: "NOISE")]) { $0.categories = ["NOISE"] } == nil)
        // Where nobody can tell which tools there are, any code may be one.
        #expect(fault(tools: nil) { $0.categories = ["NOSUCH"] } == nil)
        #expect(fault { $0.until = EventMaker.noon }?.contains("is over") == true)
        #expect(fault { $0.until = EventMaker.noon.adding(seconds: 1) } == nil)
    }

    @Test("is what takes more room in each copy than there is")
    func long() {
        #expect(fault { $0.purpose = String(repeating: "x", count: 501) }?.contains("at most 500 bytes") == true)
        #expect(fault { $0.purpose = String(repeating: "x", count: 500) } == nil)
        #expect(fault { $0.id = String(repeating: "x", count: 201) } != nil)
        #expect(fault { $0.purpose = "" } != nil)
        #expect(fault { $0.to = "police" } != nil)
    }
}
