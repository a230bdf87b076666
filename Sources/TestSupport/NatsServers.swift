import Foundation

/// Real nats-server processes on loopback, each with a folder of its own.
public final class NatsServers: @unchecked Sendable {
    public static let path = ["/usr/sbin/nats-server", "/usr/bin/nats-server", "/usr/local/bin/nats-server"]
        .first { FileManager.default.isExecutableFile(atPath: $0) }
    public static let missing = "nats-server is missing: apt install nats-server"

    private let folder: TemporaryFolder
    private var processes: [Int: Process] = [:]
    public let ports: [Int]
    private let monitors: [Int]
    private let routes: [Int]
    /// What stands in the servers' configuration beside what they need to run: TLS, users. It counts from the next start on.
    public var settings: String
    /// The same among themselves.
    private let routeSettings: String

    public var urls: [String] { ports.map { "nats://127.0.0.1:\($0)" } }

    public init(_ count: Int, settings: String = "", routeSettings: String = "") throws {
        self.settings = settings
        self.routeSettings = routeSettings
        folder = try TemporaryFolder()
        let free = try NatsServers.freePorts(count * 3)
        ports = Array(free.prefix(count))
        monitors = Array(free.dropFirst(count).prefix(count))
        routes = Array(free.dropFirst(2 * count))
        for number in 0..<count { try start(number) }
        for number in 0..<count {
            guard ready(number) else { throw Trouble(description: "nats-server \(number) does not come up") }
        }
    }

    struct Trouble: Error, CustomStringConvertible { let description: String }

    deinit { for number in processes.keys { kill(number) } }

    public func start(_ number: Int) throws {
        let routes = routes.map { "\"nats-route://127.0.0.1:\($0)\"" }.joined(separator: ", ")
        let cluster =
            ports.count == 1
            ? ""
            : "cluster { name: c, listen: \"127.0.0.1:\(self.routes[number])\", routes: [ \(routes) ]\n"
                + "\(routeSettings)}\n"
        let text = """
            server_name: n\(number)
            listen: "127.0.0.1:\(ports[number])"
            http: "127.0.0.1:\(monitors[number])"
            max_payload: 8MB
            jetstream { store_dir: "\(folder.file("js\(number)"))", max_mem: 64MB, max_file: 1GB }
            \(cluster)\(settings)
            """
        let file = folder.file("n\(number).conf")
        try Data(text.utf8).write(to: URL(fileURLWithPath: file))
        let process = Process()
        process.executableURL = URL(fileURLWithPath: NatsServers.path ?? "")
        process.arguments = ["-c", file]
        process.standardError = FileHandle.nullDevice
        process.standardOutput = FileHandle.nullDevice
        try process.run()
        processes[number] = process
    }

    /// As the plug does it.
    public func kill(_ number: Int) {
        guard let process = processes.removeValue(forKey: number) else { return }
        Foundation.kill(process.processIdentifier, SIGKILL)
        process.waitUntilExit()
    }

    public func ready(_ number: Int) -> Bool {
        eventually(within: 30) { NatsServers.answer(monitors[number]).contains("\"ok\"") }
    }

    /// Publishes bytes as any program can that reaches a server (the NATS client protocol), past everything of ours.
    ///
    /// - Throws: `Trouble` where the server does not say that it has them.
    public func publish(_ bytes: [UInt8], to subject: String, at number: Int = 0) throws {
        guard let socket = Loopback.connect(to: ports[number]) else { throw Trouble(description: "nobody listens") }
        defer { close(socket) }
        let request =
            Array("CONNECT {\"verbose\":false}\r\nPUB \(subject) \(bytes.count)\r\n".utf8) + bytes
            + Array("\r\nPING\r\n".utf8)
        var sent = 0
        while sent < request.count {
            let count = request[sent...].withUnsafeBytes { write(socket, $0.baseAddress, $0.count) }
            guard count > 0 else { throw Trouble(description: "the server hung up") }
            sent += count
        }
        var (text, buffer) = ("", [UInt8](repeating: 0, count: 4_096))
        while !text.contains("PONG"), !text.contains("-ERR") {
            let count = read(socket, &buffer, buffer.count)
            guard count > 0 else { break }
            text += String(decoding: buffer.prefix(count), as: UTF8.self)
        }
        guard text.contains("PONG") else { throw Trouble(description: "not published: \(text)") }
    }

    /// The bodies of all messages of a stream, in order, as any program reads them that reaches a server.
    ///
    /// - Throws: `Trouble` where the server does not answer.
    public func messages(of stream: String, at number: Int = 0) throws -> [[UInt8]] {
        var bodies: [[UInt8]] = []
        while let body = try message(bodies.count + 1, of: stream, at: number) { bodies.append(body) }
        return bodies
    }

    /// - Returns: nil where there is none of this sequence.
    private func message(_ sequence: Int, of stream: String, at number: Int) throws -> [UInt8]? {
        guard let socket = Loopback.connect(to: ports[number]) else { throw Trouble(description: "nobody listens") }
        defer { close(socket) }
        let question = "{\"seq\":\(sequence)}"
        let request = """
            CONNECT {\"verbose\":false}\r\nSUB answer 1\r\nPUB $JS.API.STREAM.MSG.GET.\(stream) answer \
            \(question.utf8.count)\r\n\(question)\r\n
            """
        let sent = Array(request.utf8)
        guard write(socket, sent, sent.count) == sent.count else { throw Trouble(description: "the server hung up") }
        var (text, buffer) = ("", [UInt8](repeating: 0, count: 64 << 10))
        while true {
            let count = read(socket, &buffer, buffer.count)
            guard count > 0 else { throw Trouble(description: "the server does not answer: \(text)") }
            text += String(decoding: buffer.prefix(count), as: UTF8.self)
            // The answer is one line of JSON behind the line that announces it.
            guard let start = text.range(of: "MSG answer "), let end = text[start.upperBound...].range(of: "}\r\n")
            else {
                continue
            }
            guard let json = text[start.upperBound..<end.upperBound].range(of: "\r\n") else { continue }
            let object =
                try JSONSerialization.jsonObject(
                    with: Data(text[json.upperBound..<end.upperBound].utf8)) as? [String: Any]
            let data = (object?["message"] as? [String: Any])?["data"] as? String
            return data.flatMap { Data(base64Encoded: $0) }.map { Array($0) }
        }
    }

    /// What a server says of its health; empty where it says nothing.
    private static func answer(_ port: Int) -> String {
        guard let socket = Loopback.connect(to: port) else { return "" }
        defer { close(socket) }
        let request = Array("GET /healthz HTTP/1.0\r\n\r\n".utf8)
        _ = write(socket, request, request.count)
        var (text, buffer) = ("", [UInt8](repeating: 0, count: 4_096))
        while case let count = read(socket, &buffer, buffer.count), count > 0 {
            text += String(decoding: buffer.prefix(count), as: UTF8.self)
        }
        return text
    }

    private static func freePorts(_ count: Int) throws -> [Int] {
        var sockets: [Int32] = []
        defer { for socket in sockets { close(socket) } }
        return try (0..<count).map { _ in
            let socket = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
            sockets.append(socket)
            var address = Loopback.address(0)
            var length = socklen_t(MemoryLayout<sockaddr_in>.size)
            let port = withUnsafeMutablePointer(to: &address) { pointer in
                pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { raw in
                    guard bind(socket, raw, length) == 0, getsockname(socket, raw, &length) == 0 else { return 0 }
                    return Int(UInt16(bigEndian: pointer.pointee.sin_port))
                }
            }
            guard port > 0 else { throw Trouble(description: "no free port") }
            return port
        }
    }
}
