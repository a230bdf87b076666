import ControlRoom

/// Entries that may be under way together: of each line one, in the order of the lines.
///
/// The first wave has all that stands alone. A line of n entries takes n waves, each a round trip to the servers.
enum Waves {
    /// - Returns: places in `entries`, each once.
    static func of(_ entries: [NewEntry]) -> [[Int]] {
        var waves: [[Int]] = []
        var used: [String: Int] = [:]
        for (place, entry) in entries.enumerated() {
            let wave = entry.line.map { used[$0, default: 0] } ?? 0
            if let line = entry.line { used[line] = wave + 1 }
            if wave == waves.count { waves.append([]) }
            waves[wave].append(place)
        }
        return waves
    }
}
