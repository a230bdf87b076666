import CNcurses
import Cells

/// Turns runs of cells into calls of ncurses; keeps its buffer, because this is on the way of every key.
struct Painter {
    private var palette: Palette
    private let unicode: Bool
    private var buffer: [cn_cell] = []

    init(palette: Palette, unicode: Bool) {
        self.palette = palette
        self.unicode = unicode
    }

    mutating func paint(_ run: Run, within width: Int) {
        guard run.x < width else { return }
        buffer.removeAll(keepingCapacity: true)
        var style = Style.plain
        var pair: Int32 = palette.pair(style)
        for cell in run.cells where cell.width > 0 {
            if cell.style != style {
                style = cell.style
                pair = palette.pair(style)
            }
            buffer.append(
                cn_cell(
                    scalar: shown(cell.scalar), mark1: mark(cell.mark1), mark2: mark(cell.mark2), pair: pair,
                    attributes: UInt32(style.attributes.rawValue)))
        }
        cn_screen_draw(Int32(run.y), Int32(run.x), buffer, buffer.count)
    }

    /// The last gate before the terminal: no control character passes, whoever made the cell.
    @inline(__always)
    private func shown(_ scalar: UInt32) -> UInt32 {
        if scalar >= 0x20 && scalar < 0x7F { return scalar }
        return unicode && scalar >= 0xA0 && scalar <= 0x10_FFFF ? scalar : 0x3F
    }

    @inline(__always)
    private func mark(_ scalar: UInt32) -> UInt32 { unicode && scalar >= 0x300 ? scalar : 0 }
}
