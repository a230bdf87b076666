internal import Settings

/// Why a pack could not be read.
public struct CityPackError: Error, Equatable, Sendable, CustomStringConvertible {
    public let file: String
    /// Nothing where the whole file is meant.
    public let line: Int?
    public let reason: String
    /// Whether there is no such pack at all.
    public let isMissing: Bool

    /// A reason may quote the pack, and is shown on a terminal: what cannot be printed is replaced.
    init(file: String, line: Int?, reason: String, isMissing: Bool = false) {
        self.isMissing = isMissing
        self.file = PlainText.printable(file)
        self.line = line
        self.reason = PlainText.printable(reason)
    }

    init(_ warning: Warning) {
        self.init(file: warning.file, line: warning.line > 0 ? warning.line : nil, reason: warning.reason)
    }

    public var description: String { file + (line.map { ":\($0)" } ?? "") + ": " + reason }
}
