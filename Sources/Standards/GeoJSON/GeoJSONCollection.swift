internal import ControlRoom

/// What a FeatureCollection says of itself, its features apart.
struct GeoJSONCollection {
    var kind: String?
    var name: String?
    /// The name of a coordinate reference system, as GeoJSON had it before RFC 7946.
    private var system: String?
    private var hasSystem = false

    /// - Throws: `JSONError` where it is not JSON.
    init(_ bytes: UnsafeBufferPointer<UInt8>) throws {
        var json = JSONReader(bytes)
        try json.object { key, json in
            switch key {
            case "type": kind = try json.optionalString()
            case "name": name = try json.peek() == .string ? try json.string() : GeoJSONCollection.skipped(&json)
            case "crs": try readSystem(&json)
            default: try json.skip()
            }
        }
        try json.end()
    }

    private static func skipped(_ json: inout JSONReader) throws -> String? {
        try json.skip()
        return nil
    }

    /// `{"type": "name", "properties": {"name": "urn:ogc:def:crs:OGC:1.3:CRS84"}}` (GeoJSON 2008, 3).
    private mutating func readSystem(_ json: inout JSONReader) throws {
        if json.null() { return }
        hasSystem = true
        guard try json.peek() == .object else {
            try json.skip()
            return
        }
        try json.object { key, json in
            guard key == "properties", try json.peek() == .object else {
                try json.skip()
                return
            }
            try json.object { key, json in
                if key == "name", try json.peek() == .string { system = try json.string() } else { try json.skip() }
            }
        }
    }

    /// Why it cannot be read, if it cannot: RFC 7946, 4 knows WGS84 alone.
    var fault: String? {
        if let kind, kind != "FeatureCollection" { return "\"\(kind.prefix(40))\" with features is not GeoJSON" }
        guard hasSystem else { return nil }
        let known = ["CRS84", "EPSG:4326", "EPSG::4326"]
        if let system, known.contains(where: { system.uppercased().hasSuffix($0) }) { return nil }
        return "the crs is \(system?.prefix(80) ?? "without a name"); only WGS84 (CRS84, EPSG:4326) is understood"
    }
}
