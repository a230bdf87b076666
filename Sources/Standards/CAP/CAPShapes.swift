internal import ControlRoom

/// Polygons and circles of CAP as bytes (CAP 1.2, 3.2.4).
enum CAPShapes {
    static func ring(_ bytes: UnsafeBufferPointer<UInt8>) throws(CAPFault) -> [Coordinate] {
        let ring = try openRing(bytes)
        try check(ring)
        return ring
    }

    /// The pairs as they stand; nothing is asked of their number and of the last of them.
    static func openRing(_ bytes: UnsafeBufferPointer<UInt8>) throws(CAPFault) -> [Coordinate] {
        var scanner = DecimalScanner(bytes)
        var ring: [Coordinate] = []
        ring.reserveCapacity(bytes.count / 12)
        while scanner.skipSpace() { ring.append(try pair(&scanner)) }
        return ring
    }

    /// - Throws: `CAPFault` where it is no closed ring of at least four pairs (CAP 1.2, 3.2.4 `polygon`).
    static func check(_ ring: [Coordinate]) throws(CAPFault) {
        guard ring.count >= 4 else {
            throw CAPFault("a polygon of \(ring.count) pairs; at least four are needed")
        }
        guard ring.first == ring.last else { throw CAPFault("a polygon whose last pair is not its first") }
    }

    static func circle(_ bytes: UnsafeBufferPointer<UInt8>) throws(CAPFault) -> (Coordinate, Double) {
        var scanner = DecimalScanner(bytes)
        guard scanner.skipSpace() else { throw CAPFault("a circle without a centre") }
        let centre = try pair(&scanner)
        guard scanner.skipSpace(), let radius = scanner.number(), !scanner.skipSpace() else {
            throw CAPFault("a circle is \"latitude,longitude radius\"")
        }
        guard radius >= 0 else { throw CAPFault("a circle with a negative radius") }
        return (centre, radius)
    }

    /// One `latitude,longitude` in WGS84 degrees, ended by space or the end.
    private static func pair(_ scanner: inout DecimalScanner) throws(CAPFault) -> Coordinate {
        let start = scanner.position
        guard let latitude = scanner.number(), scanner.skip(UInt8(ascii: ",")), let longitude = scanner.number(),
            scanner.atSpaceOrEnd
        else { throw CAPFault("\"\(scanner.word(at: start))\" is not a pair latitude,longitude") }
        let point = Coordinate(latitude: latitude, longitude: longitude)
        guard point.isValid else { throw CAPFault("\"\(scanner.word(at: start))\" lies outside the Earth") }
        return point
    }
}
