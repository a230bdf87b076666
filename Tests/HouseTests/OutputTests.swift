import Foundation
import Testing

@Suite("What is printed")
struct OutputTests {
    private static let sources = ProjectFiles.root.appending(path: "Sources")

    /// The one file that writes to standard output and standard error, and takes out what steers a terminal.
    private static let door = "Shell/StandardStreams.swift"
    /// Rooms with other doors: the screen, and measurements that nobody from outside has a word in.
    private static let others = ["Terminal/", "impetus-bench/", "TestSupport/"]

    private static let writing = [
        "print(", "debugPrint(", "fputs(", "puts(", "putchar(", "dump(", "FileHandle.standardOutput",
        "FileHandle.standardError", "write(STDOUT_FILENO", "write(STDERR_FILENO", "write(1,", "write(2,",
        "exit(withError",
    ]

    /// Calls in a line that write; declarations and members of that name are none.
    static func calls(in line: String) -> [String] {
        writing.filter { call in
            var rest = line[...]
            while let range = rest.firstRange(of: call) {
                let before = rest[..<range.lowerBound]
                let isPart = before.last.map { $0.isLetter || $0.isNumber || $0 == "_" || $0 == "." } ?? false
                let isWritten =
                    call.contains("FileHandle") || call.contains("FILENO") || call.hasPrefix("exit(withError")
                if !before.hasSuffix("func "), isWritten || !isPart { return true }
                rest = rest[range.upperBound...]
            }
            return false
        }
    }

    @Test("goes through one door")
    func door() throws {
        let all = FileManager.default.enumerator(atPath: OutputTests.sources.path)?.compactMap { $0 as? String } ?? []
        let files = all.filter { file in
            file.hasSuffix(".swift") && file != OutputTests.door && !OutputTests.others.contains(where: file.hasPrefix)
        }
        #expect(files.count > 100 && all.contains(OutputTests.door))
        for file in files {
            let text = try String(contentsOf: OutputTests.sources.appending(path: file), encoding: .utf8)
            for (number, line) in BareCode.lines(of: text).enumerated() {
                let found = OutputTests.calls(in: line)
                #expect(found.isEmpty, "\(file):\(number + 1): \(found)")
            }
        }
    }

    @Test(
        "each other way is found",
        arguments: [
            "print(text)", "if a { print(\"\", to: &out) }", "Foundation.write(STDOUT_FILENO, a, 1)",
            "fputs(a, stderr)",
            "let out = FileHandle.standardOutput", "Impetus.exit(withError: error)", "write(2, a, 1)",
        ])
    func found(_ line: String) { #expect(!OutputTests.calls(in: line).isEmpty) }

    @Test(
        "what only looks like one is none",
        arguments: ["printer.print(line)", "func print(in room: TextRoom?)", "fingerprint(a)"])
    func lookalikes(_ line: String) { #expect(OutputTests.calls(in: line).isEmpty) }
}
