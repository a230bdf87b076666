public import ControlRoom

/// What is left of an agreement that has ended: nothing is shared by it any more.
public struct EndedAgreement: Equatable, Sendable {
    public var terms: Agreement
    /// Told to those who saw what it shared.
    public var reason: String

    public var from: String { terms.from }
    public var to: String { terms.to }

    public init(_ terms: Agreement, reason: String) {
        self.terms = terms
        self.reason = reason
    }
}
