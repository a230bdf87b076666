import Cells
import Console

/// Breaks texts into lines at blanks, and inside a word only where it is longer than a line.
struct Wrapping {
    private let widths: GlyphWidths
    private let width: Int
    private let hanging: Int
    private let limit: Int
    private var lines: [[Span]] = []
    private var line: [Span] = []
    private var used = 0
    private var blanks = 0
    private var word: [Span] = []
    private var wordColumns = 0

    private init(widths: GlyphWidths, width: Int, hanging: Int, limit: Int) {
        self.widths = widths
        self.width = width
        self.hanging = hanging * 3 > width ? 0 : hanging
        self.limit = limit
    }

    /// - Parameters:
    ///   - hanging: blanks before every line but the first.
    ///   - limit: how many lines are wanted at most.
    static func wrap(
        _ spans: [Span], width: Int, hanging: Int = 0, limit: Int = .max, widths: GlyphWidths
    ) -> [[Span]] {
        guard width > 0, limit > 0 else { return [] }
        if isShort(spans, width) { return [spans] }
        var wrapping = Wrapping(widths: widths, width: width, hanging: hanging, limit: limit)
        for span in spans where !wrapping.isFull { wrapping.take(span) }
        return wrapping.finish()
    }

    /// The text as lines of one tone.
    static func wrap(_ text: String, width: Int, limit: Int = .max, widths: GlyphWidths) -> [String] {
        wrap([Span(text)], width: width, limit: limit, widths: widths).map { line in
            line.reduce(into: "") { $0 += $1.text }
        }
    }

    private static func isShort(_ spans: [Span], _ width: Int) -> Bool {
        var bytes = 0
        for span in spans {
            bytes += span.text.utf8.count
            guard bytes <= width, !span.text.utf8.contains(0x0A) else { return false }
        }
        return true
    }

    private var isFull: Bool { lines.count >= limit }

    private mutating func take(_ span: Span) {
        let scalars = span.text.unicodeScalars
        var start = scalars.startIndex
        var index = start
        while index < scalars.endIndex, !isFull {
            let scalar = scalars[index]
            let next = scalars.index(after: index)
            if scalar == " " || scalar == "\n" {
                add(scalars[start..<index], span.tone)
                endWord()
                if scalar == " " { blanks += 1 } else { breakLine(hanging: 0) }
                start = next
            }
            index = next
        }
        if !isFull { add(scalars[start...], span.tone) }
    }

    private mutating func add(_ scalars: Substring.UnicodeScalarView, _ tone: Tone) {
        guard !scalars.isEmpty else { return }
        let text = String(Substring(scalars))
        word.append(Span(text, tone))
        wordColumns += widths.measure(text)
    }

    private mutating func endWord() {
        guard let first = word.first else { return }
        if used + blanks + wordColumns > width, used > 0 { breakLine(hanging: hanging) }
        if blanks > 0 { append(String(repeating: " ", count: min(blanks, width)), first.tone, columns: blanks) }
        blanks = 0
        if used + wordColumns <= width {
            for piece in word { append(piece.text, piece.tone, columns: 0) }
            used += wordColumns
        } else {
            for piece in word { split(piece) }
        }
        word.removeAll(keepingCapacity: true)
        wordColumns = 0
    }

    /// A word longer than a line.
    private mutating func split(_ piece: Span) {
        for scalar in piece.text.unicodeScalars where !isFull {
            let text = String(scalar)
            let columns = widths.measure(text)
            if used + columns > width, used > 0 { breakLine(hanging: 0) }
            append(text, piece.tone, columns: columns)
        }
    }

    private mutating func append(_ text: String, _ tone: Tone, columns: Int) {
        used += columns
        if let last = line.indices.last, line[last].tone == tone {
            line[last].text += text
        } else {
            line.append(Span(text, tone))
        }
    }

    private mutating func breakLine(hanging: Int) {
        lines.append(line)
        line = hanging > 0 ? [Span(String(repeating: " ", count: hanging))] : []
        used = hanging
        blanks = 0
    }

    private mutating func finish() -> [[Span]] {
        if !isFull { endWord() }
        if !isFull, !line.isEmpty || lines.isEmpty { lines.append(line) }
        return lines
    }
}
