import Cells
import ControlRoom
import Testing

@testable import Console

/// Keys, the palette, help, pasted text and the mouse.
@Suite("Keys")
struct KeyStories {
    @Test("Pasted text is never keys")
    func paste() throws {
        let op = try Session().raise("camera-1/weapon", .high, "Weapon seen")
        try op.paste("aqy:quit\n\u{1B}[A").sayLast("pasted text is only taken where a line is being typed").see("UNACK")
        #expect(op.recorded.isEmpty && !op.hasQuit)
        try op.press("n").paste("two\nlines\t\u{1B}[31mred\u{7}").see("two lines [31mred").press("enter")
        #expect(op.recorded.count == 1)
        try op.press(":").paste("quit\n").see("no command meets this").press("esc")
        #expect(!op.hasQuit)
    }

    @Test("A line is edited as people are used to, marks that come alone included")
    func editing() throws {
        let op = try Session().press("/").type("alpha beta").press("ctrl-w").type("gamma").press(
            "home", "delete", "right")
        try op.press("end", "backspace", "left", "left").type("X").see("/lpha gaXmm")
        try op.press("ctrl-u").see("/mm").press("ctrl-k").type("e\u{301}").press("left").type("b").see("/bé").press(
            "esc")
        #expect(op.state.alerts.query.filter.text.isEmpty)
        let long = String(repeating: "x", count: 2_000)
        try op.press("/").paste(long).press("enter")
        #expect(op.state.alerts.query.filter.text.count == 500)
    }

    @Test("Help is made from the keymap as it is, and the last line reminds of the same keys")
    func help() throws {
        var keymap = Keymap.standard
        keymap.bind(.acknowledge, to: [.character("x"), Key(.function(5))], in: .alerts)
        let op = try Session("100x60", keymap: keymap).raise("camera-1/weapon", .high, "Weapon seen")
        op.see("x ack").seeNot("a ack")
        try op.press("?").see("Keys: Alerts", "F5", "Everywhere", "Undo my last act")
        try op.press("esc", "a").sayLast("a does nothing here").press("x").sayLast("acknowledged")
    }

    @Test("Help scrolls to its end and back without dead keys")
    func helpScrolls() throws {
        let op = try Session("80x24").press("?")
        for _ in 0..<30 { try op.press("page-down") }
        op.see("keys.toml")
        for _ in 0..<30 { try op.press("page-up") }
        op.see("Acknowledge").seeNot("keys.toml")
        for _ in 0..<300 { try op.press("j") }
        try op.press("k", "k").see("▸ Exercise: slower")
        for _ in 0..<80 { try op.press("k") }
        op.see("Acknowledge")
    }

    @Test("The detail scrolls to its end and back without dead keys")
    func detailScrolls() throws {
        let op = try Session("80x24").raise("camera-1/weapon", .high, "Weapon seen")
        for number in 0..<30 { try op.raise("camera-1/weapon", .high, "Weapon seen \(number)") }
        try op.press("enter", "G", "j", "j", "k", "g").see("Weapon seen 29")
        for _ in 0..<500 { try op.press("j") }
        #expect(op.state.detail.scroll < 50)
    }

    @Test("The palette finds by single letters, and says which key would do")
    func palette() throws {
        let op = try Session("80x24").press(":").see("Command", "Enter run").type("ftoct").see(
            "Fit the map to the city")
        try op.press("enter").type("").press(":").type("zzz").see("no command meets this").press("enter")
        try op.press(":").type("lock").see("Lock the screen", " L").press("enter").see("locked by")
    }

    @Test("The palette called from the palette begins anew")
    func paletteAgain() throws {
        let op = try Session().press(":").type("palette").press("enter")
        #expect(op.state.modal == .palette(PaletteState()))
    }

    @Test("Every command can be run at any time: none of them ends in nothing said and nothing done")
    func everyCommand() throws {
        for command in Command.allCases {
            for size in ["120x40", "60x16"] {
                let op = try Session(size, in: House(city: nil))
                try op.command(op.state.texts.title(of: command))
                #expect(op.lines.count == op.state.height, "\(command.name)")
            }
        }
    }

    @Test("A key that means nothing says so, with the key that helps")
    func unknownKey() throws {
        var keymap = Keymap.standard
        keymap.bind(.help, to: [Key(.function(12))], in: .everywhere)
        try Session().press("E").sayLast("E does nothing here; ? shows the keys")
        try Session(keymap: keymap).press("ctrl-x").sayLast("Ctrl-x does nothing here; F12 shows the keys")
    }

    @Test("Every hint of the last line names a key that works there", arguments: PaneKind.allCases)
    func hints(_ pane: PaneKind) throws {
        let op = try Session("300x60").raise("camera-1/weapon", .high, "Weapon seen")
        let number = op.state.panes.firstIndex(of: pane).map { String($0 + 1) } ?? "1"
        try op.press(number)
        for hint in op.state.scene().footer.hints {
            let key = try #require(Key(hint.key.count == 1 ? hint.key : hint.key.lowercased()))
            #expect(Keymap.standard.command(for: key, in: KeyContext(pane)) != nil, "\(hint.key) \(hint.title)")
        }
    }

    @Test("The mouse is off until it is asked for, then a click selects and the wheel scrolls")
    func mouse() throws {
        let op = try Session().raiseMany(1..<30)
        #expect(!op.mouseIsOn)
        try op.press("M").sayLast("mouse on").send(.mouse(x: 5, y: 7, .press))
        #expect(op.mouseIsOn)
        op.beOn("Crowd 25")
        try op.send(.mouse(x: 5, y: 7, .wheelDown))
        op.beOn("Crowd 22")
        try op.send(.mouse(x: 100, y: 7, .press))
        #expect(op.state.focus == .map)
        try op.send(.mouse(x: 500, y: 500, .press))
        try op.press("L").send(.mouse(x: 5, y: 7, .press))
        op.see("locked by")
    }

    @Test("Layouts and themes switch while working, and nothing is lost by it")
    func looks() throws {
        let op = try Session("200x60").raiseMany(1..<30).press("j", "j", "j")
        let alert = op.current
        for name in op.state.layoutNames {
            try op.command("choose a layout").choose(name).sayLast("layout:").press("1").beOn(alert)
        }
        let plain = op.canvas().cells
        for name in op.state.themeNames { try op.command("choose a theme").choose(name).sayLast("theme: \(name)") }
        try op.press("f3").sayLast("theme:").press("f2").sayLast("layout:").beOn(alert)
        #expect(op.canvas().cells.map(\.style) != plain.map(\.style))
    }
}
