import Foundation

/// A program on a pseudo-terminal of its own, typed to and timed.
final class Screen {
    let process: pid_t
    private let descriptor: Int32
    private var log: [UInt8] = []
    /// Bytes that came before those in `log`.
    private var dropped = 0
    let started: Double

    // Macros of Linux that do not reach Swift: TIOCSPTLCK, TIOCGPTN (asm-generic/ioctls.h), POSIX_SPAWN_SETSID (spawn.h).
    private static let unlock: UInt = 0x4004_5431
    private static let terminalNumber: UInt = 0x8004_5430
    private static let newSession: Int16 = 0x80

    struct Failure: Error, CustomStringConvertible {
        let description: String
    }

    init(_ command: [String], width: Int = 120, height: Int = 40) throws {
        descriptor = open("/dev/ptmx", O_RDWR | O_NOCTTY | O_CLOEXEC)
        var number: UInt32 = 0
        var unlocked: Int32 = 0
        guard descriptor >= 0, ioctl(descriptor, Screen.unlock, &unlocked) == 0,
            ioctl(descriptor, Screen.terminalNumber, &number) == 0
        else { throw Failure(description: "no pseudo-terminal") }
        var size = winsize(ws_row: UInt16(height), ws_col: UInt16(width), ws_xpixel: 0, ws_ypixel: 0)
        _ = ioctl(descriptor, UInt(TIOCSWINSZ), &size)
        started = Clock.seconds()
        process = try Screen.spawn(command, on: "/dev/pts/\(number)", width: width, height: height)
    }

    private static func spawn(_ command: [String], on terminal: String, width: Int, height: Int) throws -> pid_t {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_addopen(&actions, 0, terminal, O_RDWR, 0)
        posix_spawn_file_actions_adddup2(&actions, 0, 1)
        posix_spawn_file_actions_adddup2(&actions, 0, 2)
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        // A session of its own makes the terminal that it opens its controlling one.
        posix_spawnattr_setflags(&attributes, Screen.newSession)
        var environment = ProcessInfo.processInfo.environment
        environment["TERM"] = "xterm-256color"
        environment["LANG"] = "C.UTF-8"
        environment["LINES"] = String(height)
        environment["COLUMNS"] = String(width)
        var arguments = command.map { strdup($0) } + [nil]
        var variables = environment.map { strdup("\($0.key)=\($0.value)") } + [nil]
        defer { (arguments + variables).forEach { free($0) } }
        var process: pid_t = 0
        let code = posix_spawnp(&process, command[0], &actions, &attributes, &arguments, &variables)
        guard code == 0 else { throw Failure(description: "\(command[0]): \(String(cString: strerror(code)))") }
        return process
    }

    // MARK: - Typing and reading

    func type(_ text: String) {
        let bytes = Array(text.utf8)
        _ = bytes.withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
    }

    /// Reads until nothing came for `quiet` seconds; the time of the last byte, or nil where nothing came within `limit`.
    func burst(limit: Double = 1, quiet: Double = 0.03) -> Double? {
        let end = Clock.seconds() + limit
        var last: Double?
        while true {
            let wait = last == nil ? max(0, end - Clock.seconds()) : quiet
            guard read(within: wait) else { return last }
            last = Clock.seconds()
            if last ?? 0 > end + 5 { return last }
        }
    }

    /// Reads until a text stands in what came since `mark`; the time, or nil where it did not come within `limit`.
    func wait(for text: String, from mark: Int, limit: Double) -> Double? {
        wait(for: Array(text.utf8), from: mark, limit: limit)
    }

    func wait(for wanted: [UInt8], from mark: Int, limit: Double) -> Double? {
        let end = Clock.seconds() + limit
        var searched = max(0, mark - dropped)
        while Clock.seconds() < end {
            guard read(within: end - Clock.seconds()) else { return nil }
            if contains(wanted, from: max(0, mark - dropped, searched - wanted.count)) { return Clock.seconds() }
            searched = log.count
        }
        return nil
    }

    /// How many bytes came so far.
    var mark: Int { dropped + log.count }

    func drain(seconds: Double) {
        let end = Clock.seconds() + seconds
        while Clock.seconds() < end { _ = read(within: end - Clock.seconds()) }
    }

    private func contains(_ wanted: [UInt8], from start: Int) -> Bool {
        guard log.count >= wanted.count, start <= log.count - wanted.count else { return false }
        return (start...log.count - wanted.count).contains {
            log[$0] == wanted[0] && log[$0..<$0 + wanted.count].elementsEqual(wanted)
        }
    }

    private func read(within seconds: Double) -> Bool {
        var polled = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        guard poll(&polled, 1, Int32(max(0, (seconds * 1000).rounded(.up)))) > 0 else { return false }
        var buffer = [UInt8](repeating: 0, count: 65_536)
        let count = Foundation.read(descriptor, &buffer, buffer.count)
        guard count > 0 else { return false }
        if log.count > 4 << 20 {
            dropped += log.count
            log.removeAll(keepingCapacity: true)
        }
        log.append(contentsOf: buffer[..<count])
        return true
    }

    // MARK: - The process

    /// Peak resident memory in MiB.
    var peakMegabytes: Double { Screen.peakMegabytes(of: process) }

    static func peakMegabytes(of process: pid_t) -> Double {
        let status = (try? String(contentsOfFile: "/proc/\(process)/status", encoding: .utf8)) ?? ""
        let line = status.split(separator: "\n").first { $0.hasPrefix("VmHWM") } ?? ""
        return (Double(line.filter(\.isNumber)) ?? 0) / 1024
    }

    /// Seconds of processor time so far.
    var processorSeconds: Double { Screen.processorSeconds(of: process) }

    static func processorSeconds(of process: pid_t) -> Double {
        let stat = (try? String(contentsOfFile: "/proc/\(process)/stat", encoding: .utf8)) ?? ""
        let fields = stat.split(separator: ")").last?.split(separator: " ") ?? []
        guard fields.count > 12, let user = Double(fields[11]), let system = Double(fields[12]) else { return 0 }
        return (user + system) / Double(sysconf(Int32(_SC_CLK_TCK)))
    }

    func end() {
        kill(process, SIGTERM)
        drain(seconds: 0.3)
        kill(process, SIGKILL)
        var status: Int32 = 0
        waitpid(process, &status, 0)
        close(descriptor)
    }
}

/// Middle and tail of a list of times, in milliseconds.
struct Spread {
    let p50: Double
    let p99: Double
    let count: Int

    init(_ seconds: [Double]) {
        let sorted = seconds.sorted()
        count = sorted.count
        p50 = Spread.at(0.50, sorted)
        p99 = Spread.at(0.99, sorted)
    }

    private static func at(_ part: Double, _ sorted: [Double]) -> Double {
        guard !sorted.isEmpty else { return .infinity }
        return sorted[min(sorted.count - 1, Int(part * Double(sorted.count)))] * 1000
    }

    var text: String { String(format: "p50 %.2f p99 %.2f ms", p50, p99) }
}
