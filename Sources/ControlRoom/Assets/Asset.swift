/// A thing on the city's networks that can be attacked.
public struct Asset: Equatable, Sendable {
    /// Who can reach it, from everyone to nobody outside its own network.
    public enum Exposure: String, CaseIterable, Sendable { case internet, partner, `internal`, isolated }

    public var id: String
    public var name: String
    public var kind: String
    public var vendor: String
    public var product: String
    public var version: String
    public var owner: String
    /// 1 (nobody would notice) to 5 (lives depend on it).
    public var criticality: Int
    public var exposure: Exposure
    public var zone: String
    public var site: String?
    public var district: String?
    public var place: Coordinate?
    /// Ids of the assets it can open connections to.
    public var connects: [String]

    public init(
        id: String, name: String, kind: String, vendor: String, product: String, version: String, owner: String,
        criticality: Int, exposure: Exposure, zone: String, site: String?, district: String?, place: Coordinate?,
        connects: [String]
    ) {
        self.id = id
        self.name = name
        self.kind = kind
        self.vendor = vendor
        self.product = product
        self.version = version
        self.owner = owner
        self.criticality = max(1, min(5, criticality))
        self.exposure = exposure
        self.zone = zone
        self.site = site
        self.district = district
        self.place = place
        self.connects = connects
    }

    /// Reads an asset as `write(to:)` writes it. Id and name are wanted.
    public init(reading reader: inout JSONReader) throws {
        var texts: [String: String] = [:]
        var criticality = 1
        var latitude: Double?
        var longitude: Double?
        var connects: [String] = []
        try reader.object { key, reader in
            switch key {
            case "criticality": criticality = try reader.integer()
            case "lat": latitude = try reader.double()
            case "lon": longitude = try reader.double()
            case "connects": connects = try reader.strings()
            default:
                if try reader.peek() == .string { texts[key] = try reader.string() } else { try reader.skip() }
            }
        }
        guard let id = texts["id"], let name = texts["name"] else {
            throw reader.failure("an asset without id or name")
        }
        guard let exposure = Exposure(rawValue: texts["exposure"] ?? "internal") else {
            throw reader.failure("an asset's exposure is internet, partner, internal or isolated")
        }
        var place: Coordinate?
        if let latitude, let longitude { place = Coordinate(latitude: latitude, longitude: longitude) }
        guard place?.isValid ?? true else { throw reader.failure("an asset outside the Earth: \(id)") }
        self.init(
            id: id, name: name, kind: texts["kind"] ?? "", vendor: texts["vendor"] ?? "",
            product: texts["product"] ?? "", version: texts["version"] ?? "", owner: texts["owner"] ?? "",
            criticality: criticality, exposure: exposure, zone: texts["zone"] ?? "", site: texts["site"],
            district: texts["district"], place: place, connects: connects)
    }

    public func write(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.member("id", id)
            writer.member("name", name)
            writer.member("kind", kind)
            writer.member("vendor", vendor)
            writer.member("product", product)
            writer.member("version", version)
            writer.member("owner", owner)
            writer.member("criticality", criticality)
            writer.member("exposure", exposure.rawValue)
            writer.member("zone", zone)
            writer.member("site", site)
            writer.member("district", district)
            writer.member("lat", place?.latitude)
            writer.member("lon", place?.longitude)
            writer.member("connects", connects)
        }
    }
}
