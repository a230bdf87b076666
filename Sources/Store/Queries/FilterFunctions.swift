import ControlRoom
import GRDBSQLite

/// What filters ask and SQLite cannot answer by itself. Both compare folded texts, see `Folding`.
enum FilterFunctions {
    static let contains = "impetus_contains"
    static let equals = "impetus_equals"
    /// Metres from a place: `impetus_within(place, latitude, longitude, metres)`.
    static let within = "impetus_within"

    static func install(on connection: OpaquePointer) {
        let flags = SQLITE_UTF8 | SQLITE_DETERMINISTIC | SQLITE_INNOCUOUS
        sqlite3_create_function_v2(
            connection, contains, 2, flags, nil,
            { context, _, values in
                FilterFunctions.compare(context, values) { text, wanted in Folding.contains(text, wanted) }
            }, nil, nil, nil)
        sqlite3_create_function_v2(
            connection, equals, 2, flags, nil,
            { context, _, values in
                FilterFunctions.compare(context, values) { text, wanted in text.elementsEqual(wanted) }
            }, nil, nil, nil)
        sqlite3_create_function_v2(
            connection, within, 4, flags, nil,
            { context, _, values in
                guard let values, sqlite3_value_type(values[0]) != SQLITE_NULL else {
                    return sqlite3_result_int(context, 0)
                }
                let place = PlaceKey(rawValue: sqlite3_value_int64(values[0])).coordinate
                let centre = Coordinate(
                    latitude: sqlite3_value_double(values[1]), longitude: sqlite3_value_double(values[2]))
                let isWithin = place.distance(to: centre) <= sqlite3_value_double(values[3])
                sqlite3_result_int(context, isWithin ? 1 : 0)
            }, nil, nil, nil)
    }

    /// No text meets nothing. The second is folded already.
    private static func compare(
        _ context: OpaquePointer?, _ values: UnsafeMutablePointer<OpaquePointer?>?,
        _ isMet: (UnsafeBufferPointer<UInt8>, UnsafeBufferPointer<UInt8>) -> Bool
    ) {
        guard let values, let text = sqlite3_value_text(values[0]) else { return sqlite3_result_int(context, 0) }
        let bytes = UnsafeBufferPointer(start: text, count: Int(sqlite3_value_bytes(values[0])))
        let count = Int(sqlite3_value_bytes(values[1]))
        // SQLite has no place for a text of no bytes.
        let wanted = sqlite3_value_blob(values[1])?.assumingMemoryBound(to: UInt8.self)
        let needle = UnsafeBufferPointer(start: wanted, count: wanted == nil ? 0 : count)
        var folded: [UInt8] = []
        folded.reserveCapacity(bytes.count)
        Folding.append(bytes, to: &folded)
        sqlite3_result_int(context, folded.withUnsafeBufferPointer { isMet($0, needle) } ? 1 : 0)
    }
}
