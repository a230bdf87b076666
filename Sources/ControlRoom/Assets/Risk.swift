/// How urgent an asset is, with each reason, so that a number never stands alone.
///
/// The score adds what exposes the asset, what is known to be exploited in its product, what depends on it and what is
/// being reported about it; it does not depend on the time of day, so that lists keep their order. Weights follow the
/// decision points of CISA's SSVC guide (exploitation, exposure, mission impact), in that order of weight.
public struct Risk: Equatable, Sendable {
    /// What adds to the score.
    public enum Reason: Equatable, Sendable {
        case exposed(Asset.Exposure)
        /// How many entries of the KEV catalogue meet the product, and the nearest due date among them.
        case knownExploited(count: Int, dueDay: Int64, ransomware: Bool)
        case criticality(Int)
        case openAlerts(count: Int, worst: Severity)
    }

    /// 0 to 100.
    public let score: Int
    /// The heaviest first.
    public let reasons: [Reason]

    /// From this score on an asset counts among those to fix now.
    public static let fixNow = 70

    /// What the catalogue of known exploited vulnerabilities (CISA KEV) says of an asset's product; days are counted
    /// from 1970.
    public struct Exploits: Equatable, Sendable {
        public var count: Int
        public var dueDay: Int64
        public var ransomware: Bool

        public init(count: Int, dueDay: Int64, ransomware: Bool) {
            self.count = count
            self.dueDay = dueDay
            self.ransomware = ransomware
        }
    }

    public init(of asset: Asset, exploits: Exploits?, openAlerts: Int, worst: Severity?) {
        var weighted: [(Int, Reason)] = [(asset.criticality * 4, .criticality(asset.criticality))]
        weighted.append((Risk.weight(of: asset.exposure), .exposed(asset.exposure)))
        if let exploits, exploits.count > 0 {
            let weight = 30 + (exploits.ransomware ? 6 : 0) + min(4, exploits.count - 1)
            let reason = Reason.knownExploited(
                count: exploits.count, dueDay: exploits.dueDay, ransomware: exploits.ransomware)
            weighted.append((weight, reason))
        }
        if openAlerts > 0, let worst {
            weighted.append((20 - worst.rawValue * 4, .openAlerts(count: openAlerts, worst: worst)))
        }
        score = min(100, weighted.reduce(0) { $0 + $1.0 })
        reasons = weighted.filter { $0.0 > 0 }.sorted { $0.0 > $1.0 }.map(\.1)
    }

    private static func weight(of exposure: Asset.Exposure) -> Int {
        switch exposure {
        case .internet: 20
        case .partner: 12
        case .internal: 5
        case .isolated: 0
        }
    }
}
