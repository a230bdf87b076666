/// `exercise.started.v1`: from now on the exercise of this name is being played.
public struct ExerciseStarted: Equatable, Sendable {
    public var exercise: String
    public var title: String
    public var seed: UInt64
    /// In seconds of the exercise.
    public var durationSeconds: Double

    public init(exercise: String, title: String, seed: UInt64, durationSeconds: Double) {
        self.exercise = exercise
        self.title = title
        self.seed = seed
        self.durationSeconds = durationSeconds
    }

    init(reading reader: inout JSONReader) throws {
        self.init(exercise: "", title: "", seed: 0, durationSeconds: 0)
        try reader.object { key, reader in
            switch key {
            case "exercise": exercise = try reader.string()
            case "title": title = try reader.string()
            case "seed": seed = UInt64(max(0, try reader.integer()))
            case "duration_s": durationSeconds = try reader.double()
            default: try reader.skip()
            }
        }
    }

    public func write(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.member("exercise", exercise)
            writer.member("title", title)
            writer.member("seed", Int(clamping: seed))
            writer.member("duration_s", durationSeconds)
        }
    }
}
