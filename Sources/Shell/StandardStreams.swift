import Foundation

/// Results go to standard output, all else to standard error. What came from outside never reaches a terminal raw.
public enum Output {
    public static func line(_ text: String) { write(text + "\n", to: STDOUT_FILENO) }

    public static func bytes(_ bytes: [UInt8]) { write(bytes, to: STDOUT_FILENO) }

    public static func note(_ text: String) { write("\(program): " + printable(text) + "\n", to: STDERR_FILENO) }

    /// impetus or impetus-hub, by the name it was called with.
    private static let program = CommandLine.arguments.first?.split(separator: "/").last.map(String.init) ?? "impetus"

    /// A line on standard error as it is, without the program's name.
    public static func complain(_ text: String) { write(printable(text) + "\n", to: STDERR_FILENO) }

    /// A row of columns with tabs between them.
    public static func row(_ columns: [String]) { line(columns.map(printable).joined(separator: "\t")) }

    public static func prompt(_ text: String) { write(printable(text), to: STDERR_FILENO) }

    public static func progress(_ text: String) { write("\r\u{1B}[K" + printable(text), to: STDERR_FILENO) }

    public static func endProgress() { write("\r\u{1B}[K", to: STDERR_FILENO) }

    public static var progressIsSeen: Bool { isatty(STDERR_FILENO) == 1 }

    /// Controls, line breaks and bidirectional marks as visible placeholders.
    public static func printable(_ text: String) -> String {
        String(String.UnicodeScalarView(text.unicodeScalars.map { isPlain($0) ? $0 : "\u{FFFD}" }))
    }

    private static func isPlain(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0..<0x20, 0x7F...0x9F, 0x061C, 0x200E, 0x200F, 0x2028...0x202E, 0x2066...0x2069: false
        default: true
        }
    }

    private static func write(_ text: String, to descriptor: Int32) { write(Array(text.utf8), to: descriptor) }

    private static func write(_ bytes: [UInt8], to descriptor: Int32) {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Foundation.write(descriptor, $0.baseAddress, $0.count) }
            if count < 0 {
                if errno == EINTR { continue }
                // Nobody reads any more (a closed pipe): going on would be work for nobody.
                if descriptor == STDOUT_FILENO { exit(0) }
                return
            }
            rest = rest.dropFirst(count)
        }
    }
}
