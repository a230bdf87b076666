internal import ControlRoom

/// Polygons of a GeoJSON geometry (RFC 7946, 3.1); coordinates go straight into arrays.
struct GeoJSONShape {
    private(set) var polygons: [[MultiPolygon.Ring]] = []

    /// Reads a Polygon, a MultiPolygon, or a GeometryCollection of those.
    mutating func read(_ json: inout JSONReader) throws {
        json.skipWhitespace()
        let start = json.position
        var kind: String?
        var parts: Range<Int>?
        try json.object { key, json in
            switch key {
            case "type": kind = try json.string()
            case "coordinates", "geometries": parts = try json.skip()
            default: try json.skip()
            }
        }
        guard let kind, let parts else {
            throw JSONError(offset: start, reason: "a geometry without type, coordinates or geometries")
        }
        var inner = JSONReader(json.bytes, at: parts.lowerBound)
        try read(kind, &inner, start)
    }

    private mutating func read(_ kind: String, _ json: inout JSONReader, _ start: Int) throws {
        switch kind {
        case "Polygon": polygons.append(try GeoJSONShape.polygon(&json))
        case "MultiPolygon":
            try json.array { json in polygons.append(try GeoJSONShape.polygon(&json)) }
        case "GeometryCollection":
            try json.array { json in try read(&json) }
        case "Point", "MultiPoint", "LineString", "MultiLineString":
            throw JSONError(offset: start, reason: "a \(kind) has no area; a district is a polygon")
        default: throw JSONError(offset: start, reason: "\"\(kind.prefix(40))\" is no kind of geometry (RFC 7946, 1.4)")
        }
    }

    private static func polygon(_ json: inout JSONReader) throws -> [MultiPolygon.Ring] {
        var rings: [MultiPolygon.Ring] = []
        try json.array { json in rings.append(try ring(&json)) }
        guard !rings.isEmpty else { throw json.failure("a polygon without rings") }
        return rings
    }

    /// At least four positions (RFC 7946, 3.1.6); one that is left open is closed, as all readers of GeoJSON do.
    private static func ring(_ json: inout JSONReader) throws -> MultiPolygon.Ring {
        var ring: MultiPolygon.Ring = []
        let start = json.position
        try json.array { json in ring.append(try position(&json)) }
        guard ring.count >= 4 else {
            throw JSONError(offset: start, reason: "a ring of \(ring.count) positions; at least four are needed")
        }
        if let first = ring.first, ring.last != first { ring.append(first) }
        return ring
    }

    /// Longitude, latitude; whatever follows, such as a height, is passed over (RFC 7946, 3.1.1).
    private static func position(_ json: inout JSONReader) throws -> Coordinate {
        var count = 0
        var point = Coordinate(latitude: 0, longitude: 0)
        let start = json.position
        try json.array { json in
            let value = try json.double()
            if count == 0 { point.longitude = value } else if count == 1 { point.latitude = value }
            count += 1
        }
        guard count >= 2 else { throw JSONError(offset: start, reason: "a position of fewer than two numbers") }
        guard point.isValid else {
            let place = "\(point.longitude), \(point.latitude)"
            throw JSONError(offset: start, reason: "a position outside the Earth in WGS84 degrees: \(place)")
        }
        return point
    }
}
