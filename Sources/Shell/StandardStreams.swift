public import ArgumentParser
import ControlRoom
import Foundation
import Synchronization

/// Results go to standard output, all else to standard error. What came from outside never reaches a terminal raw.
///
/// A write that fails ends no work: what a command does, it does to its end, and `exitCode` says then what became of its
/// words. Whoever only lists asks `check` between two lines.
public enum Output {
    /// Lines of words; what is not plain in them becomes U+FFFD.
    public static func line(_ text: String) { write(PlainText.shown(text, lines: true) + "\n", to: STDOUT_FILENO) }

    /// JSON as it was written, on one line; what is not plain in its strings is escaped, and nothing of them is lost.
    public static func json(_ text: String) { write(PlainText.escaped(json: text) + "\n", to: STDOUT_FILENO) }

    /// Bytes as they are. Only for formats whose writers escape what is not plain.
    public static func bytes(_ bytes: [UInt8]) { write(bytes[...], to: STDOUT_FILENO) }

    /// A row of columns with tabs between them, each cut to `PlainText.longestField` characters.
    public static func row(_ columns: [String]) {
        line(columns.map { PlainText.cut(printable($0)) }.joined(separator: "\t"))
    }

    /// A line on standard error that begins with the program's name, cut like `complain`.
    public static func note(_ text: String) { complain("\(program): " + text) }

    /// impetus or impetus-hub, by the name it was called with.
    private static let program = printable(
        CommandLine.arguments.first?.split(separator: "/").last.map(String.init) ?? "impetus")

    /// A line on standard error without the program's name, cut to `longestComplaint` characters.
    public static func complain(_ text: String) {
        write(PlainText.cut(printable(text), to: longestComplaint) + "\n", to: STDERR_FILENO)
    }

    /// Paths may have 4,096 bytes, and what is wrong with them stands behind them.
    private static let longestComplaint = 8_000

    /// As `note`, in red where a terminal shows it and `NO_COLOR` is not set.
    public static func alarm(_ text: String) {
        let isRed = progressIsSeen && (ProcessInfo.processInfo.environment["NO_COLOR"] ?? "").isEmpty
        if isRed { write("\u{1B}[31m", to: STDERR_FILENO) }
        note(text)
        if isRed { write("\u{1B}[0m", to: STDERR_FILENO) }
    }

    /// A line of a journal on standard error: JSON, never cut.
    public static func journal(_ json: String) { write(PlainText.escaped(json: json) + "\n", to: STDERR_FILENO) }

    /// Lines on standard error, such as those that explain a wrong call.
    static func complain(lines: String) { write(PlainText.shown(lines, lines: true) + "\n", to: STDERR_FILENO) }

    /// A question on standard error, without an end of line.
    public static func prompt(_ text: String) { write(printable(text), to: STDERR_FILENO) }

    /// A line on standard error in the place of the last one; for terminals alone, see `progressIsSeen`.
    public static func progress(_ text: String) { write("\r\u{1B}[K" + printable(text), to: STDERR_FILENO) }

    /// Takes the line of `progress` away.
    public static func endProgress() { write("\r\u{1B}[K", to: STDERR_FILENO) }

    /// Whether standard error is a terminal.
    public static var progressIsSeen: Bool { isatty(STDERR_FILENO) == 1 }

    /// The text on one line, with U+FFFD for whatever is not plain (`PlainText.isPlain`).
    public static func printable(_ text: String) -> String { PlainText.shown(text) }

    // MARK: - Writing that fails

    /// The `errno` of the first write to standard output that failed; nothing is written there after it.
    private static let failure = Mutex<Int32?>(nil)
    /// The same of standard error, but for one that was closed: who closes it wants to hear nothing.
    private static let unheard = Mutex<Int32?>(nil)

    /// What became of both: 0 also where a reader went away (EPIPE), which is no error; else after sysexits.h 73 where there is no room
    /// for what was to be written, and 74 where it cannot be written.
    public static var exitCode: ExitCode {
        let spoken = failure.withLock { $0.map(code(of:)) } ?? .success
        return spoken == .success ? unheard.withLock { $0.map(code(of:)) } ?? .success : spoken
    }

    /// For whoever only lists: nobody reads what is still to come.
    ///
    /// - Throws: an exit code, once standard output cannot be written any more.
    public static func check() throws {
        if let error = failure.withLock({ $0 }) { throw code(of: error) }
    }

    private static func code(of error: Int32) -> ExitCode {
        error == EPIPE ? .success : DiskProblem.exitCode(errno: error)
    }

    private static func fail(_ error: Int32) {
        failure.withLock { $0 = $0 ?? error }
        if error != EPIPE { note("standard output: " + String(cString: strerror(error))) }
    }

    /// Hands over what the system still holds back: some disks say only now that they are full. A terminal stays open, for what gives
    /// it back at the very end.
    static func close() {
        guard failure.withLock({ $0 }) == nil, isatty(STDOUT_FILENO) == 0 else { return }
        if Foundation.close(STDOUT_FILENO) != 0, errno != EBADF { fail(errno) }
    }

    private static func write(_ text: String, to descriptor: Int32) { write(Array(text.utf8)[...], to: descriptor) }

    private static func write(_ bytes: ArraySlice<UInt8>, to descriptor: Int32) {
        if descriptor == STDOUT_FILENO, failure.withLock({ $0 }) != nil { return }
        var rest = bytes
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Foundation.write(descriptor, $0.baseAddress, $0.count) }
            if count >= 0 {
                rest = rest.dropFirst(count)
                continue
            }
            let error = errno
            switch error {
            case EINTR: continue
            case EAGAIN: wait(for: descriptor)
            default:
                if descriptor == STDOUT_FILENO { return fail(error) }
                if error != EBADF { unheard.withLock { $0 = $0 ?? error } }
                return
            }
        }
    }

    /// Somebody made the other end non-blocking, as some shells do.
    private static func wait(for descriptor: Int32) {
        var one = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
        poll(&one, 1, -1)
    }
}
