import Cells
import Console
import ControlRoom
import Panes
import Testing

@Suite("The alert list")
struct AlertsPaneTests {
    @Test("as in the sketch")
    func sketch() {
        #expect(
            picture(.alerts(Samples.alerts), 82, 8) == """
                ─ Alerts · 7 unack · 23 active · 1,204 today ─────────────────────────── by need ─
                 ‼ CRIT   9s UNACK       Centro  FD   Weapon seen, Piazza dei Signori      96%  x3
                 ! HIGH  41s UNACK       Centro  UAD  Crowd far above normal for 14:00     81%
                 ! HIGH   2m rtn-unack   Est     CTDR Camera VLAN: new admin session      100% 99+
                 • MED    6m ack         Arcella SMD  Topic "stazione" rising, 214 posts       x12
                 · LOW   14m ack         Ovest   BD   Reading high, below alarm
                   INFO   3h shelved 12m Nord    CTI  Leaked credentials of a supplier

                """)
    }

    @Test("in ASCII the severities stay apart")
    func ascii() {
        #expect(
            picture(.alerts(Samples.alerts), 82, 8, unicode: false) == """
                - Alerts . 7 unack . 23 active . 1,204 today --------------------------- by need -
                 !! CRIT   9s UNACK       Centro  FD   Weapon seen, Piazza dei Signori     96%  x3
                 !  HIGH  41s UNACK       Centro  UAD  Crowd far above normal for 14:00    81%
                 !  HIGH   2m rtn-unack   Est     CTDR Camera VLAN: new admin session     100% 99+
                 *  MED    6m ack         Arcella SMD  Topic "stazione" rising, 214 posts      x12
                 .  LOW   14m ack         Ovest   BD   Reading high, below alarm
                    INFO   3h shelved 12m Nord    CTI  Leaked credentials of a supplier

                """)
    }

    @Test("columns go in their order as it gets narrower, and a headline keeps 20 cells")
    func dropping() {
        let header = "! HIGH"
        var seen: [[String]] = []
        for width in stride(from: 90, through: 30, by: -1) {
            let row = picture(.alerts(Samples.alerts), width, 4).split(separator: "\n")[2]
            #expect(row.hasPrefix(" " + header))
            #expect(row.contains("UNACK") && row.contains("Crowd"))
            let shown = ["81%", "Centro", "UAD", "41s"].filter { row.contains(" \($0)") }
            if seen.last != shown { seen.append(shown) }
        }
        #expect(
            seen == [
                ["81%", "Centro", "UAD", "41s"], ["Centro", "UAD", "41s"], ["UAD", "41s"], ["41s"], [],
            ])
    }

    @Test(
        "each column goes where a headline would have less than 20 cells, and not before",
        arguments: [
            (64, ["9s", "Centro", "FD", "96%", "x3"]), (63, ["9s", "Centro", "FD", "x3"]),
            (59, ["9s", "Centro", "FD", "x3"]), (58, ["9s", "Centro", "FD"]), (55, ["9s", "Centro", "FD"]),
            (54, ["9s", "FD"]), (48, ["9s", "FD"]), (47, ["9s"]), (43, ["9s"]), (42, []),
        ] as [(Int, [String])])
    func edges(width: Int, expected: [String]) {
        let row = picture(.alerts(Samples.alerts), width, 4).split(separator: "\n")[1]
        #expect(row.contains("Weapon seen, Piazza"))
        #expect(["9s", "Centro", "FD", "96%", "x3"].filter { row.contains(" \($0)") } == expected)
    }

    @Test("what state and district do not need is the headline's")
    func unused() {
        var scene = Samples.alerts
        scene.rows = [
            Samples.alert(.high, "HIGH", "41s", "UNACK", "Est", "UAD", "Crowd far above normal for 14:00", "81%"),
            Samples.alert(.low, "LOW", "14m", "ack", "Nord", "BD", "Reading high, below alarm", "70%", "2"),
        ]
        #expect(
            picture(.alerts(scene), 72, 3) == """
                ─ Alerts · 7 unack · 23 active · 1,204 today ───────────────── by need ─
                 ! HIGH  41s UNACK Est    UAD  Crowd far above normal for 14:00  81%
                 · LOW   14m ack   Nord   BD   Reading high, below alarm         70%  x2
                """)
    }

    @Test("a headline that is whole leaves the rest to what is cut, the state first")
    func spare() {
        var scene = Samples.alerts
        scene.rows = [
            Samples.alert(.high, "HIGH", "41s", "shelved 12m", "Brusegana-Cave", "UAD", "Crowd far above normal", "81%")
        ]
        func row(_ width: Int) -> Substring { picture(.alerts(scene), width, 2).split(separator: "\n")[1] }
        #expect(row(69) == " ! HIGH  41s shelved 12m Brusegana-… UAD  Crowd far above normal  81%")
        #expect(row(70) == " ! HIGH  41s shelved 12m Brusegana-C… UAD  Crowd far above normal  81%")
        #expect(row(73) == " ! HIGH  41s shelved 12m Brusegana-Cave UAD  Crowd far above normal   81%")
        #expect(row(76) == " ! HIGH  41s shelved 12m Brusegana-Cave UAD  Crowd far above normal      81%")
    }

    @Test(
        "the occurrence goes after the confidence and before the district",
        arguments: [(70, "96%  x3"), (64, "96%  x3"), (63, "x3"), (59, "x3"), (58, ""), (55, "")])
    func occurrence(width: Int, ending: String) {
        let row = picture(.alerts(Samples.alerts), width, 4).split(separator: "\n")[1]
        #expect(row.contains("Centro"))
        #expect(ending.isEmpty ? !row.contains("x3") : row.hasSuffix(ending))
        #expect(row.contains("96%") == ending.contains("96%"))
    }

    @Test("narrow: severity, state and headline")
    func narrow() {
        #expect(
            picture(.alerts(Samples.alerts), 40, 8) == """
                ─ Alerts · 7 unack · 23 active ─────────
                 ‼ CRIT UNACK       Weapon seen, Piazza…
                 ! HIGH UNACK       Crowd far above…
                 ! HIGH rtn-unack   Camera VLAN: new…
                 • MED  ack         Topic "stazione"…
                 · LOW  ack         Reading high, below…
                   INFO shelved 12m Leaked credentials…

                """)
    }

    @Test("the row under the cursor keeps its colours and gets a background over its whole width")
    func selection() throws {
        var scene = Samples.alerts
        scene.cursor = 1
        let shown = canvas(.alerts(scene), 82, 8)
        let background = Theme.distinct[.selection].background
        #expect((0..<82).allSatisfy { shown[$0, 3].style.background == background })
        #expect((0..<82).allSatisfy { shown[$0, 2].style.background != background })
        let glyph = shown[1, 3].style
        #expect(glyph.foreground == Theme.distinct[.high].foreground)
        #expect(glyph.attributes.isSuperset(of: [.bold, .underline]))
        let state = try #require(shown.column(of: "UNACK", 3))
        #expect(shown[state, 3].style.attributes.contains(.reverse))
        let elsewhere = canvas(.alerts(scene), 82, 8, focused: false)
        #expect(elsewhere[1, 3].style.background == Theme.distinct[.selectionUnfocused].background)
    }

    @Test("what needs a person is reversed, what is quiet is dim")
    func states() throws {
        let shown = canvas(.alerts(Samples.alerts), 82, 8)
        let unacknowledged = try #require(shown.column(of: "rtn-unack", 4))
        #expect(shown[unacknowledged, 4].style == Theme.distinct[.unacknowledged])
        let acknowledged = try #require(shown.column(of: "ack", 5))
        #expect(shown[acknowledged, 5].style == Theme.distinct[.acknowledged])
        #expect(shown[3, 7].style == Theme.distinct[.dim])
        #expect(shown[try #require(shown.column(of: "shelved", 7)), 7].style == Theme.distinct[.suppressed])
    }

    @Test("an empty list says so")
    func empty() {
        var scene = Samples.alerts
        scene.rows = []
        scene.cursor = nil
        #expect(
            picture(.alerts(scene), 50, 8) == """
                ─ Alerts · 7 unack · 23 active · 1,204 today ─────

                                   nothing open
                          last alert 3 h ago; feed live




                """)
        scene.empty = []
        #expect(picture(.alerts(scene), 50, 8).contains("nothing here"))
    }

    @Test("the cursor stays in sight")
    func scrolling() {
        var scene = Samples.alerts
        scene.cursor = 5
        let shown = picture(.alerts(scene), 82, 4).split(separator: "\n")
        #expect(shown.count == 4)
        #expect(shown[3].contains("Leaked"))
    }

    @Test("a pane that does not reach the right edge ends with a line")
    func seam() {
        var painter = Painter()
        var scene = Scene.of(.alerts(Samples.alerts), width: 60, height: 4)
        scene.panes[0].focused = false
        let shown = painter.paint(scene, width: 61, height: 6)
        #expect(
            shown.rows(1...4) == """
                ─ Alerts · 7 unack · 23 active · 1,204 today ──── by need ─┐
                 ‼ CRIT   9s UNACK     Centro FD   Weapon seen, Piazza…  x3│
                 ! HIGH  41s UNACK     Centro UAD  Crowd far above…        │
                 ! HIGH   2m rtn-unack Est    CTDR Camera VLAN: new…    99+│
                """)
    }
}
