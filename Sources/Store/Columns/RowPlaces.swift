/// Which place in the columns a row of `alerts` has.
///
/// A place for each row that ever was since the first, which costs nothing to find; where most of them were forgotten, a place
/// for each row that is there, eight bytes each, found by halving.
struct RowPlaces {
    private let first: Int64
    private let isSparse: Bool
    /// The rows in their order, where they are sparse.
    private var rows: [Int64] = []

    init(first: Int64, isSparse: Bool) {
        self.first = first
        self.isSparse = isSparse
    }

    func row(_ place: Int) -> Int64 { isSparse ? rows[place] : first + Int64(place) }

    /// The place of a row; nil where it has none. Where rows are not sparse there is a place for each, also beyond the last that
    /// was read.
    func place(_ row: Int64) -> Int? {
        guard isSparse else { return row >= first ? Int(row - first) : nil }
        let place = firstPlace(from: row)
        return place < rows.count && rows[place] == row ? place : nil
    }

    /// The place of a row that is read; a row behind all others gets one.
    ///
    /// - Returns: nil where it lies before or between others: then all are to be read anew.
    mutating func take(_ row: Int64) -> Int? {
        if isSparse, row > rows.last ?? .min { rows.append(row) }
        return place(row)
    }

    private func firstPlace(from row: Int64) -> Int {
        var (low, high) = (0, rows.count)
        while low < high {
            let middle = (low + high) / 2
            if rows[middle] < row { low = middle + 1 } else { high = middle }
        }
        return low
    }
}
