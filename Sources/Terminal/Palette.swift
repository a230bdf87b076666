import CNcurses
import Cells

/// Colour pairs, made when they are first seen. A terminal has few of them; who comes too late is drawn plainly.
struct Palette {
    private let colours: Int
    private let pairLimit: Int32
    private let hasDefaults: Bool
    /// By the foreground and background of the theme, so that a lookup is one load; 0 is not yet seen, -1 is none left.
    private var pairs: [Int32]
    /// By the colours that the terminal really shows, because many of a theme's reduce to one.
    private var reduced: [Int32: Int32] = [:]
    private var next: Int32 = 1

    private static let side = 257

    /// Without colours there are no pairs to be had, and attributes alone are drawn.
    init(colours: Int, pairLimit: Int32, hasDefaults: Bool) {
        self.colours = colours
        self.pairLimit = pairLimit
        self.hasDefaults = hasDefaults
        pairs = colours == 0 ? [] : Array(repeating: 0, count: Palette.side * Palette.side)
    }

    @inline(__always)
    mutating func pair(_ style: Style) -> Int32 {
        if pairs.isEmpty { return 0 }
        let slot = (Int(style.foreground.index) + 1) * Palette.side + Int(style.background.index) + 1
        let known = pairs[slot]
        if known != 0 { return max(known, 0) }
        let made = find(foreground: shown(style.foreground, 7), background: shown(style.background, 0))
        pairs[slot] = made == 0 ? -1 : made
        return made
    }

    /// The colour as this terminal has it; one that knows no default colours gets light on dark.
    private func shown(_ colour: Colour, _ standIn: Int32) -> Int32 {
        let index = Int32(colour.reduced(to: colours).index)
        return index < 0 && !hasDefaults ? standIn : index
    }

    private mutating func find(foreground: Int32, background: Int32) -> Int32 {
        if foreground < 0 && background < 0 { return 0 }
        let key = (foreground + 1) << 16 | (background + 1)
        if let known = reduced[key] { return known }
        guard next < pairLimit, cn_screen_init_pair(next, foreground, background) else { return 0 }
        defer { next += 1 }
        reduced[key] = next
        return next
    }
}
