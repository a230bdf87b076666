public import ControlRoom

extension Store {
    /// The city of this store, as it was last defined.
    public func city() throws -> City? {
        try read { reader in
            try reader.statements("SELECT data FROM cities ORDER BY position DESC LIMIT 1")
                .first { row in try JSONReader.read(row.blob(0)) { try City(reading: &$0) } }
        }
    }

    /// Changes whenever another city is chosen, or the map has more on it: whoever shows it then asks for it again.
    public func mapMark() throws -> Int64 {
        try read { reader in
            try reader.statements(
                """
                SELECT coalesce((SELECT max(position) FROM cities), 0) * 1000000 + (SELECT count(*) FROM districts)
                    + (SELECT count(*) FROM sites) + (SELECT count(*) FROM streets)
                """
            ).first { $0.integer(0) } ?? 0
        }
    }

    /// Names by id, of the districts of all sets.
    public func districtNames() throws -> [String: String] {
        Dictionary(try districts(set: nil).map { ($0.id, $0.name) }, uniquingKeysWith: { $1 })
    }

    /// The districts of one set, or of all of them.
    public func districts(set: String?) throws -> [District] {
        try read { reader in
            let filter = set == nil ? "" : "WHERE set_name = ?"
            let select = try reader.statements("SELECT data FROM districts \(filter) ORDER BY set_name, position")
            if let set { select.bind(1, set) }
            return try select.all { row in try JSONReader.read(row.blob(0)) { try District(reading: &$0) } }
        }
    }

    /// The names of all sets of districts, the newest first.
    public func districtSets() throws -> [String] {
        try read { reader in
            try reader.statements("SELECT set_name FROM districts GROUP BY set_name ORDER BY max(position) DESC")
                .all { $0.text(0) }
        }
    }

    /// All sites, by id.
    public func sites() throws -> [Site] {
        try read { reader in
            try reader.statements("SELECT data FROM sites ORDER BY id")
                .all { row in try JSONReader.read(row.blob(0)) { try Site(reading: &$0) } }
        }
    }

    /// The street networks that the map draws, by id.
    public func streets() throws -> [Streets] {
        try read { reader in
            try reader.statements("SELECT data FROM streets ORDER BY id")
                .all { row in try JSONReader.read(row.blob(0)) { try Streets(reading: &$0) } }
        }
    }

    /// The exercise that was started last; it may have ended.
    public func latestExercise() throws -> ExerciseRun? {
        try read { reader in
            try reader.statements(
                "SELECT name, title, started, duration, ended FROM exercises ORDER BY started DESC, realm DESC LIMIT 1"
            ).first { row in
                ExerciseRun(
                    name: row.text(0), title: row.text(1), started: Timestamp(milliseconds: row.integer(2)),
                    durationSeconds: row.double(3), ended: row.optionalInteger(4).map(Timestamp.init(milliseconds:)))
            }
        }
    }

    /// Assets by risk, the highest first. `skip` windows are small: a city has thousands of assets, not millions.
    public func assets(_ realm: Realm, skip: Int = 0, limit: Int) throws -> [AssetLine] {
        try read { reader in
            let select = try reader.statements(
                """
                SELECT a.data, r.exploits, r.due, r.ransomware, coalesce(o.open, 0), o.worst FROM risks r
                JOIN assets a ON a.id = r.asset
                LEFT JOIN asset_alerts o ON o.asset = r.asset AND o.realm = ?1 AND o.open > 0
                ORDER BY min(100, r.base + CASE WHEN o.open > 0 THEN 20 - 4 * o.worst ELSE 0 END) DESC, r.asset
                LIMIT ?2 OFFSET ?3
                """)
            select.bind(1, try reader.realm(realm) ?? -1)
            select.bind(2, limit)
            select.bind(3, skip)
            return try select.all(Store.assetLine)
        }
    }

    private static func assetLine(_ row: borrowing Prepared) throws -> AssetLine {
        let asset = try JSONReader.read(row.blob(0)) { try Asset(reading: &$0) }
        var exploits: Risk.Exploits?
        if row.int(1) > 0 {
            exploits = Risk.Exploits(count: row.int(1), dueDay: row.integer(2), ransomware: row.bool(3))
        }
        let worst = row.optionalInteger(5).flatMap { Severity(rawValue: Int($0)) }
        return AssetLine(asset: asset, risk: Risk(of: asset, exploits: exploits, openAlerts: row.int(4), worst: worst))
    }

    /// How many assets there are, and how many entries the catalogue of exploited vulnerabilities has.
    public func assetCounts() throws -> (assets: Int, vulnerabilities: Int) {
        try read { reader in
            let assets = try reader.statements("SELECT count(*) FROM assets").first { $0.int(0) } ?? 0
            let entries = try reader.statements("SELECT count(*) FROM vulnerabilities").first { $0.int(0) } ?? 0
            return (assets, entries)
        }
    }

    /// Entries of the catalogue that meet an asset's product, the nearest due date first.
    public func vulnerabilities(of asset: Asset, limit: Int = 50) throws -> [Vulnerability] {
        try read { reader in
            let select = try reader.statements(
                "SELECT data FROM vulnerabilities WHERE match_key = ? ORDER BY due DESC, cve LIMIT ?")
            select.bind(1, Vulnerability.matchKey(vendor: asset.vendor, product: asset.product))
            select.bind(2, limit)
            return try select.all { row in try JSONReader.read(row.blob(0)) { try Vulnerability(reading: &$0) } }
        }
    }
}
