/// Why servers could not be asked, or what they answered instead; it may go well later.
public struct NatsFailure: Error, Equatable, Sendable, CustomStringConvertible {
    public let description: String
    /// Nobody answered in time, or nobody was there to answer. What was asked may have been done all the same.
    public let isUnanswered: Bool

    public init(_ description: String, isUnanswered: Bool = false) {
        self.description = description
        self.isUnanswered = isUnanswered
    }

    /// What somebody threw, as a failure.
    public init(_ error: any Error) { self = error as? NatsFailure ?? NatsFailure("NATS: \(error)") }
}
