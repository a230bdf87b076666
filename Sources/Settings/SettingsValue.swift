import TOMLKit

/// A single value as far as files for people need it: a text or a whole number.
public enum SettingsValue: Equatable, Sendable {
    case text(String)
    case whole(Int)
    case other

    init(_ value: any TOMLValueConvertible) {
        switch value.type {
        case .string: self = value.string.map(SettingsValue.text) ?? .other
        case .int: self = value.int.map(SettingsValue.whole) ?? .other
        default: self = .other
        }
    }
}
