/// Names that were probably meant.
enum Likeness {
    /// Those that begin with what was written, or differ from it by a slip or two; the nearest first, at most three.
    static func nearest(_ text: String, _ names: [String]) -> [String] {
        let near = names.map { name in (name, name.hasPrefix(text) && !text.isEmpty ? 0 : distance(text, name)) }
        let close = near.filter { $0.1 <= max(1, text.count / 3) }
        return Array(close.sorted { $0.1 < $1.1 }.prefix(3).map(\.0))
    }

    /// Characters to change, add, take away, or exchange with their neighbour (optimal string alignment).
    static func distance(_ a: String, _ b: String) -> Int {
        let (a, b) = (Array(a.prefix(40)), Array(b.prefix(40)))
        var rows = [Array(0...b.count)]
        for i in 0..<a.count {
            var row = [i + 1]
            for j in 0..<b.count {
                var best = min(rows[i][j] + (a[i] == b[j] ? 0 : 1), rows[i][j + 1] + 1, row[j] + 1)
                if i > 0, j > 0, a[i] == b[j - 1], a[i - 1] == b[j] { best = min(best, rows[i - 1][j - 1] + 1) }
                row.append(best)
            }
            rows.append(row)
        }
        return rows[a.count][b.count]
    }
}
