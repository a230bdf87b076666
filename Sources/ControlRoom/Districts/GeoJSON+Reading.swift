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

    /// Writes it as a GeoJSON MultiPolygon (RFC 7946, 3.1.7), with longitudes from -180 to 180, where readers ask for them (4).
    public func write(to writer: inout JSONWriter) {
        MultiPolygon.write(polygons, to: &writer) { $0.wrapped }
    }

    /// Writes polygons as a GeoJSON MultiPolygon (RFC 7946, 3.1.7), whether or not there are any.
    ///
    /// - Parameter written: as which each place is written.
    public static func write(
        _ polygons: some Sequence<[Ring]>, to writer: inout JSONWriter, as written: (Coordinate) -> Coordinate
    ) {
        writer.object { writer in
            writer.member("type", "MultiPolygon")
            writer.key("coordinates")
            writer.array { writer in
                for polygon in polygons {
                    writer.array { writer in for ring in polygon { write(ring, to: &writer, written) } }
                }
            }
        }
    }

    private static func write(_ ring: Ring, to writer: inout JSONWriter, _ written: (Coordinate) -> Coordinate) {
        writer.array { writer in
            for place in ring {
                let point = written(place)
                writer.array { writer in
                    writer.number(String(point.longitude))
                    writer.number(String(point.latitude))
                }
            }
        }
    }

    /// The coordinates of a GeoJSON Polygon: rings of at least four positions (RFC 7946, 3.1.6); one that is left open is closed, as all
    /// readers of GeoJSON do.
    ///
    /// - Throws: `JSONError`, with the place of the ring or position that is none.
    public static func rings(_ json: inout JSONReader) throws -> [Ring] {
        var rings: [Ring] = []
        try json.array { json in rings.append(try ring(&json)) }
        guard !rings.isEmpty else { throw json.failure("a polygon without rings") }
        return rings
    }

    private static func ring(_ json: inout JSONReader) throws -> Ring {
        var ring: Ring = []
        let start = json.position
        try json.array { json in ring.append(try position(&json)) }
        guard ring.count >= 4 else {
            throw JSONError(offset: start, reason: "a ring of \(ring.count) positions; at least four are needed")
        }
        if let first = ring.first, ring.last != first { ring.append(first) }
        return ring
    }

    /// Longitude, latitude; whatever follows, such as a height, is passed over (RFC 7946, 3.1.1).
    static func position(_ json: inout JSONReader) throws -> Coordinate {
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
