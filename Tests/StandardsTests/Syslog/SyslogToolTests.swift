import ControlRoom
import Testing

@testable import Standards

@Suite("The tool of a syslog message")
struct SyslogToolTests {
    @Test(
        "is what its structured data say, and CTDR where they say none, so that no alert is lost for it",
        arguments: [("[impetus tool=\"UAD\"]", Tool.uad), ("[impetus tool=\"\"]", .ctdr), ("-", .ctdr)])
    func named(_ data: String, _ tool: Tool) throws {
        let now = Timestamp(milliseconds: 1_795_000_000_000)
        let text = "<165>1 2026-10-11T22:14:15Z gate evntslog - ID47 \(data) text"
        let event = try SyslogMessage(Array(text.utf8)).event(now: now, sender: "gate")
        let raised = try JSONReader.read(event.data.bytes) { try AlertRaised(reading: &$0) }
        #expect(raised.tool == tool)
    }
}
