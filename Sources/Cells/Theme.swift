/// What a cell means; a theme says how that looks. Colour is never the only carrier of a meaning.
public enum Role: Int, CaseIterable, Sendable {
    case text, dim, strong
    case title, titleFocused, border
    case header, headerStrong, key, status, statusError, input
    case selection, selectionUnfocused, marked
    case critical, high, medium, low, info
    case unacknowledged, acknowledged, suppressed
    case ok, warning, silent, offline
    case exercise, realm
    case mapOutline, mapLabel, mapSelected, mapStreet
    case tintCritical, tintHigh, tintMedium
    case bar, done, current, blocked
    case modal, modalTitle

    /// The name by which a theme file calls the role.
    public var name: String { String(describing: self) }
}

/// Styles by role, with the name under which a theme is chosen.
public struct Theme: Equatable, Sendable {
    public let name: String
    private var styles: [Style]

    public init(name: String, styles given: [Role: Style]) {
        self.name = name
        let base = given[.text] ?? .plain
        styles = Role.allCases.map { role in role == .text ? base : (given[role] ?? .plain).over(base.plainly) }
    }

    public subscript(role: Role) -> Style { styles[role.rawValue] }

    /// The theme without colour (NO_COLOR, monochrome terminals): attributes stay.
    public var colourless: Theme {
        var copy = self
        copy.styles = styles.map(\.colourless)
        return copy
    }
}

extension Style {
    fileprivate var plainly: Style { Style(foreground: foreground, background: background) }
}
