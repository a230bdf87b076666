import Cells
import Console
import Testing

@testable import Panes

@Suite("The risk list")
struct AssetsPaneTests {
    @Test("as in the sketch")
    func sketch() {
        #expect(
            picture(.assets(Samples.assets), 74, 5) == """
                ─ Assets · 61 · 4 to fix now ─────────────────────────────────────────────
                 ████▍  87 ! VMS server     KEV due in 2d · internet-facing   Municipality
                 ███▏   63   Traffic ctl 14 on path to VMS · EPSS 0.71        Mobility
                 █████ 100 ! Gateway        unpatched                         Police
                         0   Kiosk                                            Transport
                """)
    }

    @Test("in ASCII")
    func ascii() {
        #expect(
            picture(.assets(Samples.assets), 74, 5, unicode: false) == """
                - Assets . 61 . 4 to fix now ---------------------------------------------
                 ####.  87 ! VMS server     KEV due in 2d . internet-facing   Municipality
                 ###.   63   Traffic ctl 14 on path to VMS . EPSS 0.71        Mobility
                 ##### 100 ! Gateway        unpatched                         Police
                         0   Kiosk                                            Transport
                """)
    }

    @Test("narrow: the owner goes first, then the bar")
    func narrow() {
        #expect(
            picture(.assets(Samples.assets), 46, 5) == """
                ─ Assets · 61 · 4 to fix now ─────────────────
                 ████▍  87 ! VMS server     KEV due in 2d ·…
                 ███▏   63   Traffic ctl 14 on path to VMS ·…
                 █████ 100 ! Gateway        unpatched
                         0   Kiosk
                """)
        #expect(
            picture(.assets(Samples.assets), 36, 5) == """
                ─ Assets · 61 · 4 to fix now ───────
                  87 ! VMS server     KEV due in 2d…
                  63   Traffic ctl 14 on path to VM…
                 100 ! Gateway        unpatched
                   0   Kiosk
                """)
    }

    @Test(
        "the bar is in eighths of five cells",
        arguments: [
            (0, ""), (1, ""), (3, "▏"), (10, "▌"), (50, "██▌"), (100, "█████"), (-5, ""), (900, "█████"),
        ])
    func bar(risk: Int, expected: String) {
        #expect(AssetsPane.bar(risk, true) == expected)
    }

    @Test("what is to be fixed now stands out, and not by colour alone")
    func fixNow() throws {
        let shown = canvas(.assets(Samples.assets), 74, 5)
        let name = try #require(shown.column(of: "VMS server", 2))
        #expect(shown[name, 2].style == Theme.distinct[.high])
        #expect(shown.line(2).contains("87 ! VMS"))
        #expect(!shown.line(5).contains("!"))
    }

    @Test("an empty list says so")
    func empty() {
        var scene = Samples.assets
        scene.rows = []
        #expect(picture(.assets(scene), 40, 4).contains("no assets known"))
    }
}
