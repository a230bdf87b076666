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

    @Test(
        "the alarm is named by host and MSGID, without one by the program, without both by neither; its source by the program",
        arguments: [
            ("gate", "sshd", "ID47", "syslog/gate/ID47", "gate:sshd"),
            ("gate", "su", "ID47", "syslog/gate/ID47", "gate:su"),
            ("gate", "su", "-", "syslog/gate/su", "gate:su"), ("gate", "-", "-", "syslog/gate/syslog", "gate:-"),
            ("-", "su", "-", "syslog/10.0.0.1/su", "10.0.0.1:su"),
        ])
    func names(_ host: String, _ program: String, _ message: String, _ subject: String, _ source: String) throws {
        let text = "<165>1 2026-10-11T22:14:15Z \(host) \(program) - \(message) - text"
        let now = Timestamp(milliseconds: 1_795_000_000_000)
        let event = try SyslogMessage(Array(text.utf8)).event(now: now, sender: "10.0.0.1")
        #expect(event.subject == subject && event.source.contains(source), "\(event.source)")
    }
}
