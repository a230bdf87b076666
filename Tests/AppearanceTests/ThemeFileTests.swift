import Appearance
import Cells
import Settings
import Testing

@Suite("Theme files")
struct ThemeFileTests {
    private func colour(_ index: Int) throws -> Colour { try #require(Colour(index: index)) }

    @Test("colours are numbers, #rrggbb, names and default")
    func colours() throws {
        let text = """
            name = "x"
            [palette]
            ink = 250
            rose = "#ff5f5f"
            [styles]
            text = { fg = "ink", bg = 235 }
            high = { fg = "#FF8700", attributes = ["bold", "reverse"] }
            low = { fg = "rose", bg = "default" }
            """
        let loaded = ThemeFile.parse(text, file: "x.toml")
        #expect(loaded.warnings == [])
        let theme = try #require(loaded.value)
        #expect(theme[.text] == Style(foreground: try colour(250), background: try colour(235)))
        let high = Style(foreground: try colour(208), background: try colour(235), attributes: [.bold, .reverse])
        #expect(theme[.high] == high)
        #expect(theme[.low] == Style(foreground: try colour(203), background: try colour(235)))
    }

    /// A text with one error, the line it is on, and a part of the reason.
    static let errors: [(text: String, line: Int, reason: String)] = [
        ("[styles]\ntext = {}\ncritcal = { fg = 1 }", 3, "unknown role \"critcal\""),
        ("[styles]\ntext = { fg = 256 }", 2, "fg is no colour"),
        ("[styles]\ntext = { fg = -1 }", 2, "fg is no colour"),
        ("[styles]\n\nhigh = { fg = \"#12345g\" }", 3, "fg is no colour"),
        ("[styles]\nhigh = { bg = \"#1234567\" }", 2, "bg is no colour"),
        ("[styles]\nhigh = { bg = \"nowhere\" }", 2, "bg is no colour"),
        ("[styles]\nhigh = { bg = 1.5 }", 2, "bg is no colour"),
        ("[styles.high]\nfg = 1\nbg = true", 3, "bg is no colour"),
        ("[styles]\nhigh.bg = 1\nhigh.fg = 999", 3, "fg is no colour"),
        ("[styles]\nhigh = { attributes = [\"blink\"] }", 2, "unknown attribute \"blink\""),
        ("[styles.high]\nattributes = [\n  \"bold\",\n  \"blink\" ]", 4, "unknown attribute \"blink\""),
        ("[styles]\nhigh = { attributes = \"bold\" }", 2, "not a list"),
        ("[styles]\nhigh = { attributes = [\"bold\", 3] }", 2, "holds a number, not a text"),
        ("[styles]\nlow = {}\nhigh = 3", 3, "\"high\" is a number, not a table"),
        ("[styles]\nhigh = { colour = 3 }", 2, "unknown key \"colour\""),
        ("[palette]\na = 1\nink = \"grey\"\n[styles]\ntext = { fg = \"ink\" }", 3, "\"ink\" is no colour"),
        ("colour = 1\n[styles]", 1, "unknown key \"colour\""),
        ("# one\nname = 3\n[styles]", 2, "\"name\" is a number, not a text"),
        ("name = \"a/b\"\n[styles]", 1, "a name is made of"),
        ("name = \"other\"\n[styles]", 1, "is not that of the file"),
        ("\ntitle = \"\\u001b[2J\"\n[styles]", 2, "printable"),
        ("\n\npalette = 3\n[styles]", 3, "\"palette\" is a number, not a table"),
        ("[styles]\ntext = { fg = 1\nhigh = {}", 2, ""),
        ("[styles]\ntext = {}\ntext = {}", 3, "redefine"),
        ("[styles]\nhigh = { fg = ink }", 2, "a text stands in quotes"),
    ]

    @Test("an error is reported with its line, once", arguments: errors)
    func warning(text: String, line: Int, reason: String) throws {
        let warnings = ThemeFile.parse(text, file: "dir/x.toml").warnings
        #expect(warnings.count == 1)
        let warning = try #require(warnings.first)
        #expect(warning.line == line)
        #expect(warning.reason.contains(reason), "\(warning)")
        #expect(warning.description == "dir/x.toml:\(line): \(warning.reason)")
    }

    @Test("a style with an error looks like plain text, the others as they say")
    func fallback() throws {
        let text = "[styles]\ntext = { fg = 250 }\nhigh = { fg = 300, attributes = [\"bold\"] }\nlow = { fg = 117 }"
        let theme = try #require(ThemeFile.parse(text, file: "x.toml").value)
        #expect(theme[.high] == theme[.text])
        let half = "[styles]\ntext = { fg = 250 }\nhigh = { fg = 210, attributes = [\"bold\", \"blink\"] }"
        let other = try #require(ThemeFile.parse(half, file: "x.toml").value)
        #expect(other[.high] == other[.text])
        #expect(theme[.low].foreground == (try colour(117)))
    }

    @Test("without styles there is no theme", arguments: ["", "styles = 3", "name = \"x\""])
    func noStyles(text: String) {
        let loaded = ThemeFile.parse(text, file: "x.toml")
        #expect(loaded.value == nil)
        #expect(!loaded.warnings.isEmpty)
    }

    @Test("warnings stand in the order of the file, and there is an end to them")
    func manyWarnings() {
        let few = ThemeFile.parse("[styles]\nzz = {}\naa = {}", file: "x.toml").warnings
        #expect(few.map(\.line) == [2, 3])
        let lines = (0..<2000).map { "role\($0) = {}" }
        let many = ThemeFile.parse("[styles]\n" + lines.joined(separator: "\n"), file: "x.toml").warnings
        #expect(many.count == 51)
        #expect(many.last?.description == "x.toml: 1950 more problems")
    }
}
