import ControlRoom
import Foundation
import Standards

/// A plain connection to a port of this machine, and the least of HTTP/1.1 that a load needs.
final class Connection {
    let descriptor: Int32
    private var rest: [UInt8] = []

    init(port: Int) throws {
        descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        var address = Connection.loopback(port)
        let code = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        guard code == 0 else {
            // `deinit` closes it.
            throw Screen.Failure(description: "port \(port): \(String(cString: strerror(errno)))")
        }
        var one: Int32 = 1
        setsockopt(descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, &one, socklen_t(MemoryLayout<Int32>.size))
    }

    deinit { close(descriptor) }

    static func loopback(_ port: Int) -> sockaddr_in {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = UInt16(port).bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        return address
    }

    /// Sends a request and waits for its answer.
    ///
    /// - Throws: where the answer is not 2xx.
    func post(_ path: String, type: String, _ body: [UInt8]) throws {
        let head =
            "POST \(path) HTTP/1.1\r\nHost: bench\r\nContent-Type: \(type)\r\nContent-Length: \(body.count)\r\n\r\n"
        try send(Array(head.utf8) + body)
        let answer = try answer()
        guard answer.hasPrefix("HTTP/1.1 2") else { throw Screen.Failure(description: String(answer.prefix(400))) }
    }

    /// Events to a hub, together.
    ///
    /// - Throws: where the answer is not 2xx.
    func post(_ events: [Event]) throws {
        let bodies = events.map { CloudEventWriter.json($0) }
        let body = Array("[".utf8) + bodies.joined(separator: Array(",".utf8)) + Array("]".utf8)
        try post("/v1/events", type: CloudEventHTTP.batch, body)
    }

    /// A whole answer, its head included.
    ///
    /// - Throws: where it is not 2xx.
    func get(_ path: String) throws -> String {
        try send(Array("GET \(path) HTTP/1.1\r\nHost: bench\r\n\r\n".utf8))
        let answer = try answer()
        guard answer.hasPrefix("HTTP/1.1 2") else { throw Screen.Failure(description: String(answer.prefix(400))) }
        return answer
    }

    /// Asks for a stream; what it sends is read from the descriptor.
    func follow(_ path: String) throws {
        try send(Array("GET \(path) HTTP/1.1\r\nHost: bench\r\nAccept: text/event-stream\r\n\r\n".utf8))
    }

    private func send(_ bytes: [UInt8]) throws {
        var sent = 0
        while sent < bytes.count {
            let count = bytes[sent...].withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
            guard count > 0 else { throw Screen.Failure(description: "the connection ended") }
            sent += count
        }
    }

    private func answer() throws -> String {
        var buffer = [UInt8](repeating: 0, count: 16_384)
        while true {
            let text = String(decoding: rest, as: UTF8.self)
            if let end = text.range(of: "\r\n\r\n") {
                let head = text[..<end.lowerBound]
                let length =
                    head.lowercased().split(separator: "\r\n").first { $0.hasPrefix("content-length:") }
                    .flatMap { Int($0.dropFirst(15).trimmingCharacters(in: .whitespaces)) } ?? 0
                let whole = head.utf8.count + 4 + length
                if rest.count >= whole {
                    rest.removeFirst(whole)
                    return String(decoding: text.utf8.prefix(whole), as: UTF8.self)
                }
            }
            let count = read(descriptor, &buffer, buffer.count)
            guard count > 0 else { throw Screen.Failure(description: "the connection ended") }
            rest.append(contentsOf: buffer[..<count])
        }
    }
}
