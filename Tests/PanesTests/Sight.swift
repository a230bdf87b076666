import Cells
import Console
import Glibc
import Panes

/// Widths as the console has them: the C library's, in a UTF-8 locale.
func libraryWidths(unicode: Bool = true) -> GlyphWidths {
    setlocale(LC_CTYPE, "C.UTF-8")
    // Swift's Glibc module leaves `wcwidth` out.
    typealias Measure = @convention(c) (Int32) -> Int32
    let wcwidth = unsafeBitCast(dlsym(nil, "wcwidth"), to: Measure.self)
    return GlyphWidths(unicode: unicode) { scalar in Int(wcwidth(Int32(bitPattern: scalar))) }
}

extension Canvas {
    /// Rows as one text, blanks at their ends left out.
    func rows(_ range: ClosedRange<Int>) -> String {
        range.map { y in
            var row = Substring(line(y))
            while row.last == " " { row.removeLast() }
            return String(row)
        }.joined(separator: "\n")
    }

    var text: String { height > 0 ? rows(0...height - 1) : "" }

    /// The styles of one row as a text: the letter that `names` has for each, `.` for any other.
    func styles(_ y: Int, _ names: [(Character, Style)]) -> String {
        String((0..<width).map { x in names.first { $0.1 == self[x, y].style }?.0 ?? "." })
    }

    /// Where a text begins in a row.
    func column(of text: String, _ y: Int) -> Int? {
        let wanted = Array(text.unicodeScalars).map(\.value)
        return (0...max(0, width - wanted.count)).first { start in
            wanted.indices.allSatisfy { start + $0 < width && self[start + $0, y].scalar == wanted[$0] }
        }
    }
}

extension Theme {
    /// Every role looks different, so that a test can tell them apart.
    static let distinct = Theme(
        name: "distinct",
        styles: [
            .text: look(250, on: 234), .dim: look(240), .strong: look(255, [.bold]),
            .title: look(241), .titleFocused: look(254, [.bold]), .border: look(239),
            .header: look(251), .headerStrong: look(252, [.bold]), .key: look(253, [.bold]), .status: look(245),
            .statusError: look(201, [.bold]), .input: look(231, on: 238, [.underline]),
            .selection: look(nil, on: 237, [.bold, .underline]), .selectionUnfocused: look(nil, on: 236, [.underline]),
            .critical: look(196, [.bold]), .high: look(214, [.bold]), .medium: look(187), .low: look(152),
            .info: look(248),
            .unacknowledged: look(231, [.bold, .reverse]), .acknowledged: look(249), .suppressed: look(243, [.italic]),
            .ok: look(246), .warning: look(220), .silent: look(180), .offline: look(221, [.underline]),
            .exercise: look(177, [.bold, .reverse]), .mapOutline: look(247), .mapLabel: look(230),
            .mapSelected: look(229, [.bold]), .mapStreet: look(238), .tintCritical: look(228, on: 52),
            .tintHigh: look(227, on: 58), .tintMedium: look(226, on: 59), .bar: look(244), .done: look(242),
            .current: look(225, [.bold]), .blocked: look(215), .modal: look(224, on: 235),
            .modalTitle: look(223, on: 235, [.bold]),
        ])

    private static func look(_ colour: Int?, on background: Int? = nil, _ attributes: Style.Attributes = []) -> Style {
        Style(
            foreground: colour.flatMap(Colour.init(index:)) ?? .terminalDefault,
            background: background.flatMap(Colour.init(index:)) ?? .terminalDefault, attributes: attributes)
    }
}

extension Scene {
    /// One pane alone between a first and a last line.
    static func of(_ pane: PaneScene, width: Int, height: Int, focused: Bool = true) -> Scene {
        let area = Area(x: 0, y: 1, width: width, height: height)
        return Scene(
            header: .blank, tools: ToolStripScene(entries: [], minutes: [], notes: []), tabs: nil,
            panes: [PlacedPane(area: area, pane: pane, focused: focused)],
            footer: FooterScene(hints: [], status: nil), modal: nil, cover: nil)
    }

    /// Nothing but the first lines and the last.
    static func lines(
        header: HeaderScene = .blank, tools: ToolStripScene? = nil, tabs: TabsScene? = nil, footer: FooterScene? = nil,
        modal: ModalScene? = nil
    ) -> Scene {
        Scene(
            header: header, tools: tools ?? ToolStripScene(entries: [], minutes: [], notes: []), tabs: tabs, panes: [],
            footer: footer ?? FooterScene(hints: [], status: nil), modal: modal, cover: nil)
    }
}

extension HeaderScene {
    static let blank = HeaderScene(
        city: "", banner: nil, breakthrough: nil, who: "", feed: Span(""), outbox: Span(""), clock: "")
}

extension Painter {
    init(unicode: Bool = true, braille: Bool = true, theme: Theme = .distinct) {
        self.init(widths: libraryWidths(unicode: unicode), theme: theme, braille: braille)
    }
}

/// A pane alone, as text.
func picture(_ pane: PaneScene, _ width: Int, _ height: Int, unicode: Bool = true, braille: Bool = true) -> String {
    var painter = Painter(unicode: unicode, braille: braille)
    let canvas = painter.paint(.of(pane, width: width, height: height), width: width, height: height + 2)
    return canvas.rows(1...height)
}

/// A pane alone, with its first row at 1.
func canvas(_ pane: PaneScene, _ width: Int, _ height: Int, focused: Bool = true, theme: Theme = .distinct) -> Canvas {
    var painter = Painter(theme: theme)
    return painter.paint(.of(pane, width: width, height: height, focused: focused), width: width, height: height + 2)
}

/// Numbers that look random and are the same in every run.
struct SeededNumbers: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
