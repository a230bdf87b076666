import Cells
import Console

/// `[1 Alerts 7!] 2 Map  3 Assets 4!`, where only one pane has room.
enum TabsPane {
    static func paint(_ scene: TabsScene, into canvas: inout Canvas, area: Rect, theme: Theme) {
        canvas.fill(area, theme[.header])
        guard area.width > 1, !area.isEmpty else { return }
        let inner = area.inset(left: 1)
        let cut = choose(scene, inner.width, canvas.widths)
        var x = inner.x
        for tab in scene.tabs where tab.selected || cut != .selectedOnly {
            let text = text(tab, cut)
            let limit = inner.maxX - x
            x += canvas.putFit(text, x: x, y: inner.y, limit: limit, style(tab, theme)) + gap(cut)
        }
    }

    private enum Cut: CaseIterable { case none, tight, keysOnly, selectedOnly }

    private static func choose(_ scene: TabsScene, _ width: Int, _ widths: GlyphWidths) -> Cut {
        let fitting = Cut.allCases.first { cut in
            scene.tabs.reduce(0) { $0 + widths.measure(text($1, cut)) + gap(cut) } - gap(cut) <= width
        }
        return fitting ?? .selectedOnly
    }

    private static func gap(_ cut: Cut) -> Int { cut == .none ? 2 : 1 }

    private static func text(_ tab: TabsScene.Tab, _ cut: Cut) -> String {
        let title = tab.selected || cut == .none || cut == .tight ? tab.title : ""
        let count = tab.urgent && !tab.count.hasSuffix("!") ? tab.count + "!" : tab.count
        let words = [tab.key, title, count].filter { !$0.isEmpty }.joined(separator: " ")
        return tab.selected ? "[\(words)]" : words
    }

    private static func style(_ tab: TabsScene.Tab, _ theme: Theme) -> Style {
        if tab.selected { return theme[.titleFocused].with(.bold) }
        return theme[tab.urgent ? .warning : .header]
    }
}
