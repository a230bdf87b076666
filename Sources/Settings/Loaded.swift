/// What could be made of a file. Without a value the caller takes its default; the warnings are shown either way.
public struct Loaded<Value> {
    public let value: Value?
    public let warnings: [Warning]

    public init(value: Value?, warnings: [Warning] = []) {
        self.value = value
        self.warnings = warnings
    }
}

extension Loaded: Sendable where Value: Sendable {}
extension Loaded: Equatable where Value: Equatable {}

extension Loaded {
    /// The same with warnings that were found before the file was opened.
    public func preceded(by earlier: [Warning]) -> Loaded {
        Loaded(value: value, warnings: earlier + warnings)
    }
}
