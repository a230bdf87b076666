public import ControlRoom

/// Where an alert holds (CAP 1.2, 3.2.4).
public struct CAPArea: Equatable, Sendable {
    public var description = ""
    public var polygons: [CAPPolygon] = []
    public var circles: [CAPCircle] = []
    public var geocodes: [CAPNamedValue] = []
    /// Feet above mean sea level.
    public var altitude: String?
    /// Feet above mean sea level; only beside an altitude (3.2.4 `ceiling`).
    public var ceiling: String?

    public init() {}
}

/// A closed ring of at least four places.
public struct CAPPolygon: Equatable, Sendable {
    /// As written: `lat,lon lat,lon ...`.
    public let text: String
    /// The last place is the first again.
    public let ring: [Coordinate]

    /// - Throws: `CAPFault` saying which rule of CAP 1.2, 3.2.4 `polygon` it breaks.
    public init(_ text: String) throws(CAPFault) {
        var copy = text
        let ring = copy.withUTF8 { bytes in Result { () throws(CAPFault) in try CAPShapes.ring(bytes) } }
        self.init(text: text, ring: try ring.get())
    }

    init(text: String, ring: [Coordinate]) {
        self.text = text
        self.ring = ring
    }
}

/// A place and a radius.
public struct CAPCircle: Equatable, Sendable {
    /// As written: `lat,lon radius`.
    public let text: String
    public let centre: Coordinate
    /// In kilometres, not metres, as the standard has it (3.2.4 `circle`).
    public let radiusKilometres: Double

    /// - Throws: `CAPFault` saying which rule of CAP 1.2, 3.2.4 `circle` it breaks.
    public init(_ text: String) throws(CAPFault) {
        var copy = text
        let shape = copy.withUTF8 { bytes in Result { () throws(CAPFault) in try CAPShapes.circle(bytes) } }
        (centre, radiusKilometres) = try shape.get()
        self.text = text
    }
}

/// Why a value of CAP is refused.
public struct CAPFault: Error, Equatable, Sendable, CustomStringConvertible {
    public let reason: String

    public init(_ reason: String) { self.reason = reason }

    public var description: String { reason }
}
