/// What is wrong with a file that somebody wrote, where, and why. It is shown to them; where there is a default, the
/// console opens with that.
public struct Warning: Error, Equatable, Sendable, CustomStringConvertible {
    public let file: String
    /// Counted from 1; 0 when the whole file is meant.
    public let line: Int
    public let reason: String

    /// A reason may quote the file, and is shown on a terminal: what cannot be printed is replaced.
    public init(file: String, line: Int, reason: String) {
        self.file = PlainText.printable(file)
        self.line = line
        self.reason = PlainText.printable(reason)
    }

    public var description: String {
        line > 0 ? "\(file):\(line): \(reason)" : "\(file): \(reason)"
    }
}
