import Cells
import Console
import ControlRoom
import Panes
import Testing

@Suite("The map")
struct MapPaneTests {
    private func map(_ change: (inout MapScene) -> Void) -> PaneScene {
        var scene = Samples.map
        change(&scene)
        return .map(scene)
    }

    private static let nothing = MapScene.Lines(version: 9, outlines: [], streets: [], selected: [])

    @Test("outlines, names, alerts and the scale")
    func sketch() {
        #expect(
            picture(.map(Samples.map), 42, 13) == """
                ─ Map · Padova ────────────── 500 m ├──┤ ─

                  ⡏⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⡇
                  ⡇                                   ⡇
                  ⡇            ⡏⠉⠉⠉⠉⠉⠉⠉⠉⠉⡇       Est  ⡇
                  ⡇            ⡇ Centro  ⡇            ⡇
                  ⡇            ⡇     ‼3  ⡇            ⡇
                  ⡏⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⡏⠉⠉⠉⠉⠉⠉⠉⠉⠉⡏⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⡇
                  ⡇            ⡇         ⡇            ⡇
                  ⡇            ⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠁        ·2  ⡇
                  ⡇ Ovest                             ⡇
                  ⡇                                   ⡇
                  ⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠁
                """)
    }

    @Test("in ASCII, and without braille")
    func ascii() {
        #expect(
            picture(.map(Samples.map), 42, 13, unicode: false) == """
                - Map . Padova -------------- 500 m +--+ -

                  +-----------------------------------|
                  |                                   |
                  |            +---------|       Est  |
                  |            | Centro  |            |
                  |            |     !!3 |            |
                  |------------|---------|------------|
                  |            |         |            |
                  |            ----------.        .2  |
                  | Ovest                             |
                  |                                   |
                  ------------------------------------.
                """)
        #expect(
            picture(.map(Samples.map), 42, 13, braille: false) == """
                ─ Map · Padova ────────────── 500 m ├──┤ ─

                  +-----------------------------------|
                  |                                   |
                  |            +---------|       Est  |
                  |            | Centro  |            |
                  |            |     ‼3  |            |
                  |------------|---------|------------|
                  |            |         |            |
                  |            ----------.        ·2  |
                  | Ovest                             |
                  |                                   |
                  ------------------------------------.
                """)
    }

    @Test("labels give way to one another and to markers: up, down, aside, away")
    func collisions() {
        let pane = map { scene in
            scene.lines = MapPaneTests.nothing
            scene.scale = ("", 0)
            scene.labels = (0..<8).map {
                .init(column: 12, row: 2, text: "place \($0)", selected: false, worst: nil, priority: $0)
            }
            scene.markers = [
                .init(column: 12, row: 2, severity: .high, count: 7, unacknowledged: false, selected: false)
            ]
        }
        #expect(
            picture(pane, 26, 6) == """
                ─ Map · Padova ───────────

                         place 7
                   place 4  !7 place 5
                         place 6

                """)
    }

    @Test("a label stays in the pane, and one from outside is not drawn")
    func edges() {
        let pane = map { scene in
            scene.lines = MapPaneTests.nothing
            scene.scale = ("", 0)
            scene.markers = []
            scene.labels = [
                .init(column: 0, row: 0, text: "North west", selected: false, worst: nil, priority: 1),
                .init(column: 19, row: 3, text: "South east", selected: false, worst: nil, priority: 1),
                .init(column: 40, row: 1, text: "beyond", selected: false, worst: nil, priority: 1),
                .init(column: 3, row: 1, text: "much too long for this", selected: false, worst: nil, priority: 9),
            ]
        }
        #expect(
            picture(pane, 20, 5) == """
                ─ Map · Padova ─────
                North west


                          South east
                """)
    }

    @Test("markers are on top of outlines and labels, and never leave the pane")
    func markers() {
        let pane = map { scene in
            scene.labels = []
            scene.scale = ("", 0)
            scene.markers = [
                .init(
                    column: -5_000, row: -5_000, severity: .critical, count: 12, unacknowledged: true, selected: false),
                .init(column: 9_999, row: 9_999, severity: .info, count: 1_204, unacknowledged: false, selected: false),
                .init(column: 15, row: 3, severity: .high, count: 1, unacknowledged: false, selected: false),
                .init(column: 15, row: 3, severity: .medium, count: 2, unacknowledged: false, selected: false),
            ]
        }
        #expect(
            picture(pane, 42, 13) == """
                ─ Map · Padova ───────────────────────────
                ‼12
                  ⡏⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⡇
                  ⡇            •2                     ⡇
                  ⡇            !1⠉⠉⠉⠉⠉⠉⠉⠉⡇            ⡇
                  ⡇            ⡇         ⡇            ⡇
                  ⡇            ⡇         ⡇            ⡇
                  ⡏⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⡏⠉⠉⠉⠉⠉⠉⠉⠉⠉⡏⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⡇
                  ⡇            ⡇         ⡇            ⡇
                  ⡇            ⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠁            ⡇
                  ⡇                                   ⡇
                  ⡇                                   ⡇
                  ⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉i999+
                """)
    }

    @Test("unacknowledged is reversed, the one under the list's cursor is underlined")
    func markerStyles() throws {
        let shown = canvas(.map(Samples.map), 42, 13)
        let critical = try #require(shown.column(of: "‼3", 7))
        #expect(shown[critical, 7].style.foreground == Theme.distinct[.critical].foreground)
        #expect(shown[critical, 7].style.attributes.isSuperset(of: [.reverse, .underline, .bold]))
        let low = try #require(shown.column(of: "·2", 10))
        #expect(shown[low, 10].style == Theme.distinct[.low])
    }

    @Test("streets lie below outlines, and the selected outline over both")
    func layers() {
        let shown = canvas(.map(Samples.map), 42, 13)
        #expect(shown[10, 8].style == Theme.distinct[.mapStreet])
        #expect(shown[2, 4].style == Theme.distinct[.mapOutline])
        #expect(shown[15, 9].style == Theme.distinct[.mapSelected])
        #expect(shown[15, 8].style == Theme.distinct[.mapSelected])
    }

    @Test("tints are backgrounds; low and info have none; tints of another size are not drawn")
    func tints() {
        let tinted = map { scene in
            scene.tints = (0..<42 * 12).map { Severity(rawValue: $0 % 42) }
            scene.labels = []
            scene.markers = []
        }
        let shown = canvas(tinted, 42, 13)
        let roles: [Style] = [
            Theme.distinct[.tintCritical], Theme.distinct[.tintHigh], Theme.distinct[.tintMedium],
            Theme.distinct[.text], Theme.distinct[.text], Theme.distinct[.text],
        ]
        #expect((0..<6).map { shown[$0, 12].style.background } == roles.map(\.background))
        #expect(canvas(tinted, 43, 13)[0, 12].style.background == Theme.distinct[.text].background)
    }

    @Test("a label of a district in trouble is tinted")
    func labelTint() throws {
        let shown = canvas(.map(Samples.map), 42, 13)
        let label = try #require(shown.column(of: "Centro", 6) ?? shown.column(of: "Centro", 5))
        let row = shown.column(of: "Centro", 6) == nil ? 5 : 6
        #expect(shown[label, row].style.background == Theme.distinct[.tintCritical].background)
    }

    @Test("notes are in the last rows, below the markers")
    func notes() {
        let pane = map { scene in
            scene.lines = MapPaneTests.nothing
            scene.scale = ("", 0)
            scene.labels = []
            scene.markers = [.init(column: 3, row: 3, severity: .high, count: 1, unacknowledged: true, selected: false)]
            scene.notes = [Span("1 alert lies outside", .warning), Span("no streets loaded", .dim)]
        }
        #expect(
            picture(pane, 30, 5) == """
                ─ Map · Padova ───────────────

                   !1
                 1 alert lies outside
                 no streets loaded
                """)
    }

    @Test("lines are drawn anew with their version and with the size, not else")
    func raster() {
        var painter = Painter()
        var scene = Samples.map
        func row(_ width: Int = 42) -> String {
            painter.paint(.of(.map(scene), width: width, height: 13), width: width, height: 15).rows(13...13)
        }
        let first = row()
        #expect(!first.isEmpty)
        scene.lines.outlines = []
        scene.markers = []
        #expect(row() == first, "the same version")
        #expect(row(41).isEmpty)
        scene.lines.version = 2
        #expect(row().isEmpty)
    }

    @Test("absurd coordinates do no harm")
    func absurd() {
        let values: [Double] = [.nan, .infinity, -.infinity, 1e308, -1e308, 1e18, 0, 20]
        let points = values.flatMap { x in values.map { y in (x: x, y: y) } }
        let pane = map { scene in
            scene.lines = .init(
                version: 3, outlines: [points], streets: points.map { ($0.x, $0.y, 9, 9) }, selected: [points])
            scene.scale = ("1 m", .max)
        }
        #expect(picture(pane, 42, 13).contains("Map"))
    }

    @Test("more markers than cells")
    func crowded() {
        let pane = map { scene in
            scene.markers = (0..<5_000).map {
                .init(column: $0 % 7, row: 1, severity: .low, count: 1, unacknowledged: false, selected: false)
            }
        }
        #expect(picture(pane, 21, 5).contains("·1·1·1·1·1·1·1·1·1·1"))
    }
}
