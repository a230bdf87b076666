import Cells
import Console
import ControlRoom
import Foundation
import Testing

/// The screen itself: its size, its clock, and what must never reach it.
@Suite("The screen")
struct ScreenStories {
    @Test("It is resized at any moment, in any state, and comes back as it was")
    func resize() throws {
        let op = try Session("300x100")
        try op.house.startExercise()
        try op.wait(30)
        let states: [(Session) throws -> Void] = [
            { _ in }, { try $0.press("?") }, { try $0.press("esc", ":").type("map") },
            { try $0.press("esc", "/").type("text") }, { try $0.press("esc", "c") }, { try $0.press("esc", "q") },
            { try $0.press("esc", "2") }, { try $0.press("6") }, { try $0.press("4") }, { try $0.press("3", "z") },
        ]
        for reach in states {
            try op.resize("300x100")
            try reach(op)
            let before = op.screen
            for size in ["200x60", "120x40", "100x30", "99x29", "80x24", "61x17", "60x16"] {
                try op.resize(size)
                // A modal that needs every row may lie over the first one.
                if op.state.modal != .help(scroll: 0) { op.see("EXERCISE") }
                let parts = size.split(separator: "x").compactMap { Int($0) }
                #expect(op.lines.count == parts[1])
            }
            for size in ["59x16", "60x15", "10x3", "1x1"] { try op.resize(size).seeNot("EXERCISE") }
            try op.resize("59x15").see("IMPETUS needs at least 60x16", "this terminal has 59x15")
            try op.resize("300x100")
            #expect(Difference(before, op.screen).isNone)
        }
    }

    @Test("The clock follows the change to winter time, and the day begins at local midnight")
    func winterTime() throws {
        let house = try House(at: Timestamp(milliseconds: 1_792_889_998_000))
        let op = try Session(in: house).see("02:59:58 CEST").wait(2).see("02:00:00 CET")
        try op.raise("camera-1/weapon", .high, "Weapon seen").see("1 today").press("6").see("since 02:00:00")
        #expect(ZoneTable.italy.midnight(before: house.now) == Timestamp(milliseconds: 1_792_879_200_000))
    }

    @Test("The clock follows the change to summer time")
    func summerTime() throws {
        let house = try House(at: Timestamp(milliseconds: 1_774_745_999_000))
        try Session(in: house).see("01:59:59 CET").wait(1).see("03:00:00 CEST")
    }

    @Test("What happened on another day is told with its date")
    func yesterday() throws {
        let op = try Session().raise("camera-1/weapon", .high, "Weapon seen").press("a", "6")
        op.see("acknowledged by op1 14:03:21")
        try op.house.playUnseen(0)
        let later = try House(at: House.opening.adding(seconds: 86_400))
        #expect(later.zone.local(later.now).date == "2026-11-22")
    }

    @Test("Ages keep their width from seconds to days")
    func ages() throws {
        let op = try Session().raise("camera-1/weapon", .low, "Weapon seen").see("  0s ").wait(59).see(" 59s ").wait(1)
        op.see("  1m ")
    }

    @Test("No text from outside moves a column or steers the terminal")
    func hostileText() throws {
        let op = try Session("120x40").raise("plain/1", .critical, "Plain headline") { $0.member("district", "centro") }
        let tool = try #require(op.lines.first { $0.contains("Plain headline") }.map { columns(before: "Plain", $0) })
        let hostile = [
            "\u{1B}[2J\u{1B}]0;owned\u{7}Escape", "e" + String(repeating: "\u{301}", count: 10_000) + "nd",
            "\u{202E}desrever\u{202C} \u{2066}isolate", "tab\there\nand\r\u{0}nul", "日本語の見出し", "👨‍👩‍👧‍👦 family",
            String(repeating: "W", count: 5_000), "\u{FEFF}\u{200B}\u{AD}zero",
        ]
        for (number, text) in hostile.enumerated() {
            try op.raise("hostile/\(number)", .critical, text, kind: text) { writer in
                writer.member("district", "centro")
                writer.member("description", text)
            }
        }
        for pane in ["1", "6", "5", "2", "3", "4"] {
            try op.press(pane)
            let canvas = op.canvas()
            for cell in canvas.cells {
                #expect(cell.scalar >= 0x20 && !(0x7F...0x9F).contains(cell.scalar))
                #expect(!(0x202A...0x202E).contains(cell.scalar) && !(0x2066...0x2069).contains(cell.scalar))
            }
        }
        let rows = op.lines.filter { $0.contains("CRIT") && $0.contains(" FD ") }
        #expect(rows.count >= hostile.count)
        for row in rows { #expect(columns(before: " FD ", row) == columns(before: " FD ", rows[0]), "\(row)") }
        #expect(op.lines.contains { columns(before: "Plain", $0) == tool })
        try op.press("1", "j").press("A").press("esc", "n").press("esc", "L")
    }

    private func columns(before text: String, _ line: String) -> Int {
        let view = line.unicodeScalars
        guard let range = line.range(of: text) else { return -1 }
        return view.distance(from: view.startIndex, to: range.lowerBound)
    }

    @Test("On a terminal that shows only ASCII nothing else is drawn")
    func ascii() throws {
        let op = try Session("120x40", unicode: false).raise("a/1", .critical, "Città • “quoted” — 日本")
        try op.house.startExercise()
        for pane in ["1", "2", "3", "4", "5", "6"] {
            try op.press(pane)
            #expect(op.canvas().cells.allSatisfy { (0x20...0x7E).contains($0.scalar) })
        }
        op.see("!! CRIT")
    }

    @Test("A store that cannot be read is said, and work goes on")
    func failingStore() throws {
        let op = try Session().raise("camera-1/weapon", .high, "Weapon seen")
        try op.send(.failed("no space is left"))
        op.sayLast("no space is left").see("Weapon seen")
        try op.wait(13).seeNot("no space is left").raiseMany(1..<3).see("Crowd 2")
        let act = Act(
            type: .alertAcknowledged, subject: "camera-1/weapon", data: [], actor: "op1", realm: .actual,
            status: .actual, words: "acknowledged")
        try op.send(.settled(act, .notKept("disk full")))
        op.sayLast("NOT KEPT: acknowledged. disk full")
    }

    @Test("That the hub is behind with its view is on the screen while it lasts")
    func hubBehind() throws {
        let op = try Session()
        var status = FeedStatus(state: .live, heard: op.house.now, outbox: 0, exercise: nil)
        status.hubBehind = 12
        try op.send(.feed(status))
        op.see("feed live, hub 12 s behind")
        status.hubBehind = 0
        try op.send(.feed(status))
        op.see("feed live").seeNot("behind")
    }
}
