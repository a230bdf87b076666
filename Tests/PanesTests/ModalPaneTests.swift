import Cells
import Console
import Panes
import Testing

@Suite("Modals")
struct ModalPaneTests {
    private func over(_ modal: ModalScene) -> Scene {
        var scene = Scene.of(.alerts(Samples.alerts), width: 60, height: 18)
        scene.modal = modal
        return scene
    }

    @Test("a box in the middle, what is behind it stays")
    func box() throws {
        var painter = Painter()
        let shown = painter.paint(over(Samples.modal), width: 60, height: 20)
        #expect(
            shown.rows(1...17) == """
                ─ Alerts · 7 unack · 23 active · 1,204 today ───── by need ─
                 ‼ CRIT   9s UNACK       Centro  FD   Weapon seen, Piazza…
                 ! HIGH  41s UNACK       Centro  UAD  Crowd far above norma…
                 ! HIGH┌─ Acknowledge ──────────────────────────────┐w admi…
                 • MED │ Weapon seen, Piazza dei Signori. Only this │" risi…
                 · LOW │ occurrence is acknowledged.                │elow…
                   INFO│ note: seen                                 │als of…
                       │                                            │
                       │   confirmed                              c │
                       │ ▸ false alarm                            f │
                       │   cannot tell                            t │
                       │                                            │
                       │ Enter acknowledge   Esc back               │
                       └────────────────────────────────────────────┘



                """)
        #expect(try #require(painter.cursor) == (19, 7))
    }

    @Test("in ASCII")
    func ascii() {
        var painter = Painter(unicode: false)
        let shown = painter.paint(over(Samples.modal), width: 60, height: 20)
        #expect(
            shown.rows(3...14) == """
                 !  HIGH  41s UNACK       Centro  UAD  Crowd far above norm~
                 !  HIG+- Acknowledge ------------------------------+ew~
                 *  MED| Weapon seen, Piazza dei Signori. Only this |e"~
                 .  LOW| occurrence is acknowledged.                |below~
                    INF| note: seen                                 |ials~
                       |                                            |
                       |   confirmed                              c |
                       | > false alarm                            f |
                       |   cannot tell                            t |
                       |                                            |
                       | Enter acknowledge   Esc back               |
                       +--------------------------------------------+
                """)
    }

    @Test("the cells come back when it goes")
    func goes() {
        var painter = Painter()
        let before = painter.paint(over(Samples.modal).without, width: 60, height: 20)
        _ = painter.paint(over(Samples.modal), width: 60, height: 20)
        let after = painter.paint(over(Samples.modal).without, width: 60, height: 20)
        #expect(after.cells == before.cells)
        #expect(painter.cursor == nil)
    }

    @Test("what changes behind it is seen behind it")
    func behind() {
        var painter = Painter()
        _ = painter.paint(over(Samples.modal), width: 60, height: 20)
        var scene = over(Samples.modal)
        scene.header.clock = "23:59:59"
        scene.panes[0].pane = .log(Samples.log)
        let shown = painter.paint(scene, width: 60, height: 20)
        var fresh = Painter()
        #expect(shown.cells == fresh.paint(scene, width: 60, height: 20).cells)
        #expect(shown.text.contains("23:59:59") && shown.text.contains("Log"))
    }

    @Test("the item under the cursor is marked; matched characters are underlined")
    func items() throws {
        var painter = Painter()
        let shown = painter.paint(over(Samples.modal), width: 60, height: 20)
        let row = try #require((0..<20).first { shown.column(of: "confirmed", $0) != nil })
        let start = try #require(shown.column(of: "confirmed", row))
        let underlined = (0..<9).filter { shown[start + $0, row].style.attributes.contains(.underline) }
        #expect(underlined == [0, 3])
        let selected = shown[start, row + 1].style
        #expect(selected.background == Theme.distinct[.selection].background)
        #expect(selected.foreground == Theme.distinct[.warning].foreground)
        #expect(!selected.attributes.contains(.underline))
    }

    @Test("many items scroll with the cursor", arguments: [0, 7, 39])
    func scrolling(cursor: Int) {
        var modal = Samples.modal
        modal.items = (0..<40).map { .init(text: "item \($0)") }
        modal.cursor = cursor
        var painter = Painter()
        let text = painter.paint(over(modal), width: 60, height: 20).text
        #expect(text.contains("▸ item \(cursor) "))
        #expect(text.contains("Esc back"))
    }

    @Test("on a small screen the keys that leave it stay", arguments: [(20, 5), (12, 3), (46, 1), (30, 7)])
    func small(width: Int, height: Int) {
        var painter = Painter()
        let shown = painter.paint(over(Samples.modal), width: width, height: height)
        #expect(shown.text.contains("Enter"))
    }

    @Test("the first line is never covered where there is another place", arguments: [4, 5, 7, 12, 20, 40])
    func firstLine(height: Int) {
        for typed in [true, false] {
            var modal = Samples.modal
            modal.items = (0..<40).map { .init(text: "item \($0)") }
            if !typed { modal.input = nil }
            var scene = over(modal)
            scene.header = Samples.exercise
            var painter = Painter()
            let shown = painter.paint(scene, width: 60, height: height)
            let first = shown.line(0)
            #expect(first == painter.paint(scene.without, width: 60, height: height).line(0))
            #expect(first.contains("EXERCISE"))
            #expect(shown.text.contains("Enter"))
        }
    }

    @Test("over a cover")
    func overCover() {
        var scene = over(Samples.modal)
        scene.cover = CoverScene(lines: [Span("locked")])
        var painter = Painter()
        let text = painter.paint(scene, width: 60, height: 20).text
        #expect(text.contains("Acknowledge"))
        #expect(!text.contains("Weapon seen, Piazza…"))
        #expect(painter.cursor != nil)
    }
}

extension Scene {
    fileprivate var without: Scene {
        var copy = self
        copy.modal = nil
        return copy
    }
}
