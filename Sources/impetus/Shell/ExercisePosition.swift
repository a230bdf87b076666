import ControlRoom
import Store

/// Where an exercise stands, as the store keeps it for a process that takes over.
struct ExercisePosition: Equatable, Sendable {
    var run: String
    /// Seconds of the script.
    var elapsed = 0.0
    var speed = 1.0
    var isPaused = false

    private static let key = "exercise_position"

    init(_ player: ExercisePlayer) {
        (run, elapsed, speed, isPaused) = (player.run, player.elapsed, player.speed, player.isPaused)
    }

    private init(run: String) { self.run = run }

    /// Whether it is worth a write after another was kept.
    func isFar(from other: ExercisePosition) -> Bool {
        run != other.run || speed != other.speed || isPaused != other.isPaused || abs(elapsed - other.elapsed) >= 5
    }

    func keep(in store: Store) throws {
        try store.remember(ExercisePosition.key, "\(elapsed)|\(speed)|\(isPaused)|\(run)")
    }

    /// The start of the run where nothing is kept of it.
    static func recall(_ run: String, from store: Store) throws -> ExercisePosition {
        var position = ExercisePosition(run: run)
        let parts = try store.recall(key)?.split(separator: "|", maxSplits: 3) ?? []
        guard parts.count == 4, parts[3] == run, let elapsed = Double(parts[0]), let speed = Double(parts[1]) else {
            return position
        }
        (position.elapsed, position.speed, position.isPaused) = (elapsed, speed, parts[2] == "true")
        return position
    }
}
