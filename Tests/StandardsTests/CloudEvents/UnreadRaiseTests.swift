import ControlRoom
import Standards
import Testing

@Suite("What can be read of a raise that is no event")
struct UnreadRaiseTests {
    private static func raises(_ body: String) throws -> [Event] {
        let type = CloudEventHTTP.batch
        return try CloudEventHTTP.events(contentType: type, headers: [], body: Array(body.utf8)).compactMap { item in
            guard case .rejected(_, _, let raise) = item else { return nil }
            return raise
        }
    }

    private static let start = #"{"specversion":"1.0","source":"s","type":"eu.impetus.alert.raised.v1","subject":"a""#

    @Test("is what keeps its form, and of a list each for itself")
    func read() throws {
        let data = #"{"severity":"low"}"#
        let odd = [
            UnreadRaiseTests.start + #","id":"1","time":"yesterday","data":\#(data)}"#,
            UnreadRaiseTests.start + #","id":["2"],"data":\#(data)}"#,
            UnreadRaiseTests.start + #","id":"3","id":"3","data":\#(data)}"#,
        ]
        let raises = try UnreadRaiseTests.raises("[" + odd.joined(separator: ",") + "]")
        #expect(raises.map(\.id) == ["1", "", "3"])
        #expect(raises.allSatisfy { $0.subject == "a" && $0.data.bytes == Array(data.utf8) })
    }

    @Test("is nothing of what does not say that it is one")
    func others() throws {
        let clear = #"{"specversion":"1.0","source":"s","type":"eu.impetus.alert.cleared.v1","id":"1","time":"x"}"#
        #expect(try UnreadRaiseTests.raises("[5,{},\(clear)]").isEmpty)
    }

    @Test("of an object that breaks off is what stands before, its data too")
    func broken() throws {
        let body = Array((UnreadRaiseTests.start + #","data":{"severity":"low","lat":"#).utf8)
        do {
            _ = try CloudEventHTTP.events(contentType: CloudEventHTTP.structured, headers: [], body: body)
            Issue.record("half an event was taken")
        } catch CloudEventHTTP.Failure.malformed(_, let raise) {
            #expect(raise?.subject == "a" && raise?.data.bytes == Array(#"{"severity":"low","lat":"#.utf8))
        }
    }
}
