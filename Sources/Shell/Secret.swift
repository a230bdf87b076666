import ArgumentParser
import Foundation

/// Something that is typed and not shown.
public enum Secret {
    /// Asks on the terminal, key by key, so that Ctrl-C is heard and the terminal is left as it was.
    ///
    /// - Returns: nil where standard input is no terminal.
    /// - Throws: an exit code where the user gave up.
    public static func ask(_ prompt: String) throws -> String? {
        guard isatty(STDIN_FILENO) == 1 else { return nil }
        var before = termios()
        guard tcgetattr(STDIN_FILENO, &before) == 0 else { return nil }
        var quiet = before
        quiet.c_lflag &= ~tcflag_t(ECHO | ICANON | ISIG)
        tcsetattr(STDIN_FILENO, TCSAFLUSH, &quiet)
        defer { tcsetattr(STDIN_FILENO, TCSAFLUSH, &before) }
        Output.prompt(prompt)
        defer { Output.complain("") }
        return try line()
    }

    private static func line() throws -> String {
        var bytes: [UInt8] = []
        while true {
            var byte: UInt8 = 0
            let count = read(STDIN_FILENO, &byte, 1)
            if count < 0, errno == EINTR { continue }
            switch count == 1 ? byte : endOfText {
            case interrupt: throw ExitCode(128 + SIGINT)
            case UInt8(ascii: "\n"), UInt8(ascii: "\r"), endOfText: return String(decoding: bytes, as: UTF8.self)
            case eraseLine: bytes = []
            case backspace, delete:
                // A character may be several bytes: the trailing ones go with the first.
                while let last = bytes.popLast(), last & 0xC0 == 0x80 {}
            default: bytes.append(byte)
            }
        }
    }

    // Keys of a terminal's line discipline, ECMA-48.
    private static let interrupt: UInt8 = 0x03
    private static let endOfText: UInt8 = 0x04
    private static let backspace: UInt8 = 0x08
    private static let eraseLine: UInt8 = 0x15
    private static let delete: UInt8 = 0x7F
}
