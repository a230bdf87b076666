import Foundation

/// A real terminal: tmux on a socket of its own, with a shell in it that the program is started from.
final class Screen {
    let desk: Desk
    private let socket: String
    private let environment: [String: String]
    private var raws = 0
    private static let numbers = Numbers()

    private final class Numbers: @unchecked Sendable {
        private var last = 0
        private let lock = NSLock()

        func next() -> Int {
            lock.withLock {
                last += 1
                return last
            }
        }
    }

    init(_ size: String = "120x40", at desk: Desk, with more: [String: String] = [:]) throws {
        self.desk = desk
        socket = "impetus-test-\(ProcessInfo.processInfo.processIdentifier)-\(Screen.numbers.next())"
        environment = desk.environment.merging(more) { $1 }
        let parts = size.split(separator: "x").map(String.init)
        try tmux(
            "-f", "/dev/null", "new-session", "-d", "-x", parts[0], "-y", parts[1],
            "env", "PS1=ready> ", "bash", "--norc", "--noprofile", "-i")
        try tmux("set", "-g", "status", "off")
        try tmux("set", "-g", "window-size", "manual")
        try tmux("resize-window", "-x", parts[0], "-y", parts[1])
        try see("ready>")
    }

    deinit { close() }

    /// The terminal goes away, as when a connection breaks.
    func close() { _ = try? tmux("kill-server") }

    @discardableResult
    private func tmux(_ arguments: String...) throws -> String {
        guard let path = Product.tmux else { throw Trouble(Product.missingTerminal) }
        return try Programs.run(
            path, ["-u", "-L", socket] + arguments, environment: environment, folder: desk.folder
        ).output
    }

    // MARK: - What is done

    /// Starts the console from the shell; how it ends is written as `ended:CODE`.
    func start(_ arguments: String = "--no-exercise", before: String = "") throws {
        guard let path = Product.path else { throw Trouble(Product.missing) }
        try shell("stty -g > \(desk.folder)/before-\(socket)")
        let script = "\(desk.folder)/start-\(socket).sh"
        let lines = "#!/bin/sh\necho $$ > \(desk.folder)/pid-\(socket)\nexec \(path) \(arguments)\n"
        try Data(lines.utf8).write(to: URL(fileURLWithPath: script))
        try tmux("send-keys", "-l", "\(before) sh \(script); echo ended:$?")
        try tmux("send-keys", "Enter")
    }

    /// Runs a line in the shell.
    func shell(_ line: String) throws {
        try tmux("send-keys", "-l", line)
        try tmux("send-keys", "Enter")
    }

    /// Keys by tmux's names: `a`, `Enter`, `Escape`, `C-z`.
    func press(_ keys: String...) throws { for key in keys { try tmux("send-keys", key) } }

    func type(_ text: String) throws { try tmux("send-keys", "-l", text) }

    func resize(_ width: Int, _ height: Int) throws {
        try tmux("resize-window", "-x", String(width), "-y", String(height))
    }

    var processID: Int32? {
        (try? String(contentsOfFile: "\(desk.folder)/pid-\(socket)", encoding: .utf8))
            .flatMap { Int32($0.trimmingCharacters(in: .whitespacesAndNewlines)) }
    }

    var isRunning: Bool { processID.map { kill($0, 0) == 0 } ?? false }

    func signal(_ number: Int32) throws {
        guard let processID else { throw Trouble("the program was not started") }
        kill(processID, number)
    }

    // MARK: - What is seen

    var text: String { (try? tmux("capture-pane", "-p")) ?? "" }

    /// With the escape sequences that tmux would draw it by.
    var styled: String { (try? tmux("capture-pane", "-e", "-p")) ?? "" }

    var lines: [String] { text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init) }

    func see(_ wanted: String..., within seconds: Double = 10) throws {
        for text in wanted {
            do {
                try until(text, seconds: seconds) { self.text.contains(text) }
            } catch {
                throw Trouble("\"\(text)\" is not on the screen:\n\(self.text)")
            }
        }
    }

    func seeNot(_ unwanted: String) throws {
        do {
            try until("no " + unwanted) { !text.contains(unwanted) }
        } catch {
            throw Trouble("\"\(unwanted)\" is still on the screen:\n\(text)")
        }
    }

    /// A fact that tmux knows of the terminal, such as `alternate_on`.
    func fact(_ name: String) throws -> String {
        try tmux("display", "-p", "#{\(name)}").trimmingCharacters(in: .whitespacesAndNewlines)
    }

    /// From now on all that is written to the terminal is kept, byte by byte.
    func recordRaw() throws -> String {
        raws += 1
        let file = "\(desk.folder)/raw-\(socket)-\(raws)"
        try tmux("pipe-pane", "-O", "cat > \(file)")
        return file
    }

    /// What differs from the terminal before the program was started; empty where all is as it was.
    func changes() throws -> String {
        var found: [String] = []
        if try fact("alternate_on") != "0" { found.append("the alternate screen is on") }
        if try fact("cursor_flag") != "1" { found.append("the cursor is hidden") }
        if try fact("mouse_any_flag") != "0" { found.append("the mouse is caught") }
        if try fact("keypad_flag") != "0" { found.append("the keypad sends sequences") }
        try shell("stty -g > \(desk.folder)/after-\(socket); echo sett''led")
        try see("settled")
        let settings = ["before", "after"].map {
            (try? String(contentsOfFile: "\(desk.folder)/\($0)-\(socket)", encoding: .utf8)) ?? $0
        }
        if settings[0] != settings[1] { found.append("stty: \(settings[0]) became \(settings[1])") }
        return found.joined(separator: ", ")
    }
}
