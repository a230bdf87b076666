import Logging

/// Hands each line of a logger to a test.
struct RecordingHandler: LogHandler {
    let take: @Sendable (LogEvent) -> Void
    var logLevel = Logger.Level.trace
    var metadata: Logger.Metadata = [:]

    init(_ take: @escaping @Sendable (LogEvent) -> Void) { self.take = take }

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) { take(event) }
}
