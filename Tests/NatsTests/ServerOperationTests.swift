import ControlRoom
import NIOCore
import Testing

@testable import Nats

@Suite("What a server sends")
struct ServerOperationTests {
    /// All operations, cut from bytes that come in pieces.
    private func operations(_ bytes: [UInt8], pieces: Int) throws -> [ServerOperation] {
        var (decoder, buffer, found) = (ServerOperationDecoder(), ByteBuffer(), [ServerOperation]())
        for start in stride(from: 0, to: bytes.count, by: pieces) {
            buffer.writeBytes(bytes[start..<min(bytes.count, start + pieces)])
            while let operation = try decoder.next(in: &buffer) { found.append(operation) }
        }
        return found
    }

    private func operations(_ text: String, pieces: Int = .max) throws -> [ServerOperation] {
        try operations(Array(text.utf8), pieces: pieces == .max ? max(1, text.utf8.count) : pieces)
    }

    private static let stream =
        "INFO {\"server_id\":\"N\",\"max_payload\":8388608,\"tls_required\":true,\"nonce\":\"abc\",\"connect_urls\":[\"10.0.0.2:4222\"]}\r\n"
        + "PONG\r\n+OK\r\nMSG a.b 7 5\r\nhel\r\n\r\nmsg a.b 7 _INBOX.1 0\r\n\r\nPING\r\n"
        + "HMSG c 2 $JS.ACK.S.c.1.9.3.17.0 12 17\r\nNATS/1.0\r\n\r\nhello\r\n-ERR 'Authorization Violation'\r\n"

    @Test("is the same, however its bytes come in pieces")
    func pieces() throws {
        let whole = try operations(ServerOperationTests.stream)
        #expect(whole.count == 8)
        for pieces in 1..<40 { #expect(try operations(ServerOperationTests.stream, pieces: pieces) == whole) }
        guard case .info(let info) = whole[0] else { return #expect(Bool(false), "no INFO") }
        #expect(info.largestPayload == 8_388_608 && info.wantsTLS && !info.offersTLS && info.nonce == "abc")
        #expect(info.others == ["10.0.0.2:4222"])
        #expect(whole[1] == .pong && whole[2] == .ok && whole[5] == .ping)
        #expect(
            whole[3]
                == .message(
                    NatsMessage(subject: Array("a.b".utf8), body: Array("hel\r\n".utf8)), subscription: 7))
        #expect(
            whole[4]
                == .message(
                    NatsMessage(subject: Array("a.b".utf8), reply: Array("_INBOX.1".utf8)), subscription: 7))
        #expect(
            whole[6]
                == .message(
                    NatsMessage(
                        subject: [0x63], reply: Array("$JS.ACK.S.c.1.9.3.17.0".utf8),
                        headerBytes: Array("NATS/1.0\r\n\r\n".utf8),
                        body: Array("hello".utf8)), subscription: 2))
        #expect(whole[7] == .error("Authorization Violation"))
    }

    @Test("what is no protocol is refused, and no size is believed beyond what a server takes")
    func malformed() {
        for text in [
            "HTTP/1.1 400 Bad Request\r\n", "\r\n", "INFO {\r\n", "INFO\r\n", "MSG a 1\r\n", "MSG a b 3\r\n",
            "MSG a 1 -3\r\n",
            "MSG a 1 99999999999999999999\r\n", "MSG a 1 68157441\r\n", "HMSG a 1 9 3\r\nabc\r\n",
            "MSG a 1 2\r\nabcd\r\n",
            "MSG a 1 r 2 3 4\r\n", "INFO {\"max_payload\":\"x\"}\r\n",
        ] {
            #expect(throws: (any Error).self, "\(text)") { try operations(text) }
        }
        let endless = [UInt8](repeating: 0x41, count: ServerOperationDecoder.longestLine + 1)
        #expect(throws: NatsProtocolError.self) { try operations(endless, pieces: 65_536) }
    }

    @Test("bytes changed anywhere do not crash")
    func changed() throws {
        let stream = Array(ServerOperationTests.stream.utf8)
        for place in stream.indices {
            for byte: UInt8 in [0, 0x0A, 0x20, 0x39, 0xFF] {
                var bytes = stream
                bytes[place] = byte
                if let found = try? operations(bytes, pieces: 13) { #expect(found.count <= 20) }
            }
        }
    }

    @Test("headers are a status, and names with values; what is malformed is left out")
    func headers() {
        let whole = NatsHeaders(
            Array("NATS/1.0 503 No Responders\r\nName: a: b\r\nEmpty:\r\nbroken\r\nName: c\r\n\r\n".utf8))
        #expect(whole.status == 503 && whole["Name"] == "a: b" && whole["Empty"] == "" && whole["name"] == nil)
        #expect(NatsHeaders([]).status == nil && NatsHeaders(Array("HTTP/1.1 503\r\n".utf8)).status == nil)
        #expect(NatsHeaders(Array("NATS/1.0\r\n\r\n".utf8)).status == nil)
    }

    @Test("the last so many numbers of a subject, and no others")
    func numbers() {
        func last(_ count: Int, _ text: String) -> [Int64] { Numbers.last(count, of: Array(text.utf8)) }
        #expect(
            last(4, "$JS.ACK.IMPETUS_a.c1.1.1204.17.1795435200000000000.0") == [
                1_204, 17, 1_795_435_200_000_000_000, 0,
            ])
        #expect(last(2, "12 7") == [12, 7] && last(2, "7") == [7] && last(2, "") == [] && last(3, "a.b") == [])
        #expect(last(1, "9223372036854775807") == [.max] && last(2, "99999999999999999999 1").last == 1)
    }
}

@Suite("Where servers are")
struct ServerAddressTests {
    @Test("an address has a host and a port, and who the hub is does not stand in it")
    func addresses() throws {
        func shown(_ text: String) -> String? { ServerAddress(text)?.shown }
        #expect(shown("nats://n1.example:4300") == "n1.example:4300" && shown("n1.example") == "n1.example:4222")
        #expect(
            shown("nats://user:secret@10.0.0.1:4222/") == "10.0.0.1:4222" && shown("10.0.0.1:4222") == "10.0.0.1:4222")
        #expect(shown("nats://[2001:db8::1]:4222") == "[2001:db8::1]:4222" && shown("[::1]") == "[::1]:4222")
        for text in [
            "", "nats://", "nats://a:0", "a:65536", "a:b", "[::1", "[::1]x", ":4222", "tls://a:1", "http://a:1",
        ] {
            #expect(shown(text) == nil)
        }
    }

    @Test("one server comes after the other, and what they name is tried beside what was given")
    func pool() throws {
        let given = try ["a:1", "b:2"].map { try #require(ServerAddress($0)) }
        var pool = ServerPool(given, start: 1)
        func round() -> [String] { (0..<pool.count).compactMap { _ in pool.next()?.shown } }
        #expect(round() == ["b:2", "a:1"])
        pool.discover(["a:1", "10.0.0.9:4222", "broken:"], by: given[0])
        #expect(round().sorted() == ["10.0.0.9:4222", "a:1", "b:2"])
        // Its certificate has to be for the name by which the server was reached that named it.
        let named = (0..<3).compactMap { _ in pool.next() }.first { $0.host == "10.0.0.9" }
        #expect(named?.certificateName == "a")
        pool.discover([], by: given[0])
        #expect(pool.count == 2)
        var none = ServerPool([], start: 5)
        #expect(none.next() == nil)
    }
}
