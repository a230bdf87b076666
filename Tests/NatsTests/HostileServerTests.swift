import Foundation
import Synchronization
import TestSupport
import Testing

@testable import Nats

/// What anybody can say who listens at a server's address, or stands in between.
@Suite("A server that is none, or means harm", .serialized)
struct HostileServerTests {
    private static let info = #"INFO {"max_payload":1048576,"tls_available":true}"# + "\r\n"

    private func failure(_ server: FakeServer, _ access: NatsAccess = NatsAccess()) -> String {
        do {
            _ = try NatsConnection(urls: [server.url], name: "test", access: access)
            return "connected"
        } catch {
            return "\(error)"
        }
    }

    @Test("who speaks something else is no server")
    func others() throws {
        for greeting in [
            "HTTP/1.1 400 Bad Request\r\n\r\n", "+OK\r\n", "PING\r\n", "MSG a 1 1\r\nx\r\n", "\u{16}\u{3}\u{1}\n",
        ] {
            let said = failure(try FakeServer(greeting: greeting))
            #expect(said.contains("no server can be reached"), "\(greeting): \(said)")
        }
    }

    @Test("nothing counts that was said before TLS, not even to be let in")
    func beforeTLS() throws {
        let access = NatsAccess(tls: .init())
        for more in ["PONG\r\n", "MSG a 2 1\r\nx\r\n", "PO", "+OK\r\n"] {
            let said = failure(try FakeServer(greeting: HostileServerTests.info + more), access)
            #expect(said.contains("before"), "\(more): \(said)")
        }
        let said = failure(try FakeServer(greeting: HostileServerTests.info, answer: "PONG\r\n"), access)
        #expect(said != "connected", "\(said)")
    }

    @Test("a server that takes next to nothing is not used, so that nothing is given up as too large")
    func small() throws {
        for most in ["1", "0", "-5", "65535"] {
            let greeting = "INFO {\"max_payload\":\(most)}\r\n"
            let said = failure(try FakeServer(greeting: greeting, answer: "PONG\r\n"))
            #expect(said.contains("max_payload has to be 65536"), "\(most): \(said)")
        }
        let enough = try FakeServer(greeting: "INFO {\"max_payload\":65536}\r\n", answer: "PONG\r\n")
        #expect(failure(enough) == "connected")
    }

    @Test("one that hangs up in the middle of TLS, or speaks before it, is no matter of settings")
    func duringTLS() throws {
        for (answer, more) in [("x", ""), ("-ERR 'maximum connections exceeded'\r\n", ""), ("", "-ERR 'busy'\r\n")] {
            let server = try FakeServer(greeting: HostileServerTests.info + more, answer: answer, hangsUp: true)
            #expect(throws: NatsFailure.self, "\(answer)\(more)") {
                try NatsConnection(urls: [server.url], name: "test", access: NatsAccess(tls: .init()))
            }
        }
    }

    @Test("files that cannot be used are told before anybody is asked")
    func files() throws {
        let server = try FakeServer(greeting: HostileServerTests.info, answer: "PONG\r\n")
        let said = failure(server, NatsAccess(tls: .init(authorities: "/nowhere.pem")))
        #expect(said.contains("/nowhere.pem") && server.visits == 0, "\(said)")
    }

    @Test("one that takes less from one moment to the next is left")
    func smaller() throws {
        let server = try FakeServer(
            greeting: HostileServerTests.info, answer: "PONG\r\nINFO {\"max_payload\":1024}\r\n")
        let nats = try NatsConnection(urls: [server.url], name: "test")
        #expect(eventually { server.visits >= 2 })
        #expect(nats.largestPayload == 1 << 20)
    }

    @Test("a server that is busy is asked again, and one that refuses is told as that")
    func refusals() throws {
        func refusal(_ text: String) -> (any Error)? {
            do {
                let server = try FakeServer(greeting: HostileServerTests.info, answer: "-ERR '\(text)'\r\n")
                _ = try NatsConnection(urls: [server.url], name: "test")
                return nil
            } catch {
                return error
            }
        }
        #expect(
            refusal("Authorization Violation") is NatsRefused && refusal("User Authentication Expired") is NatsRefused)
        for text in ["Authentication Timeout", "maximum connections exceeded", "Stale Connection"] {
            #expect(refusal(text) is NatsFailure, "\(text)")
        }
    }

    @Test("one that lets in and hangs up is not asked without a pause")
    func storm() throws {
        let server = try FakeServer(greeting: HostileServerTests.info, answer: "PONG\r\n", hangsUp: true)
        let nats = try NatsConnection(urls: [server.url], name: "test")
        #expect(eventually { server.visits >= 3 })
        // Without a pause it would come thousands of times until a clock has ticked for a second.
        let begun = server.visits
        _ = DispatchSemaphore(value: 0).wait(timeout: .now() + 1)
        #expect(server.visits <= begun + 20)
        withExtendedLifetime(nats) {}
    }

    @Test("what it complains of is cut, shown without control characters, and told where it was waited for alone")
    func complaints() throws {
        let board = Switchboard(whenHeard: { _, _ in }, whenLost: {}, trouble: { nil })
        #expect(board.complaint(since: 0) == nil)
        _ = board.complained("a\u{1B}[2J" + String(repeating: "b", count: 10_000))
        #expect(board.complaint(since: 0) == "a?[2J" + String(repeating: "b", count: 195))
        #expect(board.complaint(since: board.complaints) == nil)
    }
}
