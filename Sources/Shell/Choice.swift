import Foundation

/// One of a few, chosen by a person.
public enum Choice {
    private static let tries = 3

    /// Asks on the terminal, by number or by name; three times where the answer is neither.
    ///
    /// - Returns: nil where standard input or standard error is no terminal, or nothing that fits was answered.
    public static func ask(_ question: String, among names: [String]) -> String? {
        guard isatty(STDIN_FILENO) == 1, isatty(STDERR_FILENO) == 1, !names.isEmpty else { return nil }
        for (index, name) in names.enumerated() { Output.complain("\(index + 1)  \(name)") }
        for _ in 0..<tries {
            Output.prompt(question + " ")
            guard let line = readLine() else { return nil }
            if let chosen = chosen(line, among: names) { return chosen }
        }
        return nil
    }

    /// The name that was typed, or whose number, counted from 1.
    static func chosen(_ line: String, among names: [String]) -> String? {
        let word = line.trimmingCharacters(in: .whitespaces)
        if names.contains(word) { return word }
        return Int(word).flatMap { names.indices.contains($0 - 1) ? names[$0 - 1] : nil }
    }
}
