import Appearance
import Console
import Settings
import Testing

@Suite("Layout files")
struct LayoutFileTests {
    @Test("a tree of splits and panes with weights, columns, focus and minimum")
    func tree() throws {
        let text = """
            name = "x"
            title = "Mine"
            focus = "map"
            minimum = { width = 70, height = 20 }
            columns = { alerts = ["age", "headline"], assets = ["kind"] }
            [root]
            split = "columns"
            children = [ { pane = "alerts", weight = 3 }, { split = "rows", children = [{ pane = "map" }] } ]
            """
        let loaded = LayoutFile.parse(text, file: "x.toml")
        #expect(loaded.warnings == [])
        let inner = Layout.Node.split(.rows, [Layout.Share(weight: 1, node: .pane(.map))])
        let shares = [Layout.Share(weight: 3, node: .pane(.alerts)), Layout.Share(weight: 1, node: inner)]
        let expected = Layout(
            name: "x", title: "Mine", root: .split(.columns, shares), alertColumns: [.age, .headline],
            assetColumns: [.kind], focus: .map, minimumWidth: 70, minimumHeight: 20)
        #expect(loaded.value == expected)
    }

    @Test("what is left out has a default; the focus is the first pane")
    func defaults() throws {
        let loaded = LayoutFile.parse("root = { pane = \"log\" }", file: "mine.toml")
        #expect(loaded.warnings == [])
        #expect(loaded.value == Layout(name: "mine", title: "mine", root: .pane(.log), focus: .log))
    }

    private static let good = "[root]\nsplit = \"rows\"\n[[root.children]]\npane = \"alerts\"\n"
    private static let eight =
        "[root]\nsplit = \"rows\"\n"
        + (1...7).map { "[[root\(String(repeating: ".children", count: $0))]]\nsplit = \"rows\"\n" }.joined()

    /// A text with one error, the line it is on, and a part of the reason.
    static let errors: [(text: String, line: Int, reason: String)] = [
        (good + "[[root.children]]\nweight = 2\npane = \"alarms\"", 7, "unknown pane \"alarms\""),
        (good + "[[root.children]]\npane = \"alerts\"", 6, "the pane alerts stands here twice"),
        (good + "[[root.children]]\npane = \"map\"\nweight = 0", 7, "\"weight\" must be a whole number"),
        (good + "[[root.children]]\npane = \"map\"\nweight = -4", 7, "\"weight\" must be a whole number"),
        (good + "[[root.children]]\npane = \"map\"\nweight = 1.5", 7, "\"weight\" must be a whole number"),
        (good + "[[root.children]]\npane = \"map\"\nweight = \"1\"", 7, "\"weight\" must be a whole number"),
        (good + "[[root.children]]\npane = \"map\"\nweight = 1001", 7, "\"weight\" must be a whole number"),
        (good + "[[root.children]]\npane = 3", 6, "\"pane\" is a number, not a text"),
        (good + "[[root.children]]\nwait = 3\npane = \"map\"", 6, "unknown key \"wait\""),
        (good + "[[root.children]]\nweight = 3", 5, "neither a pane nor a split"),
        (good + "[[root.children]]\npane = \"map\"\nsplit = \"rows\"", 7, "not both"),
        (good + "[[root.children]]\npane = \"map\"\nchildren = []", 7, "a pane has no children"),
        (good + "[[root.children]]\nsplit = \"rows\"", 5, "a split needs children"),
        (good + "[[root.children]]\nsplit = \"diagonal\"\nchildren = []", 6, "a split is \"columns\" or \"rows\""),
        (good + "[[root.children]]\nsplit = \"rows\"\nchildren = [\n{ pane = \"map\" },\n3 ]", 9, "a child is a table"),
        ("[root]\nweight = 3\npane = \"map\"", 2, "unknown key \"weight\""),
        ("focus = \"map\"\n" + good, 1, "the pane map is not in this layout"),
        ("\nfocus = \"mop\"\n" + good, 2, "unknown pane \"mop\""),
        ("minimum = { width = 0 }\n" + good, 1, "\"width\" must be a whole number"),
        ("[minimum]\nheight = 20\ndepth = 3\n" + good, 3, "unknown key \"depth\""),
        ("minimum = 100\n" + good, 1, "\"minimum\" is a number, not a table"),
        ("[columns]\nalerts = [\n  \"age\",\n  \"colour\",\n]\n" + good, 4, "unknown column \"colour\""),
        ("[columns]\nassets = [\"risk\", \"risk\"]\n" + good, 2, "the column risk stands here twice"),
        ("[columns]\nassets = []\n" + good, 2, "assets has no columns"),
        ("[columns]\nlog = []\n" + good, 2, "unknown key \"log\""),
        ("colour = 3\n" + good, 1, "unknown key \"colour\""),
        ("title = \"\"\n" + good, 1, "a title has"),
        (eight + "[[root" + String(repeating: ".children", count: 8) + "]]\npane = \"map\"", 17, "nested more than 8"),
    ]

    @Test("an error is reported with its line", arguments: errors)
    func warning(text: String, line: Int, reason: String) throws {
        let warnings = LayoutFile.parse(text, file: "x.toml").warnings
        let warning = try #require(warnings.first)
        #expect(warning.line == line)
        #expect(warning.reason.contains(reason), "\(warning)")
    }

    @Test("a branch with an error is left out; a wrong weight counts 1")
    func fallback() throws {
        let text = Self.good + "[[root.children]]\npane = \"mop\"\n[[root.children]]\nweight = 0\npane = \"map\""
        let loaded = LayoutFile.parse(text, file: "x.toml")
        let shares = [Layout.Share(weight: 1, node: .pane(.alerts)), Layout.Share(weight: 1, node: .pane(.map))]
        #expect(loaded.value?.root == .split(.rows, shares))
        #expect(loaded.warnings.map(\.line) == [6, 8])
    }

    @Test("eight levels are not too deep")
    func eightLevels() {
        let levels = (1...6).map { "[[root\(String(repeating: ".children", count: $0))]]\nsplit = \"rows\"\n" }.joined()
        let last = "[[root\(String(repeating: ".children", count: 7))]]\npane = \"map\""
        let loaded = LayoutFile.parse("[root]\nsplit = \"rows\"\n" + levels + last, file: "x.toml")
        #expect(loaded.warnings == [])
        #expect(loaded.value?.panes == [.map])
    }

    @Test(
        "without a pane there is no layout",
        arguments: [
            "", "root = 3", "[root]\npane = \"mop\"", "[root]\nsplit = \"rows\"\n[[root.children]]\npane = \"mop\"",
        ])
    func nothingLeft(text: String) {
        let loaded = LayoutFile.parse(text, file: "x.toml")
        #expect(loaded.value == nil)
        #expect(!loaded.warnings.isEmpty)
    }
}
