/// Where each pane lies on the screen now.
public struct Geometry: Equatable, Sendable {
    /// Where a pane lies on the screen, in cells.
    public struct Place: Equatable, Sendable {
        public var kind: PaneKind
        /// The title line included, and the separator column where the pane does not touch the right edge.
        public var area: Area
    }

    public var places: [Place]
    /// One pane at a time, the others as tabs.
    public var isCompact: Bool

    public init(_ state: State) {
        isCompact = state.isCompact
        let top = 2
        let area = Area(x: 0, y: top, width: state.width, height: max(0, state.height - top - 1))
        if isCompact {
            places = [Place(kind: state.focus, area: area)]
        } else {
            places = Geometry.divide(state.layout.root, area)
            if !places.contains(where: { $0.kind == state.focus }) {
                // A pane that the layout leaves out takes the place of the last one while it is looked at.
                if let last = places.indices.last { places[last].kind = state.focus }
            }
        }
    }

    private static func divide(_ node: Layout.Node, _ area: Area) -> [Place] {
        switch node {
        case .pane(let kind): return [Place(kind: kind, area: area)]
        case .split(let direction, let shares):
            let total = max(1, shares.reduce(0) { $0 + $1.weight })
            var places: [Place] = []
            var used = 0
            var weight = 0
            let size = direction == .columns ? area.width : area.height
            for share in shares {
                weight += share.weight
                let end = size * weight / total
                places += divide(share.node, part(of: area, direction, from: used, to: end))
                used = end
            }
            return places
        }
    }

    private static func part(of area: Area, _ direction: Layout.Direction, from: Int, to: Int) -> Area {
        direction == .columns
            ? Area(x: area.x + from, y: area.y, width: to - from, height: area.height)
            : Area(x: area.x, y: area.y + from, width: area.width, height: to - from)
    }

    public func area(of kind: PaneKind) -> Area? { places.first { $0.kind == kind }?.area }

    /// Lines that a pane's list has, its title left out; at least one, so that a page is never nothing.
    public func page(of kind: PaneKind) -> Int { max(1, (area(of: kind)?.height ?? 20) - 1) }

    /// The inside of a pane in cells: without its title line and its separator.
    public func inside(of kind: PaneKind, width: Int) -> (columns: Int, rows: Int)? {
        guard let area = area(of: kind) else { return nil }
        let separator = area.x + area.width < width ? 1 : 0
        return (max(1, area.width - separator), max(1, area.height - 1))
    }
}
