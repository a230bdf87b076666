import ControlRoom

/// The city as it was defined: districts, sites, streets, assets and what is known to be exploited in them.
final class CityProjection {
    private let statements: Statements
    private var districts: [Placed]?
    private var assetIDs: Set<String>?

    /// A district with its box, to find the one that a place lies in.
    private struct Placed {
        let id: String
        let name: String
        let box: GeoBox
        let outline: MultiPolygon
    }

    init(_ statements: Statements) { self.statements = statements }

    func forget() {
        districts = nil
        assetIDs = nil
    }

    // MARK: - Definitions

    func define(_ city: City, data: [UInt8], sequence: Int64) throws {
        try put("INSERT OR REPLACE INTO cities (id, position, data) VALUES (?, ?, ?)", city.id, sequence, data)
        districts = nil
    }

    func define(_ district: District, data: [UInt8], sequence: Int64) throws {
        let insert = try statements(
            """
            INSERT OR REPLACE INTO districts (set_name, id, name, population, position, data)
            VALUES (?, ?, ?, ?, ?, ?)
            """)
        insert.bind(1, district.set)
        insert.bind(2, district.id)
        insert.bind(3, district.name)
        insert.bind(4, district.population.map(Int64.init))
        insert.bind(5, sequence)
        insert.bind(6, data)
        try insert.run()
        districts = nil
    }

    func define(_ site: Site, data: [UInt8]) throws {
        let insert = try statements("INSERT OR REPLACE INTO sites (id, data) VALUES (?, ?)")
        insert.bind(1, site.id)
        insert.bind(2, data)
        try insert.run()
    }

    func define(streets id: String, data: [UInt8]) throws {
        let insert = try statements("INSERT OR REPLACE INTO streets (id, data) VALUES (?, ?)")
        insert.bind(1, id)
        insert.bind(2, data)
        try insert.run()
    }

    private func put(_ sql: String, _ id: String, _ sequence: Int64, _ data: [UInt8]) throws {
        let insert = try statements(sql)
        insert.bind(1, id)
        insert.bind(2, sequence)
        insert.bind(3, data)
        try insert.run()
    }

    // MARK: - Where something lies

    /// The id of the district: as its source named it, or the one its place lies in.
    func district(named name: String?, at place: Coordinate?) throws -> String? {
        let all = try currentDistricts()
        if let name {
            return all.first { $0.id == name || $0.name == name }?.id ?? name
        }
        guard let place else { return nil }
        return all.first { $0.box.contains(place) && $0.outline.contains(place) }?.id
    }

    /// The district after the set changed: the same where it still exists, else the one the place lies in now.
    func relocated(_ district: String?, at place: Coordinate?) throws -> String? {
        let all = try currentDistricts()
        if let known = all.first(where: { $0.id == district || $0.name == district }) { return known.id }
        guard let place else { return district }
        return all.first { $0.box.contains(place) && $0.outline.contains(place) }?.id
    }

    /// The set of districts that the city, or the last import, put on the map.
    func currentSet() throws -> String? {
        let select = try statements("SELECT data FROM cities ORDER BY position DESC LIMIT 1")
        guard let data = try select.first({ $0.blob(0) }) else { return nil }
        return try JSONReader.read(data) { try City(reading: &$0).districtSet }
    }

    private func currentDistricts() throws -> [Placed] {
        if let districts { return districts }
        let select = try statements("SELECT data FROM districts WHERE set_name = ? ORDER BY position")
        select.bind(1, try currentSet() ?? "")
        let read = try select.all { row in try JSONReader.read(row.blob(0)) { try District(reading: &$0) } }
        let placed = read.compactMap { district in
            district.outline.box.map {
                Placed(id: district.id, name: district.name, box: $0, outline: district.outline)
            }
        }
        districts = placed
        return placed
    }

    // MARK: - Assets and their risk

    func define(_ asset: Asset, data: [UInt8]) throws {
        let key = Vulnerability.matchKey(vendor: asset.vendor, product: asset.product)
        let insert = try statements(
            "INSERT OR REPLACE INTO assets (id, match_key, district, data) VALUES (?, ?, ?, ?)")
        insert.bind(1, asset.id)
        insert.bind(2, key)
        insert.bind(3, asset.district)
        insert.bind(4, data)
        try insert.run()
        assetIDs?.insert(asset.id)
        try assess(asset, key: key)
    }

    func list(_ vulnerability: Vulnerability, data: [UInt8]) throws {
        let key = Vulnerability.matchKey(vendor: vulnerability.vendor, product: vulnerability.product)
        let insert = try statements(
            "INSERT OR REPLACE INTO vulnerabilities (cve, match_key, due, ransomware, data) VALUES (?, ?, ?, ?, ?)")
        insert.bind(1, vulnerability.cve)
        insert.bind(2, key)
        insert.bind(3, vulnerability.dueDay)
        insert.bind(4, vulnerability.ransomware)
        insert.bind(5, data)
        try insert.run()
        let affected = try statements("SELECT data FROM assets WHERE match_key = ?")
        affected.bind(1, key)
        let assets = try affected.all { row in try JSONReader.read(row.blob(0)) { try Asset(reading: &$0) } }
        for asset in assets { try assess(asset, key: key) }
    }

    private func assess(_ asset: Asset, key: String) throws {
        let exploits = try exploits(of: key)
        let risk = Risk(of: asset, exploits: exploits, openAlerts: 0, worst: nil)
        let insert = try statements(
            "INSERT OR REPLACE INTO risks (asset, base, exploits, due, ransomware) VALUES (?, ?, ?, ?, ?)")
        insert.bind(1, asset.id)
        insert.bind(2, risk.score)
        insert.bind(3, exploits?.count ?? 0)
        insert.bind(4, exploits?.dueDay)
        insert.bind(5, exploits?.ransomware ?? false)
        try insert.run()
    }

    private func exploits(of key: String) throws -> Risk.Exploits? {
        let select = try statements(
            "SELECT count(*), min(due), max(ransomware) FROM vulnerabilities WHERE match_key = ?")
        select.bind(1, key)
        return try select.first { row in
            guard row.int(0) > 0 else { return nil }
            return Risk.Exploits(count: row.int(0), dueDay: row.integer(1), ransomware: row.bool(2))
        } ?? nil
    }

    /// The asset that a cyber alert is about: named as its site, or the first part of its key.
    func asset(ofSubject subject: String, site: String?) throws -> String? {
        let ids = try knownAssets()
        if let site, ids.contains(site) { return site }
        let first = subject.prefix { $0 != "/" }
        return ids.contains(String(first)) ? String(first) : nil
    }

    private func knownAssets() throws -> Set<String> {
        if let assetIDs { return assetIDs }
        let all = Set(try statements("SELECT id FROM assets").all { $0.text(0) })
        assetIDs = all
        return all
    }

    func recountAlerts(of asset: String, realm: Int64) throws {
        let count = try statements(
            """
            INSERT OR REPLACE INTO asset_alerts (realm, asset, open, worst)
            SELECT ?1, ?2, count(*), coalesce(min(latched_severity), 4) FROM alerts
            WHERE asset = ?2 AND realm = ?1 AND need < ?3
            """)
        count.bind(1, realm)
        count.bind(2, asset)
        count.bind(3, Alert.firstNormalNeed)
        try count.run()
    }
}
