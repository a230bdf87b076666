/// A colour of the 256-colour palette, or the terminal's own default.
///
/// Themes are written against xterm's 256 colours; a terminal with fewer gets the nearest of what it has.
public struct Colour: Equatable, Hashable, Sendable {
    /// 0...255, or -1 for the terminal's default.
    public let index: Int16

    public init?(index: Int) {
        guard (-1...255).contains(index) else { return nil }
        self.index = Int16(index)
    }

    private init(unchecked index: Int16) { self.index = index }

    public static let terminalDefault = Colour(unchecked: -1)

    /// The nearest palette colour to an sRGB colour, by squared distance.
    public init(red: UInt8, green: UInt8, blue: UInt8) {
        var best: Int16 = 16
        var bestDistance = Int.max
        for candidate in 16...255 {
            let (r, g, b) = Colour.components(of: candidate)
            let dr = r - Int(red)
            let dg = g - Int(green)
            let db = b - Int(blue)
            let distance = dr * dr + dg * dg + db * db
            if distance < bestDistance {
                bestDistance = distance
                best = Int16(candidate)
            }
        }
        index = best
    }

    /// sRGB components of a palette entry, after xterm's defaults.
    static func components(of index: Int) -> (Int, Int, Int) {
        if index < 16 {
            let basic: [(Int, Int, Int)] = [
                (0, 0, 0), (205, 0, 0), (0, 205, 0), (205, 205, 0), (0, 0, 238), (205, 0, 205), (0, 205, 205),
                (229, 229, 229), (127, 127, 127), (255, 0, 0), (0, 255, 0), (255, 255, 0), (92, 92, 255),
                (255, 0, 255), (0, 255, 255), (255, 255, 255),
            ]
            return basic[max(0, index)]
        }
        if index >= 232 {
            let level = 8 + (index - 232) * 10
            return (level, level, level)
        }
        let steps = [0, 95, 135, 175, 215, 255]
        let cube = index - 16
        return (steps[cube / 36], steps[cube / 6 % 6], steps[cube % 6])
    }

    /// The same colour for a terminal of `count` colours: 256 keeps it, 16 and 8 take the nearest.
    public func reduced(to count: Int) -> Colour {
        guard index >= 0, Int(index) >= count else { return self }
        guard count >= 8 else { return .terminalDefault }
        let (r, g, b) = Colour.components(of: Int(index))
        let spread = max(r, g, b) - min(r, g, b)
        if spread < 24 { return grey(brightness: (r + g + b) / 3, of: count) }
        let threshold = max(r, g, b) * 3 / 5
        let hue = (r > threshold ? 1 : 0) | (g > threshold ? 2 : 0) | (b > threshold ? 4 : 0)
        let bright = count >= 16 && max(r, g, b) > 200
        return Colour(unchecked: Int16(hue + (bright ? 8 : 0)))
    }

    private func grey(brightness: Int, of count: Int) -> Colour {
        guard count >= 16 else { return Colour(unchecked: brightness < 100 ? 0 : 7) }
        switch brightness {
        case ..<64: return Colour(unchecked: 0)
        case ..<150: return Colour(unchecked: 8)
        case ..<235: return Colour(unchecked: 7)
        default: return Colour(unchecked: 15)
        }
    }
}

/// How a cell is drawn.
public struct Style: Equatable, Hashable, Sendable {
    /// How glyphs are drawn, beside their colours; any of them together.
    public struct Attributes: OptionSet, Hashable, Sendable {
        public let rawValue: UInt8
        public init(rawValue: UInt8) { self.rawValue = rawValue }

        public static let bold = Attributes(rawValue: 1)
        public static let dim = Attributes(rawValue: 2)
        public static let underline = Attributes(rawValue: 4)
        public static let reverse = Attributes(rawValue: 8)
        public static let italic = Attributes(rawValue: 16)
    }

    public var foreground: Colour
    public var background: Colour
    public var attributes: Attributes

    public init(
        foreground: Colour = .terminalDefault, background: Colour = .terminalDefault, attributes: Attributes = []
    ) {
        self.foreground = foreground
        self.background = background
        self.attributes = attributes
    }

    public static let plain = Style()

    /// This style laid over another: what it leaves open (default colours) shows through.
    public func over(_ base: Style) -> Style {
        Style(
            foreground: foreground == .terminalDefault ? base.foreground : foreground,
            background: background == .terminalDefault ? base.background : background,
            attributes: attributes.union(base.attributes))
    }

    /// The style without its colours, for NO_COLOR and monochrome terminals.
    public var colourless: Style { Style(attributes: attributes) }
}
