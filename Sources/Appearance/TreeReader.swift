import Console
import Settings

/// The tree of panes. A branch with an error is left out with a warning, and the others share its room.
struct TreeReader {
    /// Deeper than anybody can follow on a screen.
    static let deepest = 8

    private var seen: Set<PaneKind> = []

    mutating func node(in section: Section, depth: Int, _ reading: inout Reading) -> Layout.Node? {
        guard depth <= TreeReader.deepest else {
            reading.warn(section.path, "splits are nested more than \(TreeReader.deepest) deep")
            return nil
        }
        let isRoot = depth == 1
        reading.refuseOthers(than: ["pane", "split", "children"] + (isRoot ? [] : ["weight"]), in: section)
        switch (section.holds("pane"), section.holds("split")) {
        case (true, false): return pane(in: section, &reading)
        case (false, true): return split(in: section, depth: depth, &reading)
        case (true, true): reading.warn(section.path("split"), "either a pane or a split, not both")
        case (false, false): reading.warn(section.path, "neither a pane nor a split")
        }
        return nil
    }

    private mutating func pane(in section: Section, _ reading: inout Reading) -> Layout.Node? {
        if section.holds("children") {
            reading.warn(section.path("children"), "a pane has no children")
        }
        guard let name = reading.text("pane", in: section) else { return nil }
        guard let kind = PaneKind(rawValue: name) else {
            reading.warn(section.path("pane"), TreeReader.unknown(pane: name))
            return nil
        }
        guard seen.insert(kind).inserted else {
            reading.warn(section.path("pane"), "the pane \(name) stands here twice")
            return nil
        }
        return .pane(kind)
    }

    private mutating func split(in section: Section, depth: Int, _ reading: inout Reading) -> Layout.Node? {
        guard let name = reading.text("split", in: section) else { return nil }
        guard let direction = Layout.Direction(rawValue: name) else {
            reading.warn(section.path("split"), "a split is \"columns\" or \"rows\", not \(PlainText.quoted(name))")
            return nil
        }
        let children = children(of: section, &reading)
        let shares = children.compactMap { share(in: $0, depth: depth + 1, &reading) }
        return shares.isEmpty ? nil : .split(direction, shares)
    }

    private func children(of section: Section, _ reading: inout Reading) -> [Section] {
        guard let items = section.tables("children"), !items.isEmpty else {
            reading.warn(section.path("children"), "a split needs children: a list of tables")
            return []
        }
        for item in items where item.section == nil {
            reading.warn(item.path, "a child is a table with a pane or a split")
        }
        return items.compactMap(\.section)
    }

    private mutating func share(in section: Section, depth: Int, _ reading: inout Reading) -> Layout.Share? {
        guard let node = node(in: section, depth: depth, &reading) else { return nil }
        return Layout.Share(weight: reading.integer("weight", in: section, from: 1...1000) ?? 1, node: node)
    }

    static func unknown(pane name: String) -> String {
        let known = PaneKind.allCases.map(\.rawValue).joined(separator: ", ")
        return "unknown pane \(PlainText.quoted(name)); known: \(known)"
    }
}
