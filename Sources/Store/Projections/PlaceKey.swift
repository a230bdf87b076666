import ControlRoom

/// A place to the metre as one number, so that alerts of one camera are counted together. It rises with the latitude: a box is
/// looked for in the band of keys from its south to its north.
struct PlaceKey: RawRepresentable, Hashable {
    let rawValue: Int64

    init(rawValue: Int64) { self.rawValue = rawValue }

    init(_ place: Coordinate) {
        let latitude = Int64(((place.latitude + 90) * 100_000).rounded())
        let longitude = Int64(((place.longitude + 180) * 100_000).rounded())
        rawValue = latitude << 26 | (longitude & PlaceKey.columnBits)
    }

    /// Keys between which the places of a box lie, and the last bits between which they lie in each row.
    static func band(_ box: GeoBox) -> (keys: ClosedRange<Int64>, columns: ClosedRange<Int64>) {
        let south = PlaceKey(Coordinate(latitude: max(-90, box.south), longitude: max(-180, box.west))).rawValue
        let north = PlaceKey(Coordinate(latitude: min(90, box.north), longitude: min(180, box.east))).rawValue
        let (west, east) = (south & PlaceKey.columnBits, north & PlaceKey.columnBits)
        let rows = (south & ~PlaceKey.columnBits, north | PlaceKey.columnBits)
        return (rows.0...max(rows.0, rows.1), west...max(west, east))
    }

    static let columnBits: Int64 = 0x3FF_FFFF

    var coordinate: Coordinate {
        Coordinate(
            latitude: Double((rawValue >> 26) - 9_000_000) / 100_000,
            longitude: Double((rawValue & PlaceKey.columnBits) - 18_000_000) / 100_000)
    }
}
