import Console
import Settings
import Testing

@testable import Appearance

@Suite("Shipped layouts")
struct ShippedLayoutsTests {
    /// What a layout does without, as `Layouts/README.md` says.
    static let without: [String: Set<PaneKind>] = [
        "supervisor": [.checklist], "responder": [.assets], "cyber": [.checklist], "wall": [.assets, .checklist],
    ]

    private func layout(_ name: String) throws -> Layout {
        let loaded = Shipped.library.layout(named: name)
        #expect(loaded.warnings == [])
        return try #require(loaded.value)
    }

    @Test("are all offered, and no others")
    func names() {
        #expect(Shipped.library.layoutNames() == Shipped.layouts)
    }

    @Test("parse without warnings, under the names of their files", arguments: Shipped.layouts)
    func parse(name: String) throws {
        let layout = try layout(name)
        #expect(layout.name == name)
        #expect(layout.title != name)
    }

    @Test("have alerts, map, assets and checklist, except by design", arguments: Shipped.layouts)
    func panes(name: String) throws {
        let wanted: Set<PaneKind> = [.alerts, .map, .assets, .checklist]
        let missing = wanted.subtracting(try layout(name).panes)
        #expect(missing == Self.without[name, default: []])
    }

    @Test("operator is the same as the compiled-in layout")
    func builtIn() throws {
        #expect(try layout("operator") == Library.builtInLayout)
    }

    @Test("operator stands as in the sketch: alerts, detail and assets left, map above checklist right")
    func sketch() throws {
        let layout = try layout("operator")
        guard case .split(.columns, let sides) = layout.root else {
            Issue.record("no columns")
            return
        }
        #expect(sides.map(\.node.panes) == [[.alerts, .detail, .assets], [.map, .checklist]])
        #expect(layout.alertColumns == AlertColumn.standard)
    }

    @Test("compact shows one pane at a time on every screen, and every pane")
    func compact() throws {
        let layout = try layout("compact")
        #expect(layout.minimumWidth == 9999)
        #expect(layout.panes == [.alerts, .map, .assets, .checklist, .log, .detail])
    }

    @Test(
        "start where their people look first",
        arguments: [
            ("operator", PaneKind.alerts), ("supervisor", .alerts), ("responder", .checklist), ("cyber", .assets),
            ("wall", .map), ("compact", .alerts),
        ])
    func focus(name: String, pane: PaneKind) throws {
        let layout = try layout(name)
        #expect(layout.focus == pane)
        #expect(layout.panes.first == pane)
    }
}
