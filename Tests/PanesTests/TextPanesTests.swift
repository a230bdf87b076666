import Cells
import Console
import Testing

@testable import Panes

@Suite("Detail, log, cover and wrapping")
struct TextPanesTests {
    @Test("detail is wrapped, with the rest of a line indented")
    func detail() {
        #expect(
            picture(.detail(Samples.detail), 44, 9) == """
                ─ Detail ───────────────────────────────────
                 ‼ CRIT  Weapon seen, Piazza dei Signori
                 FD camera 12 · confidence 96 % · occurrence
                   3 · since 14:03:12
                 image masked (u to ask for unmasking) ·
                   nearest unit 2 min

                 timeline  14:03:12 raised  14:03:15 again

                """)
    }

    @Test("more than fits is said in the title, and scrolled")
    func scrolled() {
        var scene = Samples.detail
        #expect(
            picture(.detail(scene), 44, 4) == """
                ─ Detail ────────────────────────── more ▾ ─
                 ‼ CRIT  Weapon seen, Piazza dei Signori
                 FD camera 12 · confidence 96 % · occurrence
                   3 · since 14:03:12
                """)
        scene.scroll = 2
        #expect(
            picture(.detail(scene), 44, 4) == """
                ─ Detail ────────────────────────── more ▾ ─
                 image masked (u to ask for unmasking) ·
                   nearest unit 2 min

                """)
        scene.scroll = 99
        #expect(
            picture(.detail(scene), 60, 4, unicode: false) == """
                - Detail ---------------------------------------------------
                 timeline  14:03:12 raised  14:03:15 again


                """)
    }

    @Test("the log")
    func log() {
        #expect(
            picture(.log(Samples.log), 50, 4) == """
                ─ Log ────────────────────────────────────────────
                 14:03:21  acknowledged  Reading high, below alarm
                 14:03:12  raised  Weapon seen, Piazza dei Signori

                """)
    }

    @Test("no detail and no log are not nothing")
    func empty() {
        let title = TitleScene(title: "Detail")
        #expect(picture(.detail(DetailScene(title: title, lines: [], scroll: 0)), 30, 4).contains("nothing here"))
        #expect(picture(.log(LogScene(title: title, rows: [], cursor: nil)), 30, 4).contains("nothing here"))
    }

    @Test("a cover hides everything")
    func cover() {
        var painter = Painter()
        var scene = Samples.screen
        scene.cover = CoverScene(lines: [Span("IMPETUS is locked", .strong), Span(""), Span("any key to go on")])
        let shown = painter.paint(scene, width: 30, height: 7)
        #expect(
            shown.text == """


                      IMPETUS is locked

                       any key to go on


                """)
        #expect(shown[6, 2].style == Theme.distinct[.strong])
        #expect(painter.cursor == nil)
    }

    @Test(
        "a title loses its right end, then its notes, then its own end",
        arguments: [
            (60, "─ Alerts · 7 unack · 23 active · 1,204 today ───── by need ─"),
            (50, "─ Alerts · 7 unack · 23 active · 1,204 today ────"),
            (34, "─ Alerts · 7 unack · 23 active ──"), (20, "─ Alerts · 7 unack ─"), (11, "─ Alerts ──"),
            (8, "─ Ale… ─"),
            (3, "───"),
        ])
    func title(width: Int, expected: String) {
        let first = picture(.alerts(Samples.alerts), width, 1)
        #expect(first == expected || first == expected + "─")
    }

    @Test("the focused pane has a bold title")
    func focus() {
        #expect(canvas(.detail(Samples.detail), 44, 4)[2, 1].style == Theme.distinct[.titleFocused])
        #expect(canvas(.detail(Samples.detail), 44, 4, focused: false)[2, 1].style == Theme.distinct[.title])
    }

    // MARK: - Wrapping

    private func wrapped(_ text: String, _ width: Int, limit: Int = .max) -> [String] {
        Wrapping.wrap(text, width: width, limit: limit, widths: libraryWidths())
    }

    @Test("words, long words, blanks and line breaks")
    func words() {
        #expect(wrapped("one two three", 7) == ["one two", "three"])
        #expect(wrapped("abcdefghij", 4) == ["abcd", "efgh", "ij"])
        #expect(wrapped("a abcdefghij b", 4) == ["a", "abcd", "efgh", "ij b"])
        #expect(wrapped("a\n\nb", 4) == ["a", "", "b"])
        #expect(wrapped("  a  b   c", 6) == ["  a  b", "c"])
        #expect(wrapped("東京都庁舎前", 5) == ["東京", "都庁", "舎前"])
        #expect(wrapped("one two three four", 4, limit: 2) == ["one", "two"])
        #expect(wrapped("", 4) == [""])
        #expect(wrapped("text", 0) == [])
    }

    @Test("a word that changes its tone is not broken there")
    func tones() {
        let lines = Wrapping.wrap(
            [Span("one tw"), Span("o", .strong), Span(" three")], width: 6, hanging: 1, widths: libraryWidths())
        #expect(lines == [[Span("one")], [Span(" tw"), Span("o", .strong)], [Span(" three")]])
    }

    @Test("no line is wider than asked for, and nothing is lost")
    func properties() {
        var numbers = SeededNumbers(seed: 7)
        let widths = libraryWidths()
        for _ in 0..<2_000 {
            let text = String(
                (0..<Int.random(in: 0...60, using: &numbers)).map { _ in
                    "ab c東é\n ".randomElement(using: &numbers) ?? "a"
                })
            let width = Int.random(in: 2...20, using: &numbers)
            let lines = Wrapping.wrap([Span(text)], width: width, hanging: 2, widths: widths)
            let joined = lines.map { line in line.map(\.text).joined() }
            #expect(joined.allSatisfy { widths.measure($0) <= width })
            #expect(joined.joined().filter { !$0.isWhitespace } == text.filter { !$0.isWhitespace })
        }
    }
}
