import Foundation

/// The files that the rules of the house read.
enum ProjectFiles {
    static let root = URL(fileURLWithPath: #filePath).resolvingSymlinksInPath()
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

    /// All Swift files of `Sources` or `Tests`, in the order of their paths, which go on from there.
    static func swift(in folder: String) throws -> [(path: String, text: String)] {
        let base = root.appending(path: folder).path + "/"
        let all = FileManager.default.enumerator(atPath: base)?.compactMap { $0 as? String } ?? []
        return try all.filter { $0.hasSuffix(".swift") }.sorted().map { path in
            (path, try String(contentsOf: URL(fileURLWithPath: base + path), encoding: .utf8))
        }
    }
}
