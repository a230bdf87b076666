import Foundation

/// The program as it was built, beside the bundle that these tests run from.
enum Product {
    static let path = beside("impetus")
    static let hub = beside("impetus-hub")

    private static func beside(_ name: String) -> String? {
        var places = CommandLine.arguments.filter { $0.contains(".xctest") }
        if let own = try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe") { places.append(own) }
        for place in places {
            var folder = URL(fileURLWithPath: place)
            while folder.path != "/" {
                folder.deleteLastPathComponent()
                let file = folder.appendingPathComponent(name).path
                let isFile =
                    (try? FileManager.default.attributesOfItem(atPath: file)[.type] as? FileAttributeType)
                    == .typeRegular
                if isFile { return file }
            }
        }
        return nil
    }

    static let tmux: String? = ["/usr/bin/tmux", "/usr/local/bin/tmux", "/opt/homebrew/bin/tmux"]
        .first { FileManager.default.isExecutableFile(atPath: $0) }

    static var isBuilt: Bool { path != nil }
    static var hasTerminal: Bool { path != nil && tmux != nil }
    static let missing = "the product impetus is not built beside the tests: swift build --product impetus"
    static let missingTerminal =
        "tmux or the product impetus is missing: swift build --product impetus; apt install tmux"
}

/// What a program said and how it ended.
struct Outcome {
    var output: String
    var complaints: String
    var code: Int32

    var lines: [String] { output.split(separator: "\n").map(String.init) }
}

/// A test that cannot go on.
struct Trouble: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) { self.description = description }
}

/// Asks again and again until it is so, at most ten seconds.
func until(_ what: String, seconds: Double = 10, _ isSo: () throws -> Bool) throws {
    let end = Date().addingTimeInterval(seconds)
    while try !isSo() {
        guard Date() < end else { throw Trouble("in vain waited for: " + what) }
        Thread.sleep(forTimeInterval: 0.01)
    }
}

/// Runs programs by `posix_spawn`: Foundation's `Process` waits for daemons that a program leaves behind, as tmux does.
enum Programs {
    /// Runs to its end, which is made after 30 seconds.
    static func run(_ path: String, _ arguments: [String], environment: [String: String], folder: String) throws
        -> Outcome
    {
        let name = folder + "/." + UUID().uuidString
        let (out, complaints) = (name + ".out", name + ".err")
        defer { for file in [out, complaints] { try? FileManager.default.removeItem(atPath: file) } }
        let process = try start(path, arguments, environment: environment, output: out, complaints: complaints)
        var status: Int32 = 0
        do {
            try until("the end of " + arguments.joined(separator: " "), seconds: 30) {
                waitpid(process, &status, WNOHANG) == process
            }
        } catch {
            end(process)
            throw error
        }
        let code = status & 0x7F == 0 ? status >> 8 & 0xFF : 128 + status & 0x7F
        return Outcome(output: text(of: out), complaints: text(of: complaints), code: code)
    }

    /// Starts a program that reads a file, or nothing, and writes to files.
    static func start(
        _ path: String, _ arguments: [String], environment: [String: String], input: String = "/dev/null",
        output: String, complaints: String
    ) throws -> pid_t {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_addopen(&actions, 0, input, O_RDONLY, 0)
        posix_spawn_file_actions_addopen(&actions, 1, output, O_WRONLY | O_CREAT | O_TRUNC, 0o600)
        posix_spawn_file_actions_addopen(&actions, 2, complaints, O_WRONLY | O_CREAT | O_TRUNC, 0o600)
        // The threads that tests run on block signals, and a program inherits that.
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        var (none, all) = (sigset_t(), sigset_t())
        sigemptyset(&none)
        sigfillset(&all)
        posix_spawnattr_setsigmask(&attributes, &none)
        posix_spawnattr_setsigdefault(&attributes, &all)
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF))
        let words = ([path] + arguments).map { strdup($0) } + [nil]
        let variables = environment.map { strdup($0.key + "=" + $0.value) } + [nil]
        defer { for text in words + variables { free(text) } }
        var process: pid_t = 0
        let error = posix_spawn(&process, path, &actions, &attributes, words, variables)
        guard error == 0 else { throw Trouble("\(path) cannot be started: \(String(cString: strerror(error)))") }
        return process
    }

    static func end(_ process: pid_t) {
        kill(process, SIGKILL)
        var status: Int32 = 0
        waitpid(process, &status, 0)
    }

    static func text(of file: String) -> String {
        String(decoding: FileManager.default.contents(atPath: file) ?? Data(), as: UTF8.self)
    }
}
