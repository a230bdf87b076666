import ControlRoom

/// Which alarm an event of a source is about. Under one subject several sources may have one each: the first has the subject as
/// its key, each other one next to it (`Alert.key(of:from:round:)`).
struct AlertKeys {
    let source: String
    /// Whether an alarm is made where the source has none; if not, the first of the subject is meant.
    let makes: Bool
    let areThereNeighbours: () throws -> Bool

    /// So many keys are tried. Nobody can post an alarm under a made key (`Alert.isMadeKey`), so that only sources whose marks are
    /// alike by chance stand in each other's way; a raise beyond these is refused.
    private static let mostRounds = 16

    /// - Parameter find: the alert of a key; nil where there is none.
    func own(_ named: String, _ find: (String) throws -> Alert?) throws -> String {
        let first = try find(named)
        if let first, first.belongs(to: source) || makes && first.isAdoptable { return named }
        let isTaken = first != nil && makes
        guard try isTaken || areThereNeighbours() else { return named }
        for round in 0..<AlertKeys.mostRounds {
            let own = Alert.key(of: named, from: source, round: round)
            guard let there = try find(own) else { return isTaken ? own : named }
            if there.belongs(to: source) { return own }
        }
        return named
    }
}
