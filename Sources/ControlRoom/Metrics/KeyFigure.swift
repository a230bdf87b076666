/// A figure by which an alarm system is judged, with what is aimed at (ISA-18.2, table 7; EEMUA 191, appendix 9).
public enum KeyFigure: String, CaseIterable, Sendable {
    case rate, flooded, flood, peak, frequent, nuisance, stale, priorities, unauthorised

    /// How it is met.
    public enum Level: String, Sendable {
        case met, over
        /// More than anybody can manage.
        case beyond

        /// Behind a value, for whoever sees no colours.
        public var mark: String {
            switch self {
            case .met: ""
            case .over: " !"
            case .beyond: " !!"
            }
        }
    }

    /// What is aimed at, as the standards write it.
    public var target: String {
        switch self {
        case .rate: "<= 1 (2)"
        case .flooded, .flood: "< 1 %"
        case .peak: "<= 10"
        case .frequent: "<= 5 %"
        case .nuisance, .unauthorised: "0"
        case .stale: "< 5"
        case .priorities: "80/15/5 %"
        }
    }

    /// Below so many annunciations ten of them are more than a twentieth, whatever they are: shares tell nothing yet.
    static let telling = 200

    /// Nil where nothing was counted, or too little to tell.
    public func level(_ metrics: AlarmMetrics, _ standing: AlarmStanding) -> Level? {
        switch self {
        case .rate: metrics.ratePerPosition.map { $0 <= 1 ? .met : $0 <= 2 ? .over : .beyond }
        case .flooded: metrics.load.floodedShare.map { $0 < 0.01 ? .met : .beyond }
        case .flood: metrics.load.floodShare.map { $0 < 0.01 ? .met : .beyond }
        case .peak: metrics.load.peak <= 10 ? .met : .beyond
        case .frequent:
            metrics.load.total < KeyFigure.telling
                ? nil : metrics.frequentShare.map { $0 <= 0.05 ? .met : .over }
        case .nuisance: metrics.chattering + metrics.fleeting == 0 ? .met : .over
        case .stale: standing.stale < 5 ? .met : .over
        case .priorities:
            metrics.load.total < KeyFigure.telling
                ? nil : metrics.priorities.map { $0.high <= 0.05 && $0.medium <= 0.15 ? .met : .over }
        case .unauthorised: standing.unauthorised == 0 ? .met : .beyond
        }
    }
}
