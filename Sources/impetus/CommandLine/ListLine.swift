import Cells
import ControlRoom
import Shell
import Terminal

/// Fields with two blanks between them, as a line of a list for people.
///
/// On a terminal the line has at most its width, as long as those fields that are never cut fit into it; elsewhere the fields that give
/// way have `PlainText.longestField` characters at most.
struct ListLine {
    private let fields: [String]
    private let cut: Int
    private let narrow: Int?

    private static let gap = "  "
    /// Columns of the second field that gives way, on a terminal.
    private static let narrowest = 24

    /// - Parameters:
    ///   - cut: which field is cut to the width of a terminal.
    ///   - narrow: one that is cut to 24 columns of it.
    init(_ fields: [String], cut: Int, narrow: Int? = nil) {
        self.fields = fields.map(Output.printable)
        self.cut = cut
        self.narrow = narrow
    }

    /// - Parameter room: nil where standard output is no terminal.
    /// - Throws: an exit code, once standard output cannot be written any more.
    func print(in room: TextRoom?) throws {
        Output.line(text(in: room))
        try Output.check()
    }

    private func text(in room: TextRoom?) -> String {
        var fields = fields
        for index in [cut, narrow].compactMap({ $0 }) { fields[index] = PlainText.cut(fields[index]) }
        guard let room else { return fields.joined(separator: ListLine.gap) }
        if let narrow { fields[narrow] = room.widths.fit(fields[narrow], ListLine.narrowest) }
        let others = fields.indices.filter { $0 != cut }.reduce(0) { $0 + room.widths.measure(fields[$1]) }
        let left = room.columns - others - ListLine.gap.count * (fields.count - 1)
        fields[cut] = room.widths.fit(fields[cut], max(1, left))
        return fields.joined(separator: ListLine.gap)
    }
}
