/// How the panes share the screen: a tree of splits with weights, and the columns each list shows.
public struct Layout: Equatable, Sendable {
    public var name: String
    public var title: String
    public var root: Node
    /// Columns of the alert list from left to right.
    public var alertColumns: [AlertColumn]
    /// Columns of the asset list from left to right.
    public var assetColumns: [AssetColumn]
    /// The pane that has the focus at the start.
    public var focus: PaneKind
    /// Below this size one pane is shown at a time, with the others as tabs.
    public var minimumWidth: Int
    public var minimumHeight: Int

    public init(
        name: String, title: String, root: Node, alertColumns: [AlertColumn] = AlertColumn.standard,
        assetColumns: [AssetColumn] = AssetColumn.standard, focus: PaneKind = .alerts, minimumWidth: Int = 100,
        minimumHeight: Int = 30
    ) {
        self.name = name
        self.title = title
        self.root = root
        self.alertColumns = alertColumns
        self.assetColumns = assetColumns
        self.focus = focus
        self.minimumWidth = minimumWidth
        self.minimumHeight = minimumHeight
    }

    /// A pane, or a row or column of nodes with their weights.
    public indirect enum Node: Equatable, Sendable {
        case pane(PaneKind)
        case split(Direction, [Share])
    }

    /// One part of a split.
    public struct Share: Equatable, Sendable {
        /// Part of the space, relative to the other weights of the same split; at least 1.
        public var weight: Int
        public var node: Node

        public init(weight: Int, node: Node) {
            self.weight = max(1, weight)
            self.node = node
        }
    }

    /// `columns` stand side by side, `rows` one above the other.
    public enum Direction: String, Sendable { case columns, rows }

    /// The panes of the layout in reading order.
    public var panes: [PaneKind] { root.panes }
}

extension Layout.Node {
    public var panes: [PaneKind] {
        switch self {
        case .pane(let kind): [kind]
        case .split(_, let shares): shares.flatMap(\.node.panes)
        }
    }
}

/// What a pane shows.
public enum PaneKind: String, CaseIterable, Sendable {
    case alerts, detail, map, assets, checklist, log, metrics
}

/// A column of the list of alerts; the raw value is the word in a layout's file.
public enum AlertColumn: String, CaseIterable, Sendable {
    case severity, age, state, district, tool, headline, confidence, occurrence

    public static let standard: [AlertColumn] = [
        .severity, .age, .state, .district, .tool, .headline, .confidence, .occurrence,
    ]
}

/// A column of the list of assets; the raw value is the word in a layout's file.
public enum AssetColumn: String, CaseIterable, Sendable {
    case bar, risk, name, reason, owner, kind

    public static let standard: [AssetColumn] = [.bar, .risk, .name, .reason, .owner]
}
