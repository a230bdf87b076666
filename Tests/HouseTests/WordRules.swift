import Foundation
import Testing

/// Words that README, Sources and Tests do not use, whether it is code, a comment or what a person reads.
enum WordRules {
    /// A person is "they". Put together here, so that the rule does not find itself.
    static let words = ["e", "is", "im", "imself"].map { "h" + $0 }

    /// The kinds of files that people write.
    static let kinds = [".swift", ".md", ".toml", ".json", ".c", ".h", ".txt"]

    /// - Parameter path: from the project's folder on.
    static func faults(path: String, text: String) -> [Fault] {
        text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).enumerated().flatMap { number, line in
            line.split { !$0.isLetter && !$0.isNumber && $0 != "_" }.map { $0.lowercased() }.filter(words.contains)
                .map { Fault(path: path, line: number + 1, what: "says \($0)") }
        }
    }
}

@Suite("The words of the house")
struct WordRulesTests {
    private static func files() throws -> [(path: String, text: String)] {
        let root = ProjectFiles.root.path + "/"
        let inside = ["Sources", "Tests"].flatMap { folder in
            let all = FileManager.default.enumerator(atPath: root + folder)?.compactMap { $0 as? String } ?? []
            return all.map { folder + "/" + $0 }
        }
        let written = inside.filter { path in WordRules.kinds.contains { path.hasSuffix($0) } }
        return try (written.sorted() + ["README.md"]).map { path in
            (path, try String(contentsOf: URL(fileURLWithPath: root + path), encoding: .utf8))
        }
    }

    @Test("a person is “they” in every file")
    func persons() throws {
        let files = try WordRulesTests.files()
        #expect(files.count > 700 && files.contains { $0.path == "Tests/HouseTests/WordRules.swift" })
        let faults = files.flatMap { WordRules.faults(path: $0.path, text: $0.text) }
        #expect(faults.isEmpty, "\(faults.map(\.description).joined(separator: "\n"))")
    }

    @Test("another word for a person is found, in code, comments and texts", arguments: WordRules.words)
    func found(_ word: String) {
        let fault = [Fault(path: "README.md", line: 2, what: "says \(word)")]
        for line in [
            "/// What \(word) did.", "let a = \"\(word)\"", word, "“\(word)’s”", "**\(word.uppercased())**",
            "(\(word.capitalized), who", "\(word)-word", "\t\(word)\r",
        ] {
            #expect(WordRules.faults(path: "README.md", text: "A\n\(line)\nB\n") == fault, "\(line)")
        }
    }

    @Test(
        "what only looks like one is none",
        arguments: ["the", "this history", "Hi, hers", "what they did", "chimes", "héhé perché"])
    func lookalikes(_ text: String) { #expect(WordRules.faults(path: "README.md", text: text).isEmpty) }
}
