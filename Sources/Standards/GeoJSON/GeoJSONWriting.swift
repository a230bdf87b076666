internal import ControlRoom

/// Coordinates as GeoJSON.
enum GeoJSONWriting {
    static func write(_ ring: [Coordinate], to writer: inout JSONWriter) {
        writer.array { writer in
            for point in ring {
                writer.array { writer in
                    writer.number(String(point.longitude))
                    writer.number(String(point.latitude))
                }
            }
        }
    }

    /// Back between -180 and 180, where readers ask for longitudes (RFC 7946, 4).
    static func wrapped(_ point: Coordinate) -> Coordinate {
        var point = point
        while point.longitude > 180 { point.longitude -= 360 }
        while point.longitude < -180 { point.longitude += 360 }
        return point
    }
}
