/// What the console says of the city it watches.
public struct City: Equatable, Sendable {
    public var id: String
    public var title: String
    /// IANA name of the time zone.
    public var timeZone: String
    /// The tenant whose console this is.
    public var tenant: String
    /// The set of districts that is on the map.
    public var districtSet: String
    /// Where the outlines come from, in words.
    public var note: String

    public init(id: String, title: String, timeZone: String, tenant: String, districtSet: String, note: String) {
        self.id = id
        self.title = title
        self.timeZone = timeZone
        self.tenant = tenant
        self.districtSet = districtSet
        self.note = note
    }

    /// Reads a city as `write(to:)` writes it. Only the id is wanted: the title is the id then, the time zone UTC, and
    /// the set of districts has the city's name.
    public init(reading reader: inout JSONReader) throws {
        var fields: [String: String] = [:]
        try reader.object { key, reader in
            if try reader.peek() == .string { fields[key] = try reader.string() } else { try reader.skip() }
        }
        guard let id = fields["id"] else { throw reader.failure("a city without id") }
        self.init(
            id: id, title: fields["title"] ?? id, timeZone: fields["timezone"] ?? "UTC",
            tenant: fields["tenant"] ?? "", districtSet: fields["district_set"] ?? id, note: fields["note"] ?? "")
    }

    public func write(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.member("id", id)
            writer.member("title", title)
            writer.member("timezone", timeZone)
            writer.member("tenant", tenant)
            writer.member("district_set", districtSet)
            writer.member("note", note)
        }
    }
}

/// Streets as a graph, for the map and for routes.
public struct Streets: Equatable, Sendable {
    /// A corner, in WGS 84.
    public struct Node: Equatable, Sendable {
        public var id: String
        public var name: String
        public var place: Coordinate

        public init(id: String, name: String, place: Coordinate) {
            self.id = id
            self.name = name
            self.place = place
        }
    }

    /// A stretch of a street between two corners, by their ids.
    public struct Edge: Equatable, Sendable {
        public var from: String
        public var to: String
        public var name: String
        public var lengthMetres: Double
        public var widthMetres: Double

        public init(from: String, to: String, name: String, lengthMetres: Double, widthMetres: Double) {
            self.from = from
            self.to = to
            self.name = name
            self.lengthMetres = lengthMetres
            self.widthMetres = widthMetres
        }
    }

    public var nodes: [Node]
    public var edges: [Edge]

    public init(nodes: [Node], edges: [Edge]) {
        self.nodes = nodes
        self.edges = edges
    }

    /// Edges as pairs of places; an edge whose ends are unknown is left out.
    public var lines: [(Coordinate, Coordinate)] {
        let places = Dictionary(nodes.map { ($0.id, $0.place) }, uniquingKeysWith: { first, _ in first })
        return edges.compactMap { edge in
            guard let from = places[edge.from], let to = places[edge.to] else { return nil }
            return (from, to)
        }
    }

    /// Reads a network of streets as `write(to:)` writes it. A corner outside the Earth is refused; an edge between
    /// corners that are not there is kept, and not drawn.
    public init(reading reader: inout JSONReader) throws {
        var nodes: [Node] = []
        var edges: [Edge] = []
        try reader.object { key, reader in
            switch key {
            case "nodes": try reader.array { nodes.append(try Streets.node(&$0)) }
            case "edges": try reader.array { edges.append(try Streets.edge(&$0)) }
            default: try reader.skip()
            }
        }
        self.init(nodes: nodes, edges: edges)
    }

    private static func node(_ reader: inout JSONReader) throws -> Node {
        var id = ""
        var name = ""
        var place = Coordinate(latitude: 0, longitude: 0)
        try reader.object { key, reader in
            switch key {
            case "id": id = try reader.string()
            case "name": name = try reader.string()
            case "lat": place.latitude = try reader.double()
            case "lon": place.longitude = try reader.double()
            default: try reader.skip()
            }
        }
        guard place.isValid else { throw reader.failure("a street corner outside the Earth: \(id)") }
        return Node(id: id, name: name, place: place)
    }

    private static func edge(_ reader: inout JSONReader) throws -> Edge {
        var edge = Edge(from: "", to: "", name: "", lengthMetres: 0, widthMetres: 0)
        try reader.object { key, reader in
            switch key {
            case "from": edge.from = try reader.string()
            case "to": edge.to = try reader.string()
            case "name": edge.name = try reader.string()
            case "length_m": edge.lengthMetres = try reader.double()
            case "width_m": edge.widthMetres = try reader.double()
            default: try reader.skip()
            }
        }
        return edge
    }
}
