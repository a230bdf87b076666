/// Where a filter cannot be read, and why.
public struct FilterError: Error, Hashable, Sendable {
    /// Characters from the start of the text to what is wrong; its end where something is missing.
    public var column: Int
    /// Characters that are wrong; 0 where something is missing.
    public var length: Int
    public var problem: Problem

    /// What is wrong with a filter; the texts are the words that somebody wrote, and those that come near to them.
    public enum Problem: Hashable, Sendable {
        case unknownField(String, near: String?)
        case unknownValue(String, near: [String])
        /// The operator says nothing of such a field.
        case badOperator(String, field: String)
        case expected(Expected)
        case unexpected(String)
        case tooLong
        case tooDeep
    }

    /// What should have stood there; the console has words for each.
    public enum Expected: String, Hashable, Sendable, CaseIterable {
        case condition, value, number, share, duration, time, length, of, place, closingQuote, closingParenthesis
    }

    init(_ range: Range<Int>, _ problem: Problem) {
        column = range.lowerBound
        length = range.count
        self.problem = problem
    }
}
