/// A part of a city with its outline.
public struct District: Equatable, Sendable {
    public var id: String
    /// The set it belongs to: a city pack, or a file that was imported. One set is on the map at a time.
    public var set: String
    public var name: String
    public var population: Int?
    public var outline: MultiPolygon

    public init(id: String, set: String, name: String, population: Int?, outline: MultiPolygon) {
        self.id = id
        self.set = set
        self.name = name
        self.population = population
        self.outline = outline
    }

    /// Reads a district as `write(to:)` writes it. Id, name and outline are wanted.
    public init(reading reader: inout JSONReader) throws {
        var id: String?
        var set = ""
        var name: String?
        var population: Int?
        var outline: MultiPolygon?
        try reader.object { key, reader in
            switch key {
            case "id": id = try reader.string()
            case "set": set = try reader.string()
            case "name": name = try reader.string()
            case "population": population = reader.null() ? nil : try reader.integer()
            case "outline": outline = try MultiPolygon(reading: &reader)
            default: try reader.skip()
            }
        }
        guard let id, let name, let outline else { throw reader.failure("a district without id, name or outline") }
        self.init(id: id, set: set, name: name, population: population, outline: outline)
    }

    public func write(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.member("id", id)
            writer.member("set", set)
            writer.member("name", name)
            writer.member("population", population)
            writer.key("outline")
            outline.write(to: &writer)
        }
    }
}

/// A place with a name: a station, a square, a camera.
public struct Site: Equatable, Sendable {
    public var id: String
    public var name: String
    public var kind: String
    public var place: Coordinate
    public var district: String?

    public init(id: String, name: String, kind: String, place: Coordinate, district: String?) {
        self.id = id
        self.name = name
        self.kind = kind
        self.place = place
        self.district = district
    }

    /// Reads a site as `write(to:)` writes it. Id, name and a place on the Earth are wanted.
    public init(reading reader: inout JSONReader) throws {
        var id: String?
        var name: String?
        var kind = ""
        var latitude: Double?
        var longitude: Double?
        var district: String?
        try reader.object { key, reader in
            switch key {
            case "id": id = try reader.string()
            case "name": name = try reader.string()
            case "kind": kind = try reader.string()
            case "lat": latitude = try reader.double()
            case "lon": longitude = try reader.double()
            case "district": district = try reader.optionalString()
            default: try reader.skip()
            }
        }
        guard let id, let name, let latitude, let longitude else {
            throw reader.failure("a site without id, name or place")
        }
        let place = Coordinate(latitude: latitude, longitude: longitude)
        guard place.isValid else { throw reader.failure("a site outside the Earth: \(latitude), \(longitude)") }
        self.init(id: id, name: name, kind: kind, place: place, district: district)
    }

    public func write(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.member("id", id)
            writer.member("name", name)
            writer.member("kind", kind)
            writer.member("lat", place.latitude)
            writer.member("lon", place.longitude)
            writer.member("district", district)
        }
    }
}
