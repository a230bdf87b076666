import Foundation
import Testing

/// What `Tests/README.md` says of tests that a machine can check.
enum TestRules {
    /// By which a test could assert how long something took.
    static let clocks = [
        "timeIntervalSince(", "timeIntervalSinceNow", "ContinuousClock", "SuspendingClock", "DispatchTime.now",
        "clock_gettime", "< Date()", "> Date()", "Date() <", "Date() >", "Date() -", "- Date()",
    ]

    /// The wait for something, with a bound.
    static let excused = ["EndToEndTests/Driver/Product.swift": ["Date() <"]]

    /// - Parameter path: from `Tests` on.
    static func faults(path: String, text: String) -> [Fault] {
        BareCode.lines(of: text).enumerated().flatMap { number, line in
            clocks.filter { line.contains($0) && !(excused[path] ?? []).contains($0) }
                .map { Fault(path: path, line: number + 1, what: "asks a clock: \($0)") }
        }
    }
}

@Suite("The rules of the tests")
struct TestRulesTests {
    @Test("no test asserts how long something took")
    func clocks() throws {
        let files = try ProjectFiles.swift(in: "Tests")
        #expect(files.count > 50)
        let faults = files.flatMap { TestRules.faults(path: $0.path, text: $0.text) }
        #expect(faults.isEmpty, "\(faults.map(\.description).joined(separator: "\n"))")
        for (path, calls) in TestRules.excused {
            let text = try #require(files.first { $0.path == path }).text
            for call in calls { #expect(text.contains(call)) }
        }
    }

    @Test("a clock in a test is found", arguments: TestRules.clocks)
    func found(_ clock: String) {
        #expect(TestRules.faults(path: "FeedTests/A.swift", text: "#expect(\(clock)x)\n").count >= 1)
        #expect(TestRules.faults(path: "FeedTests/A.swift", text: "// \(clock)\nlet a = \"\(clock)\"\n").isEmpty)
    }
}
