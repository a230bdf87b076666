/// Whether the letters of a pattern stand in a text in this order, and how well.
public struct FuzzyMatch: Equatable, Sendable {
    public let score: Int
    /// Positions of the characters that met.
    public let positions: [Int]

    /// Nil where the pattern does not meet. Letters at the start of words and in a row count more.
    public init?(_ pattern: String, in text: String) {
        let wanted = Array(pattern.lowercased().filter { !$0.isWhitespace })
        let characters = Array(text)
        guard !wanted.isEmpty else {
            score = 0
            positions = []
            return
        }
        // The best of the matches that begin at each place where the first letter stands.
        let found = characters.indices.compactMap { FuzzyMatch.match(wanted, characters, from: $0) }
        guard let best = found.max(by: { $0.score < $1.score }) else { return nil }
        self = best
    }

    private init(score: Int, positions: [Int]) {
        self.score = score
        self.positions = positions
    }

    private static func match(_ wanted: [Character], _ text: [Character], from start: Int) -> FuzzyMatch? {
        guard text[start].lowercased() == String(wanted[0]) else { return nil }
        var positions: [Int] = []
        var score = 0
        var next = 0
        for index in start..<text.count where next < wanted.count {
            guard text[index].lowercased() == String(wanted[next]) else { continue }
            let startsWord = index == 0 || !(text[index - 1].isLetter || text[index - 1].isNumber)
            let follows = positions.last == index - 1
            score += 1 + (startsWord ? 6 : 0) + (follows ? 8 : 0)
            positions.append(index)
            next += 1
        }
        guard next == wanted.count else { return nil }
        return FuzzyMatch(score: score * 100 - start - text.count, positions: positions)
    }
}
