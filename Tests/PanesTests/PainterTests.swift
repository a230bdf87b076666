import Cells
import Console
import ControlRoom
import Testing

@testable import Panes

@Suite("The painter")
struct PainterTests {
    @Test("a whole screen")
    func screen() {
        var painter = Painter()
        #expect(
            painter.paint(Samples.screen, width: 120, height: 40).text == """
                 Padova  ▐ EXERCISE crowd-at-signori  04:12 of 20:00  x1 ▌  Police · operator · op1     feed live 0s   out 0   14:03:21
                 FD ok 3s  UAD ok 9s  SMD ok 41s  CTI ok 4m  CTDR ALERT 12s  BD ok 20s  EO ready  WMS ok 8s   10min 6 ▃▁▆█▄▃   owed 3
                ─ Alerts · 7 unack · 23 active · 1,204 today ────────────────── by need ─┬─ Map · Padova ────────────────── 500 m ├──┤ ─
                 ‼ CRIT   9s UNACK       Centro  FD   Weapon seen, Piazza dei…    96%  x3│
                 ! HIGH  41s UNACK       Centro  UAD  Crowd far above normal…     81%    │  ⡏⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⡇
                 ! HIGH   2m rtn-unack   Est     CTDR Camera VLAN: new admin…    100% 99+│  ⡇                                   ⡇
                 • MED    6m ack         Arcella SMD  Topic "stazione" rising,…       x12│  ⡇            ⡏⠉⠉⠉⠉⠉⠉⠉⠉⠉⡇       Est  ⡇
                 · LOW   14m ack         Ovest   BD   Reading high, below alarm          │  ⡇            ⡇ Centro  ⡇            ⡇
                   INFO   3h shelved 12m Nord    CTI  Leaked credentials of a…           │  ⡇            ⡇     ‼3  ⡇            ⡇
                                                                                         │  ⡏⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⡏⠉⠉⠉⠉⠉⠉⠉⠉⠉⡏⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⡇
                                                                                         │  ⡇            ⡇         ⡇            ⡇
                                                                                         │  ⡇            ⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠁        ·2  ⡇
                                                                                         │  ⡇ Ovest                             ⡇
                                                                                         │  ⡇                                   ⡇
                                                                                         │  ⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠁
                                                                                         │
                                                                                         │
                                                                                         │
                                                                                         │
                                                                                         │
                ─ Detail ────────────────────────────────────────────────────────────────┤
                 ‼ CRIT  Weapon seen, Piazza dei Signori                                 │
                 FD camera 12 · confidence 96 % · occurrence 3 · since 14:03:12          ├─ Checklist · Armed person v4 · 2 of 6 ───────
                 image masked (u to ask for unmasking) · nearest unit 2 min              │ ✓ 1 Confirm on a second camera   op1 14:03:40
                                                                                         │ – 2 Alert patrol in Centro       op1 14:03:58
                 timeline  14:03:12 raised  14:03:15 again                               │ ▸ 3 Close entrances of the square   due 00:24
                                                                                         │     Via Fiume, Via Manin, Piazza Cavour.
                                                                                         │     Nobody goes in. People may leave by Via
                                                                                         │     Monte di Pietà.
                ─ Assets · 61 · 4 to fix now ────────────────────────────────────────────┤   4 Announce: leave by Via Monte di Pietà
                 ████▍  87 ! VMS server     KEV due in 2d · internet-facing  Municipality│ ✗ 5 Ask EO for two exit plans         after 3
                 ███▏   63   Traffic ctl 14 on path to VMS · EPSS 0.71       Mobility    │   6 Hand over
                 █████ 100 ! Gateway        unpatched                        Police      │
                         0   Kiosk                                           Transport   │
                                                                                         │
                ─ Log ───────────────────────────────────────────────────────────────────┴──────────────────────────────────────────────
                 14:03:21  acknowledged  Reading high, below alarm  op1
                 14:03:12  raised  Weapon seen, Piazza dei Signori  FD

                 a ack  A assess  c checklist  s shelve  m map  / find  : command  ? keys               op1 acknowledged "Reading high"
                """)
    }

    @Test("where lines meet, in ASCII too")
    func seams() {
        func seam(_ unicode: Bool) -> String {
            var painter = Painter(unicode: unicode)
            let shown = painter.paint(Samples.screen, width: 120, height: 40)
            return [(73, 2), (73, 3), (73, 20), (73, 22), (73, 29), (73, 35)].reduce(into: "") { text, cell in
                text.unicodeScalars.append(Unicode.Scalar(shown[cell.0, cell.1].scalar) ?? "?")
            }
        }
        #expect(seam(true) == "┬│┤├┤┴")
        #expect(seam(false) == "+|+++-")
    }

    @Test("what is painted in part equals what is painted at once", arguments: 1...40 as ClosedRange<UInt64>)
    func incremental(seed: UInt64) {
        var scenes = RandomScenes(seed: seed, hostile: seed % 5 == 0)
        let unicode = seed % 3 != 0
        var (width, height) = (20 + scenes.below(100), 4 + scenes.below(40))
        var kept = Painter(unicode: unicode)
        var scene = scenes.scene(width, height)
        for step in 0..<12 {
            var fresh = Painter(unicode: unicode)
            let expected = fresh.paint(scene, width: width, height: height)
            let shown = kept.paint(scene, width: width, height: height)
            #expect(shown.cells == expected.cells, "step \(step)")
            #expect(kept.cursor?.x == fresh.cursor?.x && kept.cursor?.y == fresh.cursor?.y)
            if scenes.chance(10) { (width, height) = (20 + scenes.below(100), 4 + scenes.below(40)) }
            scenes.change(&scene, width, height)
        }
    }

    @Test("a pane that did not change is not painted")
    func untouched() {
        var painter = Painter()
        var scene = Samples.screen
        _ = painter.paint(scene, width: 120, height: 40)
        // Lines of the same version are equal, so these are not looked at.
        if case .map(var map) = scene.panes[1].pane {
            map.lines.outlines = []
            scene.panes[1].pane = .map(map)
        }
        scene.header.clock = "14:03:22"
        var expected = Painter()
        let shown = painter.paint(scene, width: 120, height: 40)
        #expect(
            shown.text
                == expected.paint(Samples.screen, width: 120, height: 40).text
                .replacing("14:03:21\n FD", with: "14:03:22\n FD"))
    }

    @Test("tints alone are a change")
    func tints() {
        var painter = Painter()
        var scene = Scene.of(.map(Samples.map), width: 42, height: 13)
        _ = painter.paint(scene, width: 42, height: 15)
        var map = Samples.map
        map.tints = Array(repeating: .critical, count: 42 * 12)
        scene.panes[0].pane = .map(map)
        let background = painter.paint(scene, width: 42, height: 15)[0, 2].style.background
        #expect(background == Theme.distinct[.tintCritical].background)
    }

    @Test("a new theme is seen everywhere")
    func theme() {
        var painter = Painter()
        let before = painter.paint(Samples.screen, width: 120, height: 40)
        let other = Theme(name: "other", styles: [.text: Style(foreground: Colour(index: 9) ?? .terminalDefault)])
        painter.setTheme(other)
        let after = painter.paint(Samples.screen, width: 120, height: 40)
        var fresh = Painter(theme: other)
        #expect(after.cells == fresh.paint(Samples.screen, width: 120, height: 40).cells)
        #expect(after.text == before.text)
        #expect(zip(after.cells, before.cells).allSatisfy { $0.style != $1.style })
    }

    @Test("without colours it reads the same")
    func colourless() {
        var painter = Painter(theme: Theme.distinct.colourless)
        let shown = painter.paint(Samples.screen, width: 120, height: 40)
        #expect(shown.cells.allSatisfy { $0.style == $0.style.colourless })
    }

    // MARK: - Sizes and hostile texts

    @Test("every small size", arguments: [true, false])
    func smallSizes(hostile: Bool) {
        var scenes = RandomScenes(seed: 99, hostile: hostile)
        for width in 1...24 {
            for height in 1...12 {
                var painter = Painter(unicode: width % 2 == 0)
                var scene = scenes.scene(width, height)
                scene.cover = nil
                let shown = painter.paint(scene, width: width, height: height)
                #expect(shown.width == width && shown.height == height)
                #expect(shown.isSound)
                if let cursor = painter.cursor { #expect(shown.bounds.contains(x: cursor.x, y: cursor.y)) }
                _ = painter.paint(Samples.screen, width: width, height: height)
            }
        }
        var painter = Painter()
        #expect(painter.paint(Samples.screen, width: 0, height: 0).cells.isEmpty)
    }

    @Test("sizes up to 400x150", arguments: 1...40 as ClosedRange<UInt64>)
    func anySize(seed: UInt64) {
        var scenes = RandomScenes(seed: seed, hostile: seed % 2 == 0)
        let (width, height) = seed == 1 ? (400, 150) : (1 + scenes.below(400), 1 + scenes.below(150))
        var painter = Painter(unicode: seed % 3 != 0)
        #expect(painter.paint(scenes.scene(width, height), width: width, height: height).isSound)
        // A scene for another size: its areas lie beyond the edges.
        #expect(painter.paint(scenes.scene(400, 150), width: width, height: height).isSound)
        #expect(painter.paint(scenes.scene(9, 5), width: width, height: height).isSound)
    }

    @Test("no pane paints outside its area", arguments: [true, false])
    func inside(hostile: Bool) {
        var scenes = RandomScenes(seed: 5, hostile: hostile)
        for round in 0..<800 {
            let area = Area(
                x: 3, y: 2, width: scenes.below(round % 2 == 0 ? 10 : 70), height: scenes.below(round % 3 == 0 ? 4 : 20)
            )
            let widths = libraryWidths(unicode: round % 4 != 0)
            var canvas = Canvas(width: 80, height: 25, widths: widths)
            canvas.fill(canvas.bounds, .plain, scalar: 0x40)
            scenes.paintSomething(into: &canvas, Rect(area))
            let outside = (0..<80 * 25).filter { !Rect(area).contains(x: $0 % 80, y: $0 / 80) }
            #expect(outside.allSatisfy { canvas[$0 % 80, $0 / 80] == Cell(scalar: 0x40, style: .plain) })
        }
    }

    @Test("ten thousand combining marks take one cell and are not kept")
    func marks() {
        var scene = Samples.alerts
        scene.rows[0].headline = "e" + String(repeating: "\u{301}", count: 10_000) + " end"
        scene.rows[0].district = String(repeating: "\u{301}", count: 10_000)
        let shown = canvas(.alerts(scene), 82, 8)
        #expect(shown.column(of: " UAD ", 3) == shown.column(of: " FD  ", 2))
        #expect(shown.column(of: "e end", 2) != nil)
    }

    @Test("no text reaches a cell raw")
    func controls() {
        var scenes = RandomScenes(seed: 12, hostile: true)
        for _ in 0..<40 {
            var painter = Painter()
            let shown = painter.paint(scenes.scene(100, 30), width: 100, height: 30)
            let scalars = Set(shown.cells.flatMap { [$0.scalar, $0.mark1, $0.mark2] })
            #expect(scalars.isDisjoint(with: [0x1B, 0x07, 0x0D, 0x7F, 0x9B, 0x202E, 0x2066, 0x200F, 0x2028, 0xFEFF]))
        }
    }
}

