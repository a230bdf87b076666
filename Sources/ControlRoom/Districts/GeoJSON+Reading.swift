extension MultiPolygon {
    /// Reads a GeoJSON Polygon or MultiPolygon (RFC 7946); a third coordinate is passed over.
    public init(reading reader: inout JSONReader) throws {
        var kind: String?
        var coordinates: Range<Int>?
        try reader.object { key, reader in
            switch key {
            case "type": kind = try reader.string()
            case "coordinates": coordinates = try reader.skip()
            default: try reader.skip()
            }
        }
        guard let kind, let coordinates else { throw reader.failure("a geometry without type or coordinates") }
        var inner = JSONReader(reader.bytes, at: coordinates.lowerBound)
        switch kind {
        case "Polygon": self.init(polygons: [try MultiPolygon.rings(&inner)])
        case "MultiPolygon":
            var polygons: [[Ring]] = []
            try inner.array { reader in polygons.append(try MultiPolygon.rings(&reader)) }
            self.init(polygons: polygons)
        default: throw JSONError(offset: coordinates.lowerBound, reason: "a \(kind) where a polygon was expected")
        }
    }

    /// Writes it as a GeoJSON MultiPolygon.
    public func write(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.member("type", "MultiPolygon")
            writer.key("coordinates")
            writer.array { writer in
                for polygon in polygons {
                    writer.array { writer in for ring in polygon { MultiPolygon.write(ring, to: &writer) } }
                }
            }
        }
    }

    private static func write(_ ring: Ring, to writer: inout JSONWriter) {
        writer.array { writer in
            for point in ring {
                writer.array { writer in
                    writer.number(String(wrapped(point.longitude)))
                    writer.number(String(point.latitude))
                }
            }
        }
    }

    /// Back between -180 and 180, where readers ask for longitudes (RFC 7946, 4).
    private static func wrapped(_ longitude: Double) -> Double {
        longitude > 180 ? longitude - 360 : longitude < -180 ? longitude + 360 : longitude
    }

    private static func rings(_ reader: inout JSONReader) throws -> [Ring] {
        var rings: [Ring] = []
        try reader.array { reader in
            var ring: Ring = []
            try reader.array { reader in ring.append(try position(&reader)) }
            guard ring.count >= 4 else { throw reader.failure("a ring of fewer than four positions") }
            if let first = ring.first, ring.last != first { ring.append(first) }
            rings.append(ring)
        }
        guard !rings.isEmpty else { throw reader.failure("a polygon without rings") }
        return rings
    }

    /// Longitude, latitude and possibly a height.
    static func position(_ reader: inout JSONReader) throws -> Coordinate {
        var point = Coordinate(latitude: 0, longitude: 0)
        var count = 0
        try reader.array { reader in
            let value = try reader.double()
            if count == 0 { point.longitude = value }
            if count == 1 { point.latitude = value }
            count += 1
        }
        guard count >= 2 else { throw reader.failure("a position of fewer than two numbers") }
        guard point.isValid else {
            throw reader.failure("a position outside the Earth: \(point.longitude), \(point.latitude)")
        }
        return point
    }
}
