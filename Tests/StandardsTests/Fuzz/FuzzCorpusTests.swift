import Foundation
import ParserProperties
import Testing

@Suite("What the fuzzer found")
struct FuzzCorpusTests {
    private static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appending(path: "Corpus")

    @Test("holds of every input that it kept")
    func corpus() throws {
        let files = try FileManager.default.contentsOfDirectory(
            at: FuzzCorpusTests.folder, includingPropertiesForKeys: nil)
        #expect(files.count > 50)
        for file in files {
            let input = Array(try Data(contentsOf: file))
            #expect(throws: Never.self, "\(file.lastPathComponent)") { try ParserProperties.check(input) }
        }
    }
}
