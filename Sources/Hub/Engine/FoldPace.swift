/// How fast a view is folded while posts come: a value that hears how each stretch went and says how the next is to be.
///
/// Whoever posts waits for an answer, so folding rests between short stretches while posts are thick, as long as the view is no
/// more than a second behind. Up to `promisedRate` it then folds without rest until it has caught up, so that it is never
/// more than `promisedSeconds` behind. Above that rate posts go first: the view falls behind, as far as `mostLag` entries.
struct FoldPace {
    /// Up to so many posted events a second the view keeps up.
    static let promisedRate = 5_000.0
    /// Seconds that a view is behind at most up to that rate; beyond it, it is told.
    static let promisedSeconds = 5.0

    /// Beyond it posts go first: what is promised is measured in steps of a second, which are never exact.
    private static let busyRate = promisedRate * 1.2
    private static let patientSeconds = 1.0
    private static let restSeconds = 0.02...1.0
    /// Entries that come during one stretch, from which on posts are thick.
    private static let thickEntries = 40
    private static let shortStretch = 200
    /// So many times as long as it worked, it rests, within `restSeconds`.
    private static let breathers = 25.0
    private static let mostLag: Int64 = 500_000
    /// The rate is that of the last so many seconds, or of a longer time where a stretch took longer.
    private static let rateSeconds = 1.0

    private var areThick = false
    private var rate = 0.0
    private var counted: (total: Int, seconds: Double)?

    /// What is known after a stretch.
    struct Stretch {
        /// By a clock that only goes forward: when the stretch ended, and how long it took, in seconds.
        var ended: Double
        var took: Double
        /// Entries that came during it.
        var came: Int
        /// Entries that were posted since the hub started.
        var total: Int
        /// How far the view is behind, in seconds and entries.
        var lagSeconds: Double
        var lagEntries: Int64
    }

    /// Entries of the next stretch, of at most `most`.
    func limit(most: Int) -> Int { areThick ? min(most, FoldPace.shortStretch) : most }

    /// - Returns: seconds to rest before the next stretch; nil for none.
    mutating func rest(after stretch: Stretch) -> Double? {
        count(stretch)
        let isThick = stretch.came > FoldPace.thickEntries
        let mayRest =
            stretch.lagEntries < FoldPace.mostLag
            && (stretch.lagSeconds < FoldPace.patientSeconds || rate > FoldPace.busyRate)
        areThick = isThick && mayRest
        guard areThick else { return nil }
        let range = FoldPace.restSeconds
        return max(range.lowerBound, min(range.upperBound, stretch.took * FoldPace.breathers))
    }

    private mutating func count(_ stretch: Stretch) {
        guard let before = counted else {
            counted = (stretch.total, stretch.ended)
            return
        }
        let passed = stretch.ended - before.seconds
        guard passed >= FoldPace.rateSeconds else { return }
        rate = Double(stretch.total - before.total) / passed
        counted = (stretch.total, stretch.ended)
    }
}
