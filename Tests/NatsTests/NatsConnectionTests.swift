import Foundation
import Synchronization
import TestSupport
import Testing

@testable import Nats

/// Against real servers.
@Suite(
    "A connection to NATS", .serialized, .enabled(if: NatsServers.path != nil, Comment(rawValue: NatsServers.missing)))
struct NatsConnectionTests {
    private final class Heard: Sendable {
        let bodies = Mutex<[String]>([])

        func add(_ message: NatsMessage) {
            bodies.withLock { $0.append(String(decoding: message.body, as: UTF8.self)) }
        }

        var all: [String] { bodies.withLock { $0 } }
    }

    private func message(_ subject: String, _ text: String) -> OutgoingMessage {
        OutgoingMessage(subject: subject, body: Array(text.utf8))
    }

    @Test("what is published comes to whoever listens, in its order and with its headers, until they end it")
    func subscriptions() throws {
        let servers = try NatsServers(1)
        let (one, other) = (
            try NatsConnection(urls: servers.urls, name: "one"), try NatsConnection(urls: servers.urls, name: "other")
        )
        let heard = Heard()
        let headers = Mutex<[String?]>([])
        let subscription = try one.subscribe(to: "greetings.*") { message in
            heard.add(message)
            headers.withLock { $0.append(message.headers["Language"]) }
        }
        // A round trip: the server knows of the subscription.
        #expect(throws: NatsFailure.self) { try one.request(message("nobody", ""), milliseconds: 2_000) }
        for number in 0..<2_000 {
            try other.publish(
                OutgoingMessage(
                    subject: "greetings.x", headers: [("Language", "it")], body: Array("\(number)".utf8)))
        }
        #expect(eventually { heard.all.count == 2_000 })
        #expect(heard.all == (0..<2_000).map { "\($0)" } && headers.withLock { $0.allSatisfy { $0 == "it" } })
        subscription.end()
        #expect(throws: NatsFailure.self) { try one.request(message("nobody", ""), milliseconds: 2_000) }
        try other.publish(message("greetings.x", "late"))
        _ = try? other.request(message("nobody", ""), milliseconds: 2_000)
        #expect(heard.all.count == 2_000)
    }

    @Test(
        "each request has its own answer; where nobody is there, that is said at once, and where nobody answers, in time"
    )
    func requests() throws {
        let servers = try NatsServers(1)
        let nats = try NatsConnection(urls: servers.urls, name: "test")
        let answering = try nats.subscribe(to: "twice") { message in
            try? nats.publish(
                OutgoingMessage(
                    subject: String(decoding: message.reply, as: UTF8.self), body: message.body + message.body))
        }
        let silent = try nats.subscribe(to: "silent") { _ in }
        let questions = (0..<500).map { message("twice", "\($0)") }
        let answers = try nats.request(questions, milliseconds: 5_000)
        #expect(
            answers.enumerated().allSatisfy { number, answer in
                (try? answer.get().body) == Array("\(number)\(number)".utf8)
            })
        for (subject, patience) in [("nobody", 60_000), ("silent", 50)] {
            let failure = #expect(throws: NatsFailure.self) {
                try nats.request(message(subject, ""), milliseconds: patience)
            }
            #expect(failure?.isUnanswered ?? false)
        }
        withExtendedLifetime((answering, silent)) {}
    }

    @Test("what would break the protocol is not sent")
    func injected() throws {
        let servers = try NatsServers(1)
        let nats = try NatsConnection(urls: servers.urls, name: "test")
        let heard = Heard()
        let subscription = try nats.subscribe(to: "victim") { heard.add($0) }
        for subject in ["", "a b", "a\r\nPUB victim 0", "a\u{7F}"] {
            #expect(throws: NatsFailure.self) { try nats.publish(message(subject, "")) }
            #expect(throws: NatsFailure.self) { _ = try nats.subscribe(to: subject) { _ in } }
        }
        for (name, value) in [("A", "b\r\n\r\nPUB victim 0"), ("A:", "b"), ("", "b")] {
            #expect(throws: NatsFailure.self) {
                try nats.publish(OutgoingMessage(subject: "a", headers: [(name, value)]))
            }
        }
        try nats.publish(message("victim", "sound"))
        #expect(eventually { heard.all == ["sound"] })
        withExtendedLifetime(subscription) {}
    }

    @Test("a connection that is lost is made again, subscriptions go on, and what was asked meanwhile fails at once")
    func lost() throws {
        let servers = try NatsServers(1)
        let nats = try NatsConnection(urls: servers.urls, name: "test")
        let heard = Heard()
        let subscription = try nats.subscribe(to: "a") { heard.add($0) }
        let silent = try nats.subscribe(to: "silent") { _ in }
        let asked = Mutex<NatsFailure?>(nil)
        let done = DispatchGroup()
        done.enter()
        Thread.detachNewThread {
            do {
                _ = try nats.request(message("silent", ""), milliseconds: 60_000)
            } catch {
                asked.withLock { $0 = NatsFailure(error) }
            }
            done.leave()
        }
        try nats.publish(message("a", "1"))
        #expect(eventually { heard.all == ["1"] })
        servers.kill(0)
        #expect(done.wait(timeout: .now() + 10) == .success && asked.withLock { $0 }?.isUnanswered ?? false)
        #expect(eventually { !nats.isConnected } && nats.trouble?.contains("no server") ?? false)
        #expect(throws: NatsFailure.self) { try nats.publish(message("a", "2")) }
        try servers.start(0)
        #expect(eventually(within: 20) { nats.isConnected } && nats.trouble == nil)
        try nats.publish(message("a", "3"))
        #expect(eventually { heard.all == ["1", "3"] })
        withExtendedLifetime((subscription, silent)) {}
    }

    @Test("a server that is stopped without hanging up is left for another")
    func stopped() throws {
        let servers = try NatsServers(3)
        let nats = try NatsConnection(urls: servers.urls, name: "test")
        let heard = Heard()
        let subscription = try nats.subscribe(to: "a") { heard.add($0) }
        let first = try #require(servers.ports.firstIndex { "127.0.0.1:\($0)" == nats.server })
        servers.pause(first, true)
        defer { servers.pause(first, false) }
        #expect(eventually(within: 20) { nats.isConnected && nats.server != "127.0.0.1:\(servers.ports[first])" })
        #expect(eventually { (try? nats.publish(message("a", "1"))) != nil && heard.all.first == "1" })
        withExtendedLifetime(subscription) {}
    }

    @Test("an address where nobody listens is told")
    func nowhere() throws {
        let failure = #expect(throws: NatsFailure.self) {
            try NatsConnection(urls: ["nats://127.0.0.1:1"], name: "test")
        }
        #expect(failure?.description.contains("no server can be reached") ?? false)
        #expect(throws: NatsFailure.self) { try NatsConnection(urls: ["nats://"], name: "test") }
        #expect(throws: NatsFailure.self) { try NatsConnection(urls: [], name: "test") }
    }
}
