/// How many cells a character takes, and what may be shown at all.
///
/// The widths are the C library's (`wcwidth`), because those are the ones ncurses moves its cursor by; they are asked
/// for once a page of 256 characters. What the library does not know becomes a placeholder of one cell, and
/// what steers a terminal or its bidirectional layout is never shown: text from outside cannot move a column.
public final class GlyphWidths {
    private var pages: [[UInt8]?]
    private let measure: (UInt32) -> Int
    /// False on terminals that cannot show more than ASCII.
    public let unicode: Bool
    /// What stands for a character that cannot be shown.
    public let placeholder: UInt32

    static let isControl: UInt8 = 0xFF
    static let isDropped: UInt8 = 0xFE

    /// - Parameter measure: `wcwidth` of a scalar: 0, 1, 2, or -1 where it is not printable.
    public init(unicode: Bool, measure: @escaping (UInt32) -> Int) {
        self.unicode = unicode
        self.measure = measure
        placeholder = unicode ? 0xFFFD : 0x3F
        pages = Array(repeating: nil, count: 0x1100)
    }

    /// 0, 1 or 2 cells; `isControl` for a placeholder, `isDropped` for nothing at all.
    @inline(__always)
    func classify(_ scalar: UInt32) -> UInt8 {
        if scalar < 0x7F { return scalar < 0x20 ? GlyphWidths.isControl : 1 }
        let page = Int(scalar >> 8)
        guard page < pages.count else { return GlyphWidths.isControl }
        if let known = pages[page] { return known[Int(scalar & 0xFF)] }
        return load(page)[Int(scalar & 0xFF)]
    }

    private func load(_ page: Int) -> [UInt8] {
        let made = (0..<256).map { offset -> UInt8 in fresh(UInt32(page << 8 | offset)) }
        pages[page] = made
        return made
    }

    private func fresh(_ scalar: UInt32) -> UInt8 {
        switch scalar {
        case 0x00...0x1F, 0x7F...0x9F: return GlyphWidths.isControl
        // Bidirectional marks, embeddings, overrides and isolates: a reader must see that something was there.
        case 0x061C, 0x200E, 0x200F, 0x202A...0x202E, 0x2066...0x2069: return GlyphWidths.isControl
        // Joiners, variation selectors, soft hyphen, byte order mark, tags: terminals disagree on them, so they go.
        case 0x00AD, 0x200B...0x200D, 0x2060...0x2065, 0x206A...0x206F, 0xFE00...0xFE0F, 0xFEFF, 0xE0000...0xE01EF:
            return GlyphWidths.isDropped
        // Line and paragraph separators would be taken for a line break by some terminals.
        case 0x2028, 0x2029: return GlyphWidths.isControl
        default: break
        }
        // Where the locale knows only ASCII the library has no width for what we spell out.
        if !unicode, AsciiFallback.table[scalar] != nil { return 1 }
        let width = measure(scalar)
        return width < 0 || width > 2 ? GlyphWidths.isControl : UInt8(width)
    }

    /// Cells that a text takes when it is put on a canvas.
    public func measure(_ text: String) -> Int {
        var columns = 0
        for scalar in text.unicodeScalars { columns += advance(scalar.value) }
        return columns
    }

    @inline(__always)
    func advance(_ scalar: UInt32) -> Int {
        let kind = classify(scalar)
        if kind == GlyphWidths.isDropped { return 0 }
        if kind == GlyphWidths.isControl { return 1 }
        if !unicode && scalar > 0x7E { return ascii(scalar).count }
        return Int(kind)
    }

    /// The text cut to `columns`, with an ellipsis, at the end of a word where one is near.
    public func fit(_ text: String, _ columns: Int) -> String {
        guard columns > 0 else { return "" }
        let scalars = text.unicodeScalars
        var used = 0
        var lastFit = scalars.startIndex
        var lastWord: String.UnicodeScalarView.Index?
        var lastWordColumns = 0
        let ellipsis = unicode ? "…" : "~"
        var index = scalars.startIndex
        while index < scalars.endIndex {
            let step = advance(scalars[index].value)
            if used + step > columns {
                // `lastFit` ends one column short, so that the ellipsis has its place.
                let near = lastWord != nil && lastWordColumns * 4 >= columns * 3
                let end = near ? (lastWord ?? lastFit) : lastFit
                return String(scalars[scalars.startIndex..<end]) + ellipsis
            }
            if scalars[index] == " ", used <= columns - 1 {
                lastWord = index
                lastWordColumns = used
            }
            used += step
            index = scalars.index(after: index)
            if used <= columns - 1 { lastFit = index }
        }
        return text
    }

    /// What an ASCII terminal shows for a character: a letter without its marks, a plain line, or a question mark.
    func ascii(_ scalar: UInt32) -> [UInt8] {
        if let known = AsciiFallback.table[scalar] { return Array(known.utf8) }
        let kind = classify(scalar)
        if kind == 0 { return [] }
        return Array(repeating: 0x3F, count: kind == 2 ? 2 : 1)
    }
}
