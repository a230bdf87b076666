public import Cells
public import Console

/// Makes cells of scenes. It keeps the last scene, so that only what changed is painted anew.
public struct Painter {
    /// Where the text cursor is, when something is being typed.
    public private(set) var cursor: (x: Int, y: Int)?

    private let widths: GlyphWidths
    private let braille: Bool
    private var theme: Theme
    /// The panes without a modal over them.
    private var panes: Canvas
    /// What `panes` shows; nil when all is to be painted.
    private var last: Scene?
    private var seams = Seams([], width: 0)
    private var raster: MapRaster?

    public init(widths: GlyphWidths, theme: Theme, braille: Bool) {
        self.widths = widths
        self.theme = theme
        self.braille = braille && widths.unicode
        panes = Canvas(width: 0, height: 0, widths: widths)
    }

    /// Everything is painted anew the next time.
    public mutating func setTheme(_ theme: Theme) {
        self.theme = theme
        last = nil
    }

    /// The whole screen; of panes whose scene is that of the last call the old cells are taken.
    public mutating func paint(_ scene: Scene, width: Int, height: Int) -> Canvas {
        if let cover = scene.cover { return paint(cover, scene.modal, width, height) }
        paintPanes(scene, width, height)
        cursor = nil
        var canvas = panes
        FooterPane.paintNotice(scene.footer, into: &canvas, theme: theme)
        return scene.modal.map { paint($0, over: canvas) } ?? canvas
    }

    /// The panes stay as they are below it; the next scene without a cover finds them.
    private mutating func paint(_ cover: CoverScene, _ modal: ModalScene?, _ width: Int, _ height: Int) -> Canvas {
        cursor = nil
        var canvas = Canvas(width: width, height: height, widths: widths, style: theme[.text])
        CoverPane.paint(cover, into: &canvas, area: canvas.bounds, theme: theme)
        return modal.map { paint($0, over: canvas) } ?? canvas
    }

    private mutating func paint(_ modal: ModalScene, over behind: Canvas) -> Canvas {
        var canvas = behind
        cursor = ModalPane.paint(modal, into: &canvas, area: canvas.bounds, theme: theme)
        return canvas
    }

    // MARK: - Panes

    private mutating func paintPanes(_ scene: Scene, _ width: Int, _ height: Int) {
        if !isSamePlaces(scene, width, height) { start(scene, width, height) }
        let old = last
        var isTouched = old == nil
        for (index, placed) in scene.panes.enumerated() where !isShown(placed, at: index) {
            paint(placed)
            isTouched = true
        }
        if isTouched { seams.paint(into: &panes, theme: theme) }
        paintLines(scene, isTouched && overlapsLines(scene) ? nil : old)
        last = scene
    }

    private func isSamePlaces(_ scene: Scene, _ width: Int, _ height: Int) -> Bool {
        guard let last, panes.width == max(0, width), panes.height == max(0, height) else { return false }
        return last.panes.map(\.area) == scene.panes.map(\.area) && (last.tabs == nil) == (scene.tabs == nil)
            && hasTools(last) == hasTools(scene)
    }

    private mutating func start(_ scene: Scene, _ width: Int, _ height: Int) {
        panes = Canvas(width: width, height: height, widths: widths, style: theme[.text])
        seams = Seams(scene.panes.map(\.area), width: width)
        last = nil
    }

    private func isShown(_ placed: PlacedPane, at index: Int) -> Bool {
        guard let last else { return false }
        return last.panes[index] == placed
    }

    private mutating func paint(_ placed: PlacedPane) {
        let area = Rect(placed.area).intersection(panes.bounds)
        guard !area.isEmpty else { return }
        let hasSeam = placed.area.x + placed.area.width < panes.width
        panes.fill(area, theme[.text])
        if hasSeam { panes.verticalLine(x: area.maxX - 1, y: area.y, length: area.height, theme[.border]) }
        paint(placed.pane, area.inset(right: hasSeam ? 1 : 0), placed.focused)
    }

    private mutating func paint(_ pane: PaneScene, _ area: Rect, _ focused: Bool) {
        switch pane {
        case .alerts(let scene):
            AlertsPane.paint(scene, into: &panes, area: area, theme: theme, focused: focused)
        case .detail(let scene):
            DetailPane.paint(scene, into: &panes, area: area, theme: theme, focused: focused)
        case .map(let scene):
            let raster = currentRaster(scene.lines, area.inset(top: 1))
            MapPane.paint(scene, into: &panes, area: area, theme: theme, focused: focused, raster: raster)
        case .assets(let scene):
            AssetsPane.paint(scene, into: &panes, area: area, theme: theme, focused: focused)
        case .checklist(let scene):
            ChecklistPane.paint(scene, into: &panes, area: area, theme: theme, focused: focused)
        case .log(let scene):
            LogPane.paint(scene, into: &panes, area: area, theme: theme, focused: focused)
        case .metrics(let scene):
            MetricsPane.paint(scene, into: &panes, area: area, theme: theme, focused: focused)
        }
    }

    private mutating func currentRaster(_ lines: MapScene.Lines, _ body: Rect) -> MapRaster {
        if let raster, raster.isOf(lines, width: body.width, height: body.height) { return raster }
        let made = MapRaster(lines, width: body.width, height: body.height, braille: braille)
        raster = made
        return made
    }

    // MARK: - First and last lines

    /// A screen too small for its layout may leave no row that is theirs alone.
    private func overlapsLines(_ scene: Scene) -> Bool {
        scene.panes.contains { $0.area.y < 2 || $0.area.y + $0.area.height >= panes.height }
    }

    private func hasTools(_ scene: Scene) -> Bool {
        scene.tabs == nil && !(scene.tools.entries.isEmpty && scene.tools.minutes.isEmpty && scene.tools.notes.isEmpty)
    }

    private mutating func paintLines(_ scene: Scene, _ old: Scene?) {
        if panes.height > 2 {
            if let tabs = scene.tabs, tabs != old?.tabs {
                TabsPane.paint(tabs, into: &panes, area: panes.bounds.row(1), theme: theme)
            } else if hasTools(scene), scene.tools != old?.tools {
                ToolStripPane.paint(scene.tools, into: &panes, area: panes.bounds.row(1), theme: theme)
            }
        }
        if panes.height > 1, scene.footer != old?.footer {
            FooterPane.paint(scene.footer, into: &panes, area: panes.bounds.row(panes.height - 1), theme: theme)
        }
        if scene.header != old?.header {
            HeaderPane.paint(scene.header, into: &panes, area: panes.bounds.row(0), theme: theme)
        }
    }
}
