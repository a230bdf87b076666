import Cells
import Console
import ControlRoom
import Panes
import Testing

@Suite("Checklists")
struct ChecklistPaneTests {
    @Test("marks, notes and the text of the step under the cursor")
    func sketch() {
        #expect(
            picture(.checklist(Samples.checklist), 54, 11) == """
                ─ Checklist · Armed person v4 · 2 of 6 · 00:51 ───────
                 ✓ 1 Confirm on a second camera           op1 14:03:40
                 – 2 Alert patrol in Centro               op1 14:03:58
                 ▸ 3 Close entrances of the square           due 00:24
                     Via Fiume, Via Manin, Piazza Cavour. Nobody goes
                     in. People may leave by Via Monte di Pietà.
                   4 Announce: leave by Via Monte di Pietà
                 ✗ 5 Ask EO for two exit plans                 after 3
                   6 Hand over


                """)
    }

    @Test("in ASCII")
    func ascii() {
        #expect(
            picture(.checklist(Samples.checklist), 54, 11, unicode: false) == """
                - Checklist . Armed person v4 . 2 of 6 . 00:51 -------
                 v 1 Confirm on a second camera           op1 14:03:40
                 - 2 Alert patrol in Centro               op1 14:03:58
                 > 3 Close entrances of the square           due 00:24
                     Via Fiume, Via Manin, Piazza Cavour. Nobody goes
                     in. People may leave by Via Monte di Pieta.
                   4 Announce: leave by Via Monte di Pieta
                 x 5 Ask EO for two exit plans                 after 3
                   6 Hand over


                """)
    }

    @Test("a low pane scrolls, and shows a third of text at most")
    func low() {
        var scene = Samples.checklist
        #expect(
            picture(.checklist(scene), 54, 5) == """
                ─ Checklist · Armed person v4 · 2 of 6 · 00:51 ───────
                 ✓ 1 Confirm on a second camera           op1 14:03:40
                 – 2 Alert patrol in Centro               op1 14:03:58
                 ▸ 3 Close entrances of the square           due 00:24
                     Via Fiume, Via Manin, Piazza Cavour. Nobody goes
                """)
        scene.cursor = 5
        #expect(
            picture(.checklist(scene), 54, 5) == """
                ─ Checklist · Armed person v4 · 2 of 6 · 00:51 ───────
                 ▸ 3 Close entrances of the square           due 00:24
                   4 Announce: leave by Via Monte di Pietà
                 ✗ 5 Ask EO for two exit plans                 after 3
                   6 Hand over
                """)
    }

    @Test("the cursor is in sight at every height")
    func inSight() {
        for cursor in 0..<6 {
            for height in 2...14 {
                var scene = Samples.checklist
                scene.cursor = cursor
                #expect(
                    picture(.checklist(scene), 54, height).contains(scene.rows[cursor].title), "\(cursor) in \(height)")
            }
        }
    }

    @Test("narrow: titles before notes")
    func narrow() {
        #expect(
            picture(.checklist(Samples.checklist), 28, 7) == """
                ─ Checklist ────────────────
                 ✓ 1 Confirm on a second…
                 – 2 Alert patrol in Centro
                 ▸ 3 Close entra…  due 00:24
                     Via Fiume, Via Manin,
                     Piazza Cavour. Nobody
                   4 Announce: leave by Via…
                """)
    }

    @Test("the next step, done ones and blocked ones differ by more than their colour")
    func styles() {
        let shown = canvas(.checklist(Samples.checklist), 54, 11)
        #expect(shown[1, 2].style == Theme.distinct[.done])
        #expect(shown[1, 4].style.foreground == Theme.distinct[.current].foreground)
        #expect(shown.column(of: "✗ 5", 8) == 1)
        #expect(shown[1, 8].style == Theme.distinct[.blocked])
    }

    @Test("a card shows one step")
    func card() {
        var scene = Samples.checklist
        scene.card = true
        #expect(
            picture(.checklist(scene), 48, 12) == """
                ─ Checklist · Armed person v4 · 2 of 6 · 00:51 ─
                 step 3 of 6                          due 00:24

                   CLOSE ENTRANCES OF THE SQUARE
                   Via Fiume, Via Manin, Piazza Cavour. Nobody
                   goes in. People may leave by Via Monte di
                   Pietà.




                 next: Announce: leave by Via Monte di Pietà
                """)
    }

    @Test("a low card cuts its text, and says so")
    func lowCard() {
        var scene = Samples.checklist
        scene.card = true
        #expect(
            picture(.checklist(scene), 30, 6) == """
                ─ Checklist ──────────────────
                 step 3 of 6        due 00:24
                   CLOSE ENTRANCES OF THE
                   SQUARE
                   Via Fiume, Via Manin,
                   Piazza Cavour. Nobody…
                """)
    }

    @Test("a card that is done says so, and the last has no next one")
    func lastCard() {
        var scene = Samples.checklist
        scene.card = true
        scene.cursor = 0
        #expect(picture(.checklist(scene), 48, 8).contains("✓ step 1 of 6"))
        scene.cursor = 5
        #expect(!picture(.checklist(scene), 48, 8).contains("next"))
    }

    @Test("nothing on offer")
    func empty() {
        var scene = Samples.checklist
        scene.rows = []
        scene.cursor = nil
        for card in [true, false] {
            scene.card = card
            #expect(picture(.checklist(scene), 40, 5).contains("c starts one"))
        }
    }
}
