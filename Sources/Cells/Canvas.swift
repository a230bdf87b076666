/// A screen of cells in memory. Panes paint into it; the difference to the last one goes to the terminal.
public struct Canvas {
    public private(set) var width: Int
    public private(set) var height: Int
    public private(set) var cells: [Cell]
    public let widths: GlyphWidths

    public init(width: Int, height: Int, widths: GlyphWidths, style: Style = .plain) {
        self.width = max(0, width)
        self.height = max(0, height)
        self.widths = widths
        cells = Array(repeating: .blank(style), count: self.width * self.height)
    }

    public var bounds: Rect { Rect(x: 0, y: 0, width: width, height: height) }

    /// The cell of a column and a row, from 0. Whoever asks sees to it that it lies in the canvas.
    public subscript(x: Int, y: Int) -> Cell {
        get { cells[y * width + x] }
        set { cells[y * width + x] = newValue }
    }

    /// What lies outside of the canvas is left out; a wide character that is cut at the edge becomes a blank.
    public mutating func fill(_ rect: Rect, _ style: Style, scalar: UInt32 = 0x20) {
        let area = rect.intersection(bounds)
        guard !area.isEmpty else { return }
        let shown = drawable(scalar)
        let cell = Cell(scalar: shown, style: style)
        for y in area.y..<area.maxY {
            mendEdges(x: area.x, end: area.maxX, y: y, style)
            for x in area.x..<area.maxX { cells[y * width + x] = cell }
        }
    }

    /// Writes a text and returns the columns it took. Nothing is written outside `limit` columns or the canvas; every
    /// character is checked by `GlyphWidths`, so that no text reaches the terminal raw.
    @discardableResult
    public mutating func put(_ text: String, x: Int, y: Int, limit: Int = .max, _ style: Style) -> Int {
        guard y >= 0, y < height, x < width, x >= 0, limit > 0 else { return 0 }
        let end = limit >= width - x ? width : x + limit
        var column = x
        var text = text
        text.withUTF8 { bytes in
            var index = 0
            while index < bytes.count, column < end {
                let byte = bytes[index]
                if byte < 0x80 {
                    index += 1
                    place(UInt32(byte), at: &column, y: y, end: end, style, from: x)
                } else {
                    place(Canvas.decode(bytes, &index), at: &column, y: y, end: end, style, from: x)
                }
            }
            // Marks that belong to the last character still come after the last column is filled.
            while index < bytes.count, bytes[index] >= 0x80, column == end {
                let scalar = Canvas.decode(bytes, &index)
                guard widths.unicode, widths.classify(scalar) == 0 else { break }
                attach(scalar, before: column, y: y, from: x)
            }
        }
        return column - x
    }

    /// The text right-aligned in `limit` columns; cut on its left end would lie, so it is cut on its right.
    public mutating func putRight(_ text: String, x: Int, y: Int, limit: Int, _ style: Style) {
        let columns = min(widths.measure(text), limit)
        put(text, x: x + limit - columns, y: y, limit: columns, style)
    }

    /// Lays a style over cells that are already drawn, for the row under the cursor.
    public mutating func restyle(_ rect: Rect, _ change: (Style) -> Style) {
        let area = rect.intersection(bounds)
        guard !area.isEmpty else { return }
        for y in area.y..<area.maxY {
            for x in area.x..<area.maxX {
                let index = y * width + x
                cells[index].style = change(cells[index].style)
            }
        }
    }

    /// What lies outside of the canvas is left out.
    public mutating func horizontalLine(x: Int, y: Int, length: Int, _ style: Style) {
        fill(Rect(x: x, y: y, width: length, height: 1), style, scalar: 0x2500)
    }

    /// What lies outside of the canvas is left out.
    public mutating func verticalLine(x: Int, y: Int, length: Int, _ style: Style) {
        fill(Rect(x: x, y: y, width: 1, height: length), style, scalar: 0x2502)
    }

