public import ControlRoom

/// One thing out of an imported file.
public enum ImportItem: Sendable {
    case event(Event, line: Int)
    case rejected(Rejection)
    /// Worth telling: what was read against the standard, or what of an event could not be read; the event itself was taken.
    case note(line: Int, String)
}

/// A part of a file that was not taken, and why; the rest of the file goes on.
public struct Rejection: Equatable, Sendable {
    /// Where the part begins, from 1.
    public var line: Int
    public var reason: String

    public init(line: Int, reason: String) {
        self.line = line
        self.reason = reason
    }
}

/// What ends the reading of a file; what was emitted before it stands.
public struct ImportFailure: Error, Equatable, Sendable, CustomStringConvertible {
    /// The line that the reason is about, from 1.
    public var line: Int
    public var reason: String

    public init(line: Int, reason: String) {
        self.line = line
        self.reason = reason
    }

    public var description: String { "line \(line): \(reason)" }
}
