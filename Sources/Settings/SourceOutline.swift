/// On which line each key of a TOML text stands. The parser keeps lines for syntax errors only, and an error in the
/// meaning ("no such role") is of use only with its line.
///
/// A path is the keys from the root, with the place in an array as a number: `["root", "children", "0", "pane"]`.
struct SourceOutline: Equatable, Sendable {
    private let lines: [[String]: Int]

    init(_ text: String, file: String, bounds: FileBounds = .small) throws(Warning) {
        var scan = OutlineScan(text, file: file, bounds: bounds)
        try scan.run()
        lines = scan.lines
    }

    /// The line of a key, or of the nearest table around it.
    func line(of path: [String]) -> Int {
        var path = path
        while !path.isEmpty {
            if let line = lines[path] { return line }
            path.removeLast()
        }
        return 1
    }
}
