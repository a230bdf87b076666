import Cells
import Console
import ControlRoom

/// Not the role of a person in `ControlRoom`.
typealias Role = Cells.Role

extension Theme {
    /// How a tone looks; `plain` is what stands around it.
    func style(_ tone: Tone, plain: Role = .text) -> Style {
        switch tone {
        case .plain: self[plain]
        case .dim: self[.dim]
        case .strong: self[.strong]
        case .ok: self[.ok]
        case .warning: self[.warning]
        case .offline: self[.offline]
        case .error: self[.statusError]
        case .severity(let severity): self[Theme.role(of: severity)]
        }
    }

    static func role(of severity: Severity) -> Role {
        switch severity {
        case .critical: .critical
        case .high: .high
        case .medium: .medium
        case .low: .low
        case .info: .info
        }
    }

    /// What an area is tinted with; nil where nothing is wrong enough.
    static func tint(of severity: Severity) -> Role? {
        switch severity {
        case .critical: .tintCritical
        case .high: .tintHigh
        case .medium: .tintMedium
        case .low, .info: nil
        }
    }
}

extension Style {
    /// The style on another background, so that a tone can stand in a modal or on a tinted cell.
    func on(_ background: Colour) -> Style {
        Style(foreground: foreground, background: background, attributes: attributes)
    }

    func with(_ more: Attributes) -> Style {
        Style(foreground: foreground, background: background, attributes: attributes.union(more))
    }

    func without(_ less: Attributes) -> Style {
        Style(foreground: foreground, background: background, attributes: attributes.subtracting(less))
    }
}
