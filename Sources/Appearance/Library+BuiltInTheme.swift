public import Cells

extension Library {
    /// The theme `calm`, compiled in, so that the console opens when no file can be read.
    public static let builtInTheme = Theme(name: "calm", styles: calm)

    private static let calm: [Role: Style] = [
        .text: style(.ink, on: .base),
        .dim: style(.faint),
        .strong: style(.white, [.bold]),
        .title: style(.faint),
        .titleFocused: style(.white, [.bold]),
        .border: style(.line),
        .header: style(.ink),
        .headerStrong: style(.white, [.bold]),
        .key: style(.white, [.bold]),
        .status: style(.faint),
        .statusError: style(.red, [.bold]),
        .input: style(.white, on: .cursor, [.underline]),
        .selection: style(on: .cursor, [.bold, .underline]),
        .selectionUnfocused: style(on: .raised, [.underline]),
        .marked: style(.white, [.bold, .italic]),
        .critical: style(.red, [.bold]),
        .high: style(.gold, [.bold]),
        .medium: style(.straw),
        .low: style(.steel),
        .info: style(.faint),
        .unacknowledged: style(.white, on: .base, [.bold, .reverse]),
        .acknowledged: style(.ink),
        .suppressed: style(.faint, [.italic]),
        .ok: style(.ink),
        .warning: style(.gold, [.bold]),
        .silent: style(.tan, [.italic]),
        .offline: style(.gold, [.bold, .underline]),
        .exercise: style(.violet, on: .black, [.bold, .reverse]),
        .realm: style(.white, [.bold]),
        .mapOutline: style(.outline),
        .mapLabel: style(.ink),
        .mapSelected: style(.white, [.bold, .underline]),
        .mapStreet: style(.line),
        .tintCritical: style(.white, on: .maroon),
        .tintHigh: style(.white, on: .bronze),
        .tintMedium: style(.white, on: .cursor),
        .bar: style(.faint),
        .done: style(.faint),
        .current: style(.white, [.bold]),
        .blocked: style(.gold, [.bold]),
        .modal: style(.ink, on: .raised),
        .modalTitle: style(.white, on: .raised, [.bold]),
    ]

    private static func style(
        _ ink: Shade? = nil, on ground: Shade? = nil, _ attributes: Style.Attributes = []
    ) -> Style {
        Style(foreground: colour(ink), background: colour(ground), attributes: attributes)
    }

    private static func colour(_ shade: Shade?) -> Colour {
        shade.flatMap { Colour(index: $0.rawValue) } ?? .terminalDefault
    }
}

/// The palette of `Themes/calm.toml`.
private enum Shade: Int {
    case base = 234
    case raised = 236
    case cursor = 237
    case line = 243
    case faint = 248
    case ink = 253
    case white = 255
    case red = 210
    case gold = 221
    case straw = 187
    case steel = 152
    case tan = 180
    case violet = 177
    case black = 16
    case outline = 250
    case maroon = 52
    case bronze = 58
}
