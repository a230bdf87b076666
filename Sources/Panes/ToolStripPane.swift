import Cells
import Console
import ControlRoom

/// The second line: the tools, how old their last word is, and the load of the last ten minutes.
enum ToolStripPane {
    static func paint(_ scene: ToolStripScene, into canvas: inout Canvas, area: Rect, theme: Theme) {
        canvas.fill(area, theme[.header])
        guard area.width > 1, !area.isEmpty else { return }
        let inner = area.inset(left: 1)
        let cut = choose(scene, inner.width, canvas.widths)
        var x = inner.x
        for index in cut.entries ?? Array(scene.entries.indices) {
            x += paint(scene.entries[index], cut, into: &canvas, x: x, area: inner, theme) + cut.gap
        }
        if let entries = cut.entries {
            let left = "+" + String(scene.entries.count - entries.count)
            canvas.putFit(left, x: x, y: inner.y, limit: inner.maxX - x, theme[.header])
        }
        paintLoad(scene, cut, into: &canvas, inner, theme)
    }

    // MARK: - What is shown

    /// How much is left away.
    private struct Cut {
        /// 0: all; 1: without the word `ok`; 2: of what is ok, only that it is, and what is short of the rest.
        var level: Int
        var gap: Int
        /// Which notes stay, in their order.
        var notes: [Int]
        var sparkline: Bool
        /// The entries that fit, in their order; nil for all.
        var entries: [Int]?
    }

    private static func choose(_ scene: ToolStripScene, _ width: Int, _ widths: GlyphWidths) -> Cut {
        for cut in cuts(scene) where columns(scene, cut, widths) <= width { return cut }
        var cut = Cut(level: 2, gap: 1, notes: [], sparkline: false)
        if columns(scene, cut, widths) - cut.gap > width { cut.entries = fitting(scene, cut, width, widths) }
        return cut
    }

    /// As many as fit before the number of those that do not: the worst stay, and of what is as bad those that come first.
    private static func fitting(_ scene: ToolStripScene, _ cut: Cut, _ width: Int, _ widths: GlyphWidths) -> [Int] {
        let order = scene.entries.indices.sorted { (weight(scene.entries[$0]), $0) < (weight(scene.entries[$1]), $1) }
        var room = width - "+\(scene.entries.count)".count
        let kept = order.prefix { index in
            room -= columns(scene.entries[index], cut, widths)
            return room >= 0
        }
        return kept.sorted()
    }

    /// The worst first: an alarm that waits by its severity, then what is not as it should be.
    private static func weight(_ entry: ToolStripScene.Entry) -> Int {
        switch entry.state.tone {
        case .severity(let severity): severity.rawValue
        case .plain, .dim, .ok: Severity.allCases.count + 1
        default: Severity.allCases.count
        }
    }

    private static func columns(_ entry: ToolStripScene.Entry, _ cut: Cut, _ widths: GlyphWidths) -> Int {
        let state = stateText(entry, cut.level)
        return widths.measure(entry.code) + (state.isEmpty ? 0 : 1 + widths.measure(state)) + cut.gap
    }

    private static func cuts(_ scene: ToolStripScene) -> [Cut] {
        let kept = keptLongest(scene.notes)
        let withNotes = stride(from: kept.count, through: 0, by: -1).flatMap { count in
            [3, 2].map { Cut(level: 0, gap: $0, notes: kept.prefix(count).sorted(), sparkline: true) }
        }
        let without = [(0, 3), (0, 2), (0, 1), (1, 2), (2, 2), (1, 1)].map { level, gap in
            Cut(level: level, gap: gap, notes: [], sparkline: false)
        }
        return withNotes + without
    }

    /// What is not as it should be stays longer than what is quiet.
    private static func keptLongest(_ notes: [Span]) -> [Int] {
        func isQuiet(_ index: Int) -> Bool { [.plain, .dim, .ok].contains(notes[index].tone) }
        return notes.indices.filter { !isQuiet($0) } + notes.indices.filter(isQuiet)
    }

    private static func columns(_ scene: ToolStripScene, _ cut: Cut, _ widths: GlyphWidths) -> Int {
        let entries = scene.entries.reduce(0) { $0 + columns($1, cut, widths) }
        return entries + loadColumns(scene, cut, widths)
    }

    /// Width of the sparkline and the notes.
    private static func loadColumns(_ scene: ToolStripScene, _ cut: Cut, _ widths: GlyphWidths) -> Int {
        let notes = cut.notes.reduce(0) { $0 + widths.measure(scene.notes[$1].text) + 3 }
        return notes + (cut.sparkline && !scene.minutes.isEmpty ? scene.minutes.count + 1 : 0)
    }

    private static func stateText(_ entry: ToolStripScene.Entry, _ level: Int) -> String {
        let text = entry.state.text
        guard level > 0 else { return text }
        guard text == "ok" || text.hasPrefix("ok ") else { return level == 2 ? entry.short ?? text : text }
        // No tool stands without its state: it would be read as that of the next.
        return level == 1 && text.count > 3 ? String(text.dropFirst(3)) : "ok"
    }

    // MARK: - Painting

    private static func paint(
        _ entry: ToolStripScene.Entry, _ cut: Cut, into canvas: inout Canvas, x: Int, area: Rect, _ theme: Theme
    ) -> Int {
        let state = stateText(entry, cut.level)
        var used = canvas.putFit(entry.code, x: x, y: area.y, limit: area.maxX - x, theme[.headerStrong].without(.bold))
        guard !state.isEmpty else { return used }
        used += 1
        let style = theme.style(entry.state.tone, plain: .header)
        used += canvas.putFit(state, x: x + used, y: area.y, limit: area.maxX - x - used, style)
        return used
    }

    /// The first note says what the sparkline shows, and stands before it.
    private static func paintLoad(
        _ scene: ToolStripScene, _ cut: Cut, into canvas: inout Canvas, _ area: Rect, _ theme: Theme
    ) {
        var x = area.maxX - loadColumns(scene, cut, canvas.widths)
        guard x >= area.x, cut.sparkline else { return }
        func put(_ text: String, _ style: Style, gap: Int) {
            x += canvas.put(text, x: x, y: area.y, limit: area.maxX - x, style) + gap
        }
        func putNote(_ index: Int, gap: Int) {
            put(scene.notes[index].text, theme.style(scene.notes[index].tone, plain: .header), gap: gap)
        }
        if cut.notes.first == 0 { putNote(0, gap: scene.minutes.isEmpty ? 3 : 1) }
        if !scene.minutes.isEmpty { put(sparkline(scene.minutes, canvas.widths.unicode), theme[.bar], gap: 3) }
        for index in cut.notes where index > 0 { putNote(index, gap: 3) }
    }

    /// A blank load is a line, not nothing; few annunciations do not look like many.
    static func sparkline(_ minutes: [Int], _ unicode: Bool) -> String {
        let levels = unicode ? Glyphs.sparks : Glyphs.plainSparks
        let counts = minutes.map { min(max(0, $0), 1_000_000) }
        let top = max(4, counts.max() ?? 0)
        return counts.reduce(into: "") { text, count in
            text += levels[(count * (levels.count - 1) + top - 1) / top]
        }
    }
}
