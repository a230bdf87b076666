import Cells
import Console
import ControlRoom
import Testing

@testable import Panes

@Suite("The first lines and the last")
struct LinesTests {
    private func shown(_ scene: Scene, _ width: Int, unicode: Bool = true) -> Canvas {
        var painter = Painter(unicode: unicode)
        return painter.paint(scene, width: width, height: 4)
    }

    private func header(_ header: HeaderScene, _ width: Int, unicode: Bool = true) -> String {
        shown(.lines(header: header), width, unicode: unicode).rows(0...0)
    }

    // MARK: - Header

    @Test(
        "without an exercise",
        arguments: [
            (
                120,
                " IMPETUS  Padova  Police · operator · op1                                               feed live 0s   out 0   14:03:21"
            ),
            (80, " IMPETUS  Padova  Police · operator · op1       feed live 0s   out 0   14:03:21"),
            (66, " Padova  Police · operator · op1    feed live 0s  out 0  14:03:21"),
            (60, " Police · operator · op1      feed live 0s  out 0  14:03:21"),
            (36, "    feed live 0s   out 0   14:03:21"),
            (25, "  feed live 0s  14:03:21"),
            (14, " feed live 0s"),
            (7, " feed …"),
        ])
    func actual(width: Int, expected: String) {
        #expect(header(Samples.header, width) == expected)
    }

    @Test(
        "with an exercise",
        arguments: [
            (
                140,
                " IMPETUS  Padova  ▐ EXERCISE crowd-at-signori  04:12 of 20:00  x1 ▌  Police · operator · op1                feed live 0s   out 0   14:03:21"
            ),
            (
                100,
                " ▐ EXERCISE crowd-at-signori  04:12 of 20:00  x1 ▌                  feed live 0s   out 0   14:03:21"
            ),
            (88, " ▐ EXERCISE crowd-at-signori  04:12 of 20:00  x1 ▌      feed live 0s   out 0   14:03:21"),
            (80, " Padova  ▐EXERCISE▌  Police · operator · op1      feed live 0s  out 0  14:03:21"),
            (60, " Padova  ▐EXERCISE▌         feed live 0s   out 0   14:03:21"),
            (40, " ▐EXERCISE▌     feed live 0s   14:03:21"),
            (14, " ▐EXERCISE▌"),
            (6, " ▐EX…▌"),
        ])
    func exercise(width: Int, expected: String) {
        #expect(header(Samples.exercise, width) == expected)
    }

