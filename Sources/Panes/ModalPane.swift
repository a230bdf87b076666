import Cells
import Console

/// A box over the panes; what is behind it stays.
enum ModalPane {
    /// Returns where the text cursor is.
    static func paint(
        _ scene: ModalScene, into canvas: inout Canvas, area: Rect, theme: Theme
    ) -> (x: Int, y: Int)? {
        let width = min(area.width, max(scene.width, 20))
        // The first line says whether this is an exercise, and is never covered.
        let area = area.inset(top: area.height > 3 ? 1 : 0)
        let plan = Plan(scene, width: width, height: area.height, widths: canvas.widths)
        let box = place(scene, area, width: width, height: plan.height)
        canvas.fill(box, theme[.modal])
        if plan.hasBorder { paintBorder(scene.title, into: &canvas, box, theme) }
        let inner = plan.hasBorder ? box.inset(left: 2, top: 1, right: 2, bottom: 1) : box
        paintText(plan.text, into: &canvas, inner, theme)
        paintText(plan.remark, into: &canvas, inner.inset(top: plan.text.count + plan.input), theme)
        let cursor = paintInput(scene, plan, into: &canvas, inner, theme)
        paintItems(scene, plan, into: &canvas, inner, theme)
        if plan.keys > 0 {
            canvas.putFit(
                scene.keys, x: inner.x, y: inner.maxY - 1, limit: inner.width, theme[.key].on(theme[.modal].background))
        }
        return cursor
    }

    /// A box in which is typed keeps its top edge while its items come and go.
    private static func place(_ scene: ModalScene, _ area: Rect, width: Int, height: Int) -> Rect {
        var box = area.centred(width: width, height: height)
        if scene.input != nil { box.y = area.y + min(area.height / 6, area.height - box.height) }
        return box
    }

    // MARK: - Lines

    /// How the lines are shared out: the keys that leave come first, then what is typed, the items, the text.
    private struct Plan {
        var text: [[Span]]
        var input = 0
        /// Three lines at most.
        var remark: [[Span]] = []
        var items = 0
        var keys = 0
        /// A blank line before the items and one before the keys, when there is room.
        var gapBeforeItems = 0
        var gapBeforeKeys = 0
        let hasBorder: Bool

        init(_ scene: ModalScene, width: Int, height: Int, widths: GlyphWidths) {
            hasBorder = width > 6 && height > 4
            let room = hasBorder ? height - 2 : height
            let columns = width - (hasBorder ? 4 : 0)
            text = scene.text.isEmpty ? [] : Wrapping.wrap(scene.text, width: columns, limit: room, widths: widths)
            var left = room
            func take(_ wanted: Int) -> Int {
                let taken = max(0, min(wanted, left))
                left -= taken
                return taken
            }
            keys = take(scene.keys.isEmpty ? 0 : 1)
            input = take(scene.input == nil ? 0 : 1)
            if !scene.remark.isEmpty {
                remark = Wrapping.wrap(scene.remark, width: columns, limit: min(3, left), widths: widths)
                left -= remark.count
            }
            items = take(min(scene.items.count, 3))
            text = Array(text.prefix(take(text.count)))
            items += take(scene.items.count - items)
            gapBeforeKeys = take(keys)
            gapBeforeItems = take(items > 0 && !(text.isEmpty && remark.isEmpty) ? 1 : 0)
        }

        var itemsStart: Int { text.count + input + remark.count + gapBeforeItems }

        var height: Int { itemsStart + items + gapBeforeKeys + keys + (hasBorder ? 2 : 0) }
    }

    // MARK: - Painting

    private static func paintBorder(_ title: String, into canvas: inout Canvas, _ box: Rect, _ theme: Theme) {
        let style = theme[.border].on(theme[.modal].background)
        let right = box.maxX - 1
        let bottom = box.maxY - 1
        for y in [box.y, bottom] { canvas.horizontalLine(x: box.x, y: y, length: box.width, style) }
        for x in [box.x, right] { canvas.verticalLine(x: x, y: box.y, length: box.height, style) }
        for (corner, x, y) in [("┌", box.x, box.y), ("┐", right, box.y), ("└", box.x, bottom), ("┘", right, bottom)] {
            canvas.put(corner, x: x, y: y, style)
        }
        guard !title.isEmpty else { return }
        let text = canvas.widths.fit(title, box.width - 6)
        canvas.put(" \(text) ", x: box.x + 2, y: box.y, limit: box.width - 4, theme[.modalTitle])
    }

    private static func paintText(_ lines: [[Span]], into canvas: inout Canvas, _ inner: Rect, _ theme: Theme) {
        for (offset, line) in lines.enumerated() {
            canvas.put(line, x: inner.x, y: inner.y + offset, limit: inner.width) { style($0, theme) }
        }
    }

    private static func style(_ tone: Tone, _ theme: Theme) -> Style {
        theme.style(tone, plain: .modal).on(theme[.modal].background)
    }

    private static func paintInput(
        _ scene: ModalScene, _ plan: Plan, into canvas: inout Canvas, _ inner: Rect, _ theme: Theme
    ) -> (x: Int, y: Int)? {
        guard let input = scene.input, plan.input > 0 else { return nil }
        let prompt = theme[.key].on(theme[.modal].background)
        let line = inner.row(plan.text.count)
        return InputLine.paint(
            input, into: &canvas, area: line, prompt: prompt, text: theme[.input],
            wrong: theme.style(.error, plain: .input).on(theme[.input].background).with(.underline))
    }

    private static func paintItems(
        _ scene: ModalScene, _ plan: Plan, into canvas: inout Canvas, _ inner: Rect, _ theme: Theme
    ) {
        let first = firstShown(count: scene.items.count, cursor: scene.cursor, height: plan.items)
        for offset in 0..<plan.items {
            let index = first + offset
            let line = inner.row(plan.itemsStart + offset)
            paint(scene.items[index], isSelected: index == scene.cursor, into: &canvas, line, theme)
        }
    }

    /// The item under the cursor has a mark and a background; underlined is only what a search met.
    private static func paint(
        _ item: ModalScene.Item, isSelected: Bool, into canvas: inout Canvas, _ line: Rect, _ theme: Theme
    ) {
        let style = style(item.tone, theme)
        canvas.put(isSelected ? "▸" : " ", x: line.x, y: line.y, limit: line.width, style)
        let inner = line.inset(left: 2)
        let note = min(canvas.widths.measure(item.note), inner.width / 2)
        let limit = inner.width - (note > 0 ? note + 2 : 0)
        let used = canvas.putFit(item.text, x: inner.x, y: line.y, limit: limit, style)
        let dim = theme[.dim].on(theme[.modal].background)
        canvas.putFitRight(item.note, x: inner.maxX - note, y: line.y, limit: note, dim)
        if isSelected {
            let selection = theme[.selection]
            canvas.restyle(line) { $0.on(selection.background).with(selection.attributes.subtracting(.underline)) }
        }
        underline(item, into: &canvas, Rect(x: inner.x, y: line.y, width: used, height: 1))
    }

    private static func underline(_ item: ModalScene.Item, into canvas: inout Canvas, _ area: Rect) {
        guard !item.matched.isEmpty else { return }
        let matched = Set(item.matched)
        var x = area.x
        for (position, character) in item.text.enumerated() where x < area.maxX {
            let columns = canvas.widths.measure(String(character))
            if matched.contains(position) {
                let cells = Rect(x: x, y: area.y, width: columns, height: 1).intersection(area)
                canvas.restyle(cells) { $0.with([.underline, .bold]) }
            }
            x += columns
        }
    }
}
