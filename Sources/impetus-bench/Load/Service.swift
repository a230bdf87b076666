import Foundation

/// A server that runs for one measurement, on a port of its own of this machine.
final class Service {
    let port: Int
    private let process: Process
    private let log: String

    init(_ command: [String], port: Int, log: String) throws {
        self.port = port
        self.log = log
        process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = command
        _ = FileManager.default.createFile(atPath: log, contents: nil)
        let output = try FileHandle(forWritingTo: URL(fileURLWithPath: log))
        (process.standardOutput, process.standardError) = (output, output)
        process.standardInput = FileHandle.nullDevice
        try process.run()
        try untilItListens()
    }

    private func untilItListens() throws {
        for _ in 0..<400 {
            if (try? Connection(port: port)) != nil { return }
            guard process.isRunning else { break }
            usleep(25_000)
        }
        let text = (try? String(contentsOfFile: log, encoding: .utf8)) ?? ""
        throw Screen.Failure(description: "\(process.arguments?.first ?? "") does not listen: \(text.suffix(400))")
    }

    /// Peak resident memory in MiB.
    var peakMegabytes: Double { Screen.peakMegabytes(of: process.processIdentifier) }

    /// Returns when the server has done what it was left to do: a second of which it uses less than a twentieth.
    func rest() {
        var before = -1.0
        while true {
            let used = Screen.processorSeconds(of: process.processIdentifier)
            if used - before < 0.05 { return }
            before = used
            sleep(1)
        }
    }

    func end() {
        process.terminate()
        process.waitUntilExit()
    }

    /// A port that nobody listens on.
    static func freePort() throws -> Int {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(descriptor) }
        var address = Connection.loopback(0)
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let code = withUnsafeMutablePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(descriptor, $0, size) == 0 ? getsockname(descriptor, $0, &size) : -1
            }
        }
        guard code == 0 else { throw Screen.Failure(description: "no free port") }
        return Int(UInt16(bigEndian: address.sin_port))
    }
}

extension Workshop {
    /// A trial hub of one tenant, with its log in this folder or at these nats-servers.
    func hub(nats: String? = nil) throws -> Service {
        let (port, name) = (try Service.freePort(), UUID().uuidString)
        return try Service(
            [
                try Programs.beside("impetus-hub"), "serve", "--insecure-loopback", "bench", "--city", "padova",
                "--listen", "127.0.0.1:\(port)", "--log-level", "error", "--log",
                nats ?? "sqlite:\(path)/\(name).sqlite",
            ] + (nats == nil ? [] : ["--replicas", "3"]), port: port, log: "\(path)/\(name).log")
    }

    func alertmanager() throws -> Service {
        let (port, name) = (try Service.freePort(), UUID().uuidString)
        let file = "\(path)/\(name).yml"
        try "route:\n  receiver: nobody\nreceivers:\n  - name: nobody\n"
            .write(toFile: file, atomically: true, encoding: .utf8)
        return try Service(
            [
                "prometheus-alertmanager", "--config.file=\(file)", "--storage.path=\(path)/\(name)",
                "--web.listen-address=127.0.0.1:\(port)", "--cluster.listen-address=", "--log.level=error",
            ], port: port, log: "\(path)/\(name).log")
    }

    /// The current one, where `sh .ci/install bench` could fetch it; otherwise the system's.
    private static var natsServer: String {
        let current = FileManager.default.currentDirectoryPath + "/.build/nats/bin/nats-server"
        return FileManager.default.isExecutableFile(atPath: current) ? current : "nats-server"
    }

    /// Three nats-servers of one cluster, and where they are.
    func natsCluster() throws -> (servers: [Service], address: String) {
        let ports = try (0..<3).map { _ in try Service.freePort() }
        let routes = try (0..<3).map { _ in try Service.freePort() }
        let peers = routes.map { "nats://127.0.0.1:\($0)" }.joined(separator: ",")
        let servers = try (0..<3).map { index in
            let name = "bench\(index)"
            return try Service(
                [
                    Workshop.natsServer, "-a", "127.0.0.1", "-p", "\(ports[index])", "-js", "-sd", "\(path)/\(name)",
                    "-n", name, "--cluster_name", "bench", "--cluster", "nats://127.0.0.1:\(routes[index])",
                    "--routes", peers,
                ], port: ports[index], log: "\(path)/\(name).log")
        }
        // A leader has to be chosen before a stream can be made.
        sleep(4)
        return (servers, ports.map { "nats://127.0.0.1:\($0)" }.joined(separator: ","))
    }
}