    @Test("an actual alert comes first, and the exercise is still said")
    func breakthrough() {
        var scene = Samples.exercise
        scene.breakthrough = "ACTUAL ALERT: 1 critical"
        #expect(
            header(scene, 120)
                == "  ACTUAL ALERT: 1 critical   ▐ EXERCISE crowd-at-signori  04:12 of 20:00  x1 ▌          feed live 0s   out 0   14:03:21"
        )
        #expect(header(scene, 60, unicode: false) == "  ACTUAL ALERT: 1 critical   |EXERCISE|        feed live 0s")
        for width in 40...140 {
            #expect(header(scene, width).hasPrefix("  ACTUAL ALERT: 1 critical "))
            #expect(header(scene, width).contains("EXERCISE"))
        }
        let style = shown(.lines(header: scene), 120)[3, 0].style
        #expect(style == Theme.distinct[.critical].with([.reverse, .bold]))
    }

    @Test("the banner is reversed, its half blocks are not")
    func bannerStyle() throws {
        let canvas = shown(.lines(header: Samples.exercise), 80)
        let start = try #require(canvas.column(of: "▐", 0))
        #expect(!canvas[start, 0].style.attributes.contains(.reverse))
        #expect(canvas[start + 1, 0].style == Theme.distinct[.exercise])
    }

    // MARK: - Tools

    @Test(
        "notes go, then the sparkline, then the word ok",
        arguments: [
            (
                140,
                " FD ok 3s   UAD ok 9s   SMD ok 41s   CTI ok 4m   CTDR ALERT 12s   BD ok 20s   EO ready   WMS ok 8s    10min 6 ▃▁▆█▄▃   shelved 2   owed 3"
            ),
            (
                130,
                " FD ok 3s   UAD ok 9s   SMD ok 41s   CTI ok 4m   CTDR ALERT 12s   BD ok 20s   EO ready   WMS ok 8s      10min 6 ▃▁▆█▄▃   owed 3"
            ),
            (
                120,
                " FD ok 3s  UAD ok 9s  SMD ok 41s  CTI ok 4m  CTDR ALERT 12s  BD ok 20s  EO ready  WMS ok 8s   10min 6 ▃▁▆█▄▃   owed 3"
            ),
            (
                105,
                " FD ok 3s  UAD ok 9s  SMD ok 41s  CTI ok 4m  CTDR ALERT 12s  BD ok 20s  EO ready  WMS ok 8s       ▃▁▆█▄▃"
            ),
            (95, " FD ok 3s  UAD ok 9s  SMD ok 41s  CTI ok 4m  CTDR ALERT 12s  BD ok 20s  EO ready  WMS ok 8s"),
            (80, " FD 3s  UAD 9s  SMD 41s  CTI 4m  CTDR ALERT 12s  BD 20s  EO ready  WMS 8s"),
            (60, " FD ok UAD ok SMD ok CTI ok CTDR ALERT 12s BD ok EO ready +1"),
            (40, " FD ok UAD ok SMD ok CTDR ALERT 12s +4"),
        ])
    func tools(width: Int, expected: String) {
        #expect(shown(.lines(tools: Samples.tools), width).rows(1...1) == expected)
    }

    @Test("in ASCII")
    func asciiTools() {
        #expect(
            shown(.lines(tools: Samples.tools), 140, unicode: false).rows(1...1)
                == " FD ok 3s   UAD ok 9s   SMD ok 41s   CTI ok 4m   CTDR ALERT 12s   BD ok 20s   EO ready   WMS ok 8s    10min 6 ._=#-.   shelved 2   owed 3"
        )
    }

    @Test(
        "few annunciations do not look like many, and none are a line",
        arguments: [
            ([0, 0, 1, 4], "▁▁▃█"), ([0, 1, 2, 40], "▁▂▂█"), ([], ""), ([-3, .max], "▁█"),
        ])
    func sparkline(minutes: [Int], expected: String) {
        #expect(ToolStripPane.sparkline(minutes, true) == expected)
    }

    @Test("where the tools of a site do not fit the worst stay, in their order, with how many are left out")
    func worstTools() {
        var scene = Samples.tools
        scene.entries += (1...30).map { .init(code: "OWN\($0)", state: Span("no word yet", .dim), short: "never") }
        scene.entries += [
            .init(code: "NOISE", state: Span("ALERT 3s", .severity(.critical))),
            .init(code: "AIR", state: Span("silent 6m", .warning)),
        ]
        let row = shown(.lines(tools: scene), 60).rows(1...1)
        #expect(row == " FD ok CTDR ALERT 12s NOISE ALERT 3s AIR silent 6m +36")
    }

    @Test("a tool that is well keeps its state beside those that were never heard")
    func neverHeard() {
        var scene = Samples.tools
        for index in 1...7 {
            scene.entries[index] = .init(
                code: scene.entries[index].code, state: Span("no word yet", .dim), short: "never")
        }
        scene.entries.append(.init(code: "NOISE", state: Span("ok 2s", .ok)))
        let row = shown(.lines(tools: scene), 120).rows(1...1)
        #expect(row == " FD ok  UAD never  SMD never  CTI never  CTDR never  BD never  EO never  WMS never  NOISE ok")
    }

    // MARK: - Tabs

    @Test(
        "tabs",
        arguments: [
            (80, " [1 Alerts 7!]  2 Map  3 Assets 4!  4 Checklist 3/11  5 Log"),
            (57, " [1 Alerts 7!] 2 Map 3 Assets 4! 4 Checklist 3/11 5 Log"),
            (54, " [1 Alerts 7!] 2 3 4! 4 3/11 5"),
            (44, " [1 Alerts 7!] 2 3 4! 4 3/11 5"),
            (16, " [1 Alerts 7!]"),
            (9, " [1 Aler…"),
        ])
    func tabs(width: Int, expected: String) {
        #expect(shown(.lines(tabs: Samples.tabs), width).rows(1...1) == expected)
    }

    // MARK: - Footer

    @Test(
        "keys and what happened; the last key stays longest",
        arguments: [
            (
                120,
                " a ack  A assess  c checklist  s shelve  m map  / find  : command  ? keys               op1 acknowledged \"Reading high\""
            ),
            (
                100,
                " a ack  A assess  c checklist  s shelve  m map  / find  ? keys      op1 acknowledged \"Reading high\""
            ),
            (60, " a ack  A assess  ? keys         op1 acknowledged \"Reading…"),
            (20, " ? keys   op1 ackn…"),
        ])
    func footer(width: Int, expected: String) {
        #expect(shown(.lines(footer: Samples.footer), width).rows(3...3) == expected)
    }

    @Test("a line that is typed, its cursor, and what of it cannot be read")
    func typing() throws {
        var modal = ModalScene(
            title: "Filter", input: InputScene(prompt: "/", text: "città = vecchia", cursor: 5),
            remark: [Span("no field")],
            keys: "Enter", width: 40)
        modal.input?.wrong = 0..<5
        var painter = Painter()
        var shown = painter.paint(.lines(modal: modal), width: 60, height: 12)
        let row = try #require((0..<12).first { shown.rows($0...$0).contains("/città = vecchia") })
        #expect(shown.rows(row + 1...row + 1).contains("no field"))
        let start = try #require(painter.cursor).x - 5
        #expect(try #require(painter.cursor).y == row)
        let marked = (start..<start + 8).map { shown[$0, row].style != shown[start + 9, row].style }
        #expect(marked == [true, true, true, true, true, false, false, false])
        modal.input = InputScene(prompt: "find: ", text: "東京" + String(repeating: "x", count: 90), cursor: 92)
        shown = painter.paint(.lines(modal: modal), width: 30, height: 12)
        #expect(shown.rows(0...11).contains("find: xxxxxxxxxxxxxxxxxxx"))
        #expect(try #require(painter.cursor).x < 30)
        _ = painter.paint(.lines(), width: 30, height: 12)
        #expect(painter.cursor == nil)
    }
}
