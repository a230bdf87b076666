internal import ControlRoom

/// Polygons of a GeoJSON geometry (RFC 7946, 3.1); coordinates go straight into arrays.
struct GeoJSONShape {
    private(set) var polygons: [[MultiPolygon.Ring]] = []

    /// A geometry that no district is: it can be read, and has no area.
    struct NoArea: Error {
        /// Where it begins.
        let offset: Int
        let kind: String

        var reason: String { "a \(kind.prefix(40)) has no area; a district is a polygon" }
    }

    /// Reads a Polygon, a MultiPolygon, or a GeometryCollection of those. What else of a collection can be read, such as a point for
    /// its label, is passed over.
    ///
    /// - Throws: `NoArea` where there is no polygon in it; `JSONError` where it cannot be read.
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
        case "Polygon": polygons.append(try MultiPolygon.rings(&json))
        case "MultiPolygon":
            try json.array { json in polygons.append(try MultiPolygon.rings(&json)) }
        case "GeometryCollection":
            let before = polygons.count
            try json.array { json in
                do { try read(&json) } catch is NoArea {}
            }
            if polygons.count == before { throw NoArea(offset: start, kind: kind) }
        case "Point", "MultiPoint", "LineString", "MultiLineString":
            throw NoArea(offset: start, kind: kind)
        default: throw JSONError(offset: start, reason: "\"\(kind.prefix(40))\" is no kind of geometry (RFC 7946, 1.4)")
        }
    }
}
