import ControlRoom

/// The words of the commands that set how long is kept what has ended.
public enum RetentionWords {
    /// - Throws: what is wrong with what was asked for.
    public static func check(_ days: Int?, all: Bool) throws {
        guard (days != nil) != all else { throw Usage.wrong("--days or --all, not both") }
        guard let days, !RetentionSet.range.contains(days) else { return }
        throw Usage.wrong(
            "--days is \(RetentionSet.range.lowerBound) to \(RetentionSet.range.upperBound)")
    }

    public static func words(_ days: Int?) -> String {
        days.map { "what has ended is kept for \($0) days" } ?? "everything is kept"
    }
}
