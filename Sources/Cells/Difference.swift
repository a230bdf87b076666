/// A stretch of one row that differs between two canvases.
public struct Run: Equatable, Sendable {
    public let y: Int
    public let x: Int
    public let cells: ArraySlice<Cell>
}

extension Canvas {
    /// The stretches in which this canvas differs from an older one of the same size, top to bottom.
    ///
    /// Stretches that lie less than four cells apart are joined, because moving the cursor costs about that much. A
    /// stretch never begins or ends inside a wide character.
    public func difference(from old: Canvas) -> [Run] {
        guard old.width == width, old.height == height else {
            return (0..<height).map { Run(y: $0, x: 0, cells: cells[$0 * width..<($0 + 1) * width]) }
        }
        var runs: [Run] = []
        for y in 0..<height { appendRuns(of: y, from: old, to: &runs) }
        return runs
    }

    private func appendRuns(of y: Int, from old: Canvas, to runs: inout [Run]) {
        let row = y * width
        var x = 0
        while x < width {
            guard cells[row + x] != old.cells[row + x] else {
                x += 1
                continue
            }
            var start = x
            var end = x + 1
            var scan = end
            while scan < width, scan - end < 4 {
                if cells[row + scan] != old.cells[row + scan] { end = scan + 1 }
                scan += 1
            }
            while start > 0, cells[row + start].width == 0 { start -= 1 }
            while end < width, cells[row + end].width == 0 { end += 1 }
            runs.append(Run(y: y, x: start, cells: cells[row + start..<row + end]))
            x = end
        }
    }
}
