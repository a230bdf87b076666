import ControlRoom

/// A place to the metre as one number, so that alerts of one camera share one entry of the R*Tree.
struct PlaceKey: RawRepresentable, Hashable {
    let rawValue: Int64

    init(rawValue: Int64) { self.rawValue = rawValue }

    init(_ place: Coordinate) {
        let latitude = Int64(((place.latitude + 90) * 100_000).rounded())
        let longitude = Int64(((place.longitude + 180) * 100_000).rounded())
        rawValue = latitude << 26 | (longitude & 0x3FF_FFFF)
    }

    var coordinate: Coordinate {
        Coordinate(
            latitude: Double(rawValue >> 26) / 100_000 - 90,
            longitude: Double(rawValue & 0x3FF_FFFF) / 100_000 - 180)
    }
}