extension Canvas {
    /// Every wide character has its continuation, and no continuation is alone.
    fileprivate var isSound: Bool {
        (0..<height).allSatisfy { y in
            (0..<width).allSatisfy { x in
                let cell = self[x, y]
                if cell.width == 2 { return x + 1 < width && self[x + 1, y].width == 0 }
                return cell.width == 1 || (x > 0 && self[x - 1, y].width == 2)
            }
        }
    }
}

extension RandomScenes {
    /// Any of the painters, straight into an area.
    fileprivate mutating func paintSomething(into canvas: inout Canvas, _ area: Rect) {
        let theme = Theme.distinct
        switch below(12) {
        case 0: AlertsPane.paint(alerts(), into: &canvas, area: area, theme: theme, focused: true)
        case 1: AssetsPane.paint(assets(), into: &canvas, area: area, theme: theme, focused: true)
        case 2: ChecklistPane.paint(checklist(), into: &canvas, area: area, theme: theme, focused: true)
        case 3:
            let scene = DetailScene(title: title(), lines: [spans(3), spans(3)], scroll: number())
            DetailPane.paint(scene, into: &canvas, area: area, theme: theme, focused: true)
        case 4:
            let scene = LogScene(title: title(), rows: [spans(3), spans(3)], cursor: cursor(2))
            LogPane.paint(scene, into: &canvas, area: area, theme: theme, focused: true)
        case 5:
            let scene = map(Area(x: area.x, y: area.y, width: area.width, height: area.height))
            let raster = MapRaster(scene.lines, width: area.width, height: max(0, area.height - 1), braille: chance(50))
            MapPane.paint(scene, into: &canvas, area: area, theme: theme, focused: true, raster: raster)
        case 6: CoverPane.paint(CoverScene(lines: spans(4)), into: &canvas, area: area, theme: theme)
        case 7: _ = ModalPane.paint(modal(), into: &canvas, area: area, theme: theme)
        case 8: HeaderPane.paint(header(), into: &canvas, area: area.row(0), theme: theme)
        case 9: ToolStripPane.paint(tools(), into: &canvas, area: area.row(0), theme: theme)
        case 10: TabsPane.paint(tabs(), into: &canvas, area: area.row(0), theme: theme)
        default: FooterPane.paint(footer(), into: &canvas, area: area.row(0), theme: theme)
        }
    }
}
