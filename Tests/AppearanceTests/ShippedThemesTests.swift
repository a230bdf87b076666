import Cells
import Settings
import Testing

@testable import Appearance

@Suite("Shipped themes")
struct ShippedThemesTests {
    private func theme(_ name: String) throws -> Theme {
        let loaded = Shipped.library.theme(named: name)
        #expect(loaded.warnings == [])
        return try #require(loaded.value)
    }

    @Test("are all offered, and no others")
    func names() {
        #expect(Shipped.library.themeNames() == Shipped.themes)
    }

    @Test("parse without warnings, under the names of their files", arguments: Shipped.themes)
    func parse(name: String) throws {
        #expect(try theme(name).name == name)
    }

    @Test("style every role", arguments: Shipped.themes)
    func coverage(name: String) throws {
        var reading = try Reading(try Shipped.text("themes", name), file: "\(name).toml")
        let palette = Palette(&reading)
        let found = reading.section("styles", in: reading.root)
        let section = try #require(found)
        let styled = Set(ThemeFile.styles(in: section, palette, &reading).keys)
        #expect(Set(Role.allCases).subtracting(styled) == [])
    }

    @Test("calm is the same as the compiled-in theme")
    func builtIn() throws {
        #expect(try theme("calm") == Library.builtInTheme)
    }

    @Test("unacknowledged and exercise stand out by reverse video, acknowledged does not", arguments: Shipped.themes)
    func reversed(name: String) throws {
        let theme = try theme(name)
        #expect(theme[.unacknowledged].attributes.contains(.reverse))
        #expect(theme[.exercise].attributes.isSuperset(of: [.reverse, .bold]))
        #expect(!theme[.acknowledged].attributes.contains(.reverse))
    }

    @Test("the selection shows without colour and leaves the text its reverse video", arguments: Shipped.themes)
    func selection(name: String) throws {
        let theme = try theme(name)
        for role in [Role.selection, .selectionUnfocused] {
            #expect(theme[role].attributes.contains(.underline))
            #expect(!theme[role].attributes.contains(.reverse))
            #expect(theme[role].foreground == theme[.text].foreground)
        }
        #expect(theme[.selection] != theme[.selectionUnfocused])
    }

    @Test("what is told apart is told apart without colour in mono")
    func mono() throws {
        let theme = try theme("mono")
        #expect(Role.allCases.allSatisfy { theme[$0] == theme[$0].colourless })
        let groups: [[Role]] = [
            [.critical, .high, .medium, .low, .info], [.unacknowledged, .acknowledged, .suppressed],
            [.ok, .warning, .silent, .offline], [.done, .current, .blocked], [.title, .titleFocused],
            [.selection, .selectionUnfocused, .marked, .text], [.tintCritical, .tintHigh, .tintMedium],
            [.status, .statusError], [.text, .strong, .dim],
        ]
        for group in groups { #expect(Set(group.map { theme[$0] }).count == group.count, "\(group)") }
    }
}