    /// One row as text, for tests and captures; continuations of wide characters are left out.
    public func line(_ y: Int) -> String {
        var text = String.UnicodeScalarView()
        for x in 0..<width {
            let cell = self[x, y]
            guard cell.width > 0 else { continue }
            for value in [cell.scalar, cell.mark1, cell.mark2] where value != 0 {
                if let scalar = Unicode.Scalar(value) { text.append(scalar) }
            }
        }
        return String(text)
    }

    // MARK: - Placing characters

    @inline(__always)
    private mutating func place(
        _ scalar: UInt32, at column: inout Int, y: Int, end: Int, _ style: Style, from start: Int
    ) {
        let kind = widths.classify(scalar)
        switch kind {
        case GlyphWidths.isDropped: return
        case GlyphWidths.isControl:
            let isSpace = scalar == 0x09 || scalar == 0x0A || scalar == 0x0D
            set(Cell(scalar: isSpace ? 0x20 : widths.placeholder, style: style), column, y)
            column += 1
        case 0:
            if widths.unicode { attach(scalar, before: column, y: y, from: start) }
        default:
            if scalar > 0x7E && !widths.unicode {
                for byte in widths.ascii(scalar) where column < end {
                    set(Cell(scalar: UInt32(byte), style: style), column, y)
                    column += 1
                }
            } else if kind == 2 {
                guard column + 2 <= end else {
                    set(.blank(style), column, y)
                    column += 1
                    return
                }
                set(Cell(scalar: scalar, style: style), column, y)
                set(.blank(style), column + 1, y)
                cells[y * width + column].width = 2
                cells[y * width + column + 1] = .continuation(style)
                column += 2
            } else {
                set(Cell(scalar: scalar, style: style), column, y)
                column += 1
            }
        }
    }

    /// Overwrites one cell; half of a wide character that would be left over is blanked.
    @inline(__always)
    private mutating func set(_ cell: Cell, _ x: Int, _ y: Int) {
        let index = y * width + x
        let old = cells[index].width
        if old == 0, x > 0 { cells[index - 1] = .blank(cells[index - 1].style) }
        if old == 2, x + 1 < width { cells[index + 1] = .blank(cells[index + 1].style) }
        cells[index] = cell
    }

    private mutating func mendEdges(x: Int, end: Int, y: Int, _ style: Style) {
        let row = y * width
        if cells[row + x].width == 0, x > 0 { cells[row + x - 1] = .blank(cells[row + x - 1].style) }
        if end < width, cells[row + end].width == 0 { cells[row + end] = .blank(cells[row + end].style) }
    }

    private mutating func attach(_ mark: UInt32, before column: Int, y: Int, from start: Int) {
        guard column > start else { return }
        var index = y * width + column - 1
        if cells[index].width == 0, column - 1 > start { index -= 1 }
        if cells[index].mark1 == 0 {
            cells[index].mark1 = mark
        } else if cells[index].mark2 == 0 {
            cells[index].mark2 = mark
        }
    }

    private func drawable(_ scalar: UInt32) -> UInt32 {
        guard scalar > 0x7E, !widths.unicode else { return scalar }
        return widths.ascii(scalar).first.map(UInt32.init) ?? 0x20
    }

    /// Decodes one scalar of valid UTF-8, which a Swift string always is.
    @inline(__always)
    private static func decode(_ bytes: UnsafeBufferPointer<UInt8>, _ index: inout Int) -> UInt32 {
        let first = UInt32(bytes[index])
        let length = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : first >= 0xC0 ? 2 : 1
        var value = length == 4 ? first & 0x07 : length == 3 ? first & 0x0F : length == 2 ? first & 0x1F : first
        var next = index + 1
        while next < index + length, next < bytes.count {
            value = value << 6 | UInt32(bytes[next] & 0x3F)
            next += 1
        }
        index = next
        return value
    }
}
