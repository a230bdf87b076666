import Cells
import Console
import ControlRoom
import Foundation
import Testing

/// Whole screens as files: the padova exercise at 05:00, as the feed plays it from its seed, in every pane, three sizes and
/// two themes. After a wanted change: `IMPETUS_RECORD=1 swift test --filter GoldenTests`, then read the difference.
@Suite("GoldenTests", .serialized)
@MainActor
struct GoldenTests {
    nonisolated static let sizes = ["80x24", "120x40", "200x60"]
    nonisolated static let themes = ["calm", "mono"]
    static let isRecording = ProcessInfo.processInfo.environment["IMPETUS_RECORD"] == "1"

    nonisolated struct Case: CustomTestStringConvertible, Sendable {
        let pane: PaneKind
        let size: String
        let theme: String

        var name: String { "\(pane.rawValue)-\(size)-\(theme)" }
        var testDescription: String { name }
    }

    nonisolated static let all: [Case] = PaneKind.allCases.flatMap { pane in
        sizes.flatMap { size in themes.map { Case(pane: pane, size: size, theme: $0) } }
    }

    @Test("Each pane looks as it was agreed", arguments: all)
    func pane(_ example: Case) throws {
        let op = try GoldenTests.shift(example.size, example.theme)
        try op.press(String((op.state.panes.firstIndex(of: example.pane) ?? 0) + 1))
        try GoldenTests.check(Picture(op.canvas()).text, name: example.name)
    }

    @Test("The two themes differ in style alone")
    func themesDiffer() throws {
        let (calm, mono) = (try GoldenTests.shift("120x40", "calm"), try GoldenTests.shift("120x40", "mono"))
        #expect(Difference(calm.screen, mono.screen).isNone)
        #expect(Picture(calm.canvas()).text != Picture(mono.canvas()).text)
    }

    @Test("Modals over a small screen", arguments: ["help", "palette", "choice", "prompt", "quit", "locked"])
    func modal(_ name: String) throws {
        let op = try GoldenTests.shift("80x24", "calm")
        switch name {
        case "help": try op.press("?")
        case "palette": try op.press(":").type("map")
        case "choice": try op.press("A")
        case "prompt": try op.press("n").type("nothing to see")
        case "quit": try op.press("q")
        default: try op.press("L")
        }
        try GoldenTests.check(Picture(op.canvas()).text, name: "modal-" + name)
    }

    /// Five minutes of the exercise, with some of what an operator does; played once for all screens.
    private static let played = Result { () throws -> House in
        let op = try Session("120x40")
        try op.house.startExercise()
        try op.house.playUnseen(60)
        try op.press("g", "a").wait(2).press("a").wait(2)
        try op.house.playUnseen(175)
        try op.press("g", "c").choose("Armed person").press("space", "space")
        try op.house.playUnseen(61)
        return op.house
    }

    private static func shift(_ size: String, _ theme: String) throws -> Session {
        try Session(size, in: played.get(), theme: theme)
    }

    private static func check(_ text: String, name: String) throws {
        let file = Repository.path("Tests/ConsoleTests/Goldens/\(name).txt")
        if isRecording {
            try Data((text + "\n").utf8).write(to: URL(fileURLWithPath: file))
            return
        }
        let known = (try? String(contentsOfFile: file, encoding: .utf8)) ?? ""
        let difference = Difference(known, text + "\n")
        #expect(
            difference.isNone,
            "\(name) looks different; if that is wanted: IMPETUS_RECORD=1 swift test --filter GoldenTests\n\(difference)"
        )
    }
}

/// A screen as text: its rows, and below them how each is styled, in runs.
private struct Picture {
    let text: String

    init(_ canvas: Canvas) {
        let rows = (0..<canvas.height).map { y in
            var row = Substring(canvas.line(y))
            while row.last == " " { row.removeLast() }
            return String(row)
        }
        let styles = (0..<canvas.height).map { y in "\(y + 1): " + Picture.runs(canvas, y) }
        text = (rows + [String(repeating: "=", count: canvas.width)] + styles).joined(separator: "\n")
    }

    /// `12x253/234 5x210/234*`: so many cells, foreground, background, attributes.
    private static func runs(_ canvas: Canvas, _ y: Int) -> String {
        var runs: [(count: Int, style: Style)] = []
        for x in 0..<canvas.width {
            let style = canvas[x, y].style
            if let last = runs.last, last.style == style {
                runs[runs.count - 1].count += 1
            } else {
                runs.append((1, style))
            }
        }
        return runs.map { "\($0.count)x" + name(of: $0.style) }.joined(separator: " ")
    }

    private static func name(of style: Style) -> String {
        let marks: [(Style.Attributes, String)] = [
            (.bold, "*"), (.dim, "."), (.underline, "_"), (.reverse, "!"), (.italic, "/"),
        ]
        let letters = marks.filter { style.attributes.contains($0.0) }.map(\.1).joined()
        return "\(style.foreground.index),\(style.background.index)\(letters)"
    }
}
