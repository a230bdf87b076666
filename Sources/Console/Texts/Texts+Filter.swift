public import ControlRoom

extension Texts {
    /// Why a filter cannot be read; where, its column says.
    public func words(for error: FilterError) -> String {
        switch error.problem {
        case .unknownField(let name, let near?): self(.filterNearField, name, near)
        case .unknownField(let name, nil): self(.filterUnknownField, name)
        case .unknownValue(let text, let near) where near.isEmpty: self(.filterUnknownName, text)
        case .unknownValue(let text, let near): self(.filterUnknownValue, text, near.joined(separator: ", "))
        case .badOperator(let sign, let field): self(.filterBadOperator, sign, field)
        case .expected(let what): words(forMissing: what)
        case .unexpected(let text): self(.filterUnexpected, text)
        case .tooLong: self(.filterTooLong)
        case .tooDeep: self(.filterTooDeep)
        }
    }

    private func words(forMissing what: FilterError.Expected) -> String {
        switch what {
        case .condition: self(.filterNeedsCondition)
        case .value: self(.filterNeedsValue)
        case .number: self(.filterNeedsNumber)
        case .share: self(.filterNeedsShare)
        case .duration: self(.filterNeedsDuration)
        case .time: self(.filterNeedsTime)
        case .length: self(.filterNeedsLength)
        case .of: self(.filterNeedsOf)
        case .place: self(.filterNeedsPlace)
        case .closingQuote: self(.filterNeedsQuote)
        case .closingParenthesis: self(.filterNeedsParenthesis)
        }
    }
}
