/// What is left of an agreement that has ended.
public struct EndedAgreement: Equatable, Sendable {
    public var from: String
    public var to: String
    /// Told to those who saw what it shared.
    public var reason: String

    public init(from: String, to: String, reason: String) {
        self.from = from
        self.to = to
        self.reason = reason
    }
}
