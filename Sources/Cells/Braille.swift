/// A bitmap of dots, 2 wide and 4 high in a cell (Unicode block U+2800), for outlines finer than a cell.
public struct Braille {
    /// Size in cells.
    public let width: Int
    public let height: Int
    private var dots: [UInt8]

    public init(width: Int, height: Int) {
        self.width = max(0, width)
        self.height = max(0, height)
        dots = Array(repeating: 0, count: self.width * self.height)
    }

    public var dotWidth: Int { width * 2 }
    public var dotHeight: Int { height * 4 }

    /// Sets a dot; what lies outside is ignored.
    @inline(__always)
    public mutating func set(_ x: Int, _ y: Int) {
        guard x >= 0, y >= 0, x < width * 2, y < height * 4 else { return }
        dots[(y >> 2) * width + (x >> 1)] |= Braille.bit(x & 1, y & 3)
    }

    /// A line between two points in dots, clipped to the bitmap first (Liang-Barsky), then drawn by Bresenham.
    public mutating func line(_ x0: Double, _ y0: Double, _ x1: Double, _ y1: Double) {
        guard let clipped = clip(x0, y0, x1, y1) else { return }
        var x = Int(clipped.x0.rounded())
        var y = Int(clipped.y0.rounded())
        let endX = Int(clipped.x1.rounded())
        let endY = Int(clipped.y1.rounded())
        let dx = abs(endX - x)
        let dy = -abs(endY - y)
        let stepX = x < endX ? 1 : -1
        let stepY = y < endY ? 1 : -1
        var error = dx + dy
        while true {
            set(x, y)
            if x == endX && y == endY { return }
            let doubled = 2 * error
            if doubled >= dy {
                error += dy
                x += stepX
            }
            if doubled <= dx {
                error += dx
                y += stepY
            }
        }
    }

    /// Dots of a cell as the low byte of U+28xx; 0 where the cell is empty.
    public func pattern(_ x: Int, _ y: Int) -> UInt8 { dots[y * width + x] }

    /// The character for a cell, or nil where it is empty; without braille a plain one of like slope.
    public func scalar(_ x: Int, _ y: Int, ascii: Bool) -> UInt32? {
        let pattern = dots[y * width + x]
        guard pattern != 0 else { return nil }
        return ascii ? Braille.plain(pattern) : 0x2800 + UInt32(pattern)
    }

    private static func bit(_ column: Int, _ row: Int) -> UInt8 {
        let left: [UInt8] = [0x01, 0x02, 0x04, 0x40]
        let right: [UInt8] = [0x08, 0x10, 0x20, 0x80]
        return column == 0 ? left[row] : right[row]
    }

    private static func plain(_ pattern: UInt8) -> UInt32 {
        let left = pattern & 0x47
        let right = pattern & 0xB8
        if left == 0 || right == 0 {
            return (left | right).nonzeroBitCount > 2 ? 0x7C : 0x2E
        }
        let upperLeft = pattern & 0x03 != 0
        let lowerLeft = pattern & 0x44 != 0
        let upperRight = pattern & 0x18 != 0
        let lowerRight = pattern & 0xA0 != 0
        if upperLeft && lowerRight && !lowerLeft && !upperRight { return 0x5C }
        if lowerLeft && upperRight && !upperLeft && !lowerRight { return 0x2F }
        if pattern.nonzeroBitCount > 4 { return 0x2B }
        return upperLeft || upperRight ? 0x2D : 0x5F
    }

    private func clip(
        _ x0: Double, _ y0: Double, _ x1: Double, _ y1: Double
    ) -> (x0: Double, y0: Double, x1: Double, y1: Double)? {
        guard x0.isFinite, y0.isFinite, x1.isFinite, y1.isFinite, width > 0, height > 0 else { return nil }
        let dx = x1 - x0
        let dy = y1 - y0
        var enter = 0.0
        var leave = 1.0
        let edges = [
            (-dx, x0), (dx, Double(dotWidth - 1) - x0), (-dy, y0), (dy, Double(dotHeight - 1) - y0),
        ]
        for (direction, distance) in edges {
            if direction == 0 {
                if distance < 0 { return nil }
                continue
            }
            let t = distance / direction
            if direction < 0 { enter = max(enter, t) } else { leave = min(leave, t) }
            if enter > leave { return nil }
        }
        return (x0 + enter * dx, y0 + enter * dy, x0 + leave * dx, y0 + leave * dy)
    }
}
