internal import ControlRoom

/// Where in a JSON text a byte stands, as keys: a reader says only at which byte it failed, and the person who wrote
/// TOML has never seen that text.
enum JSONPlace {
    /// The keys from the root to the innermost value around the byte; the place in an array is a number.
    static func path(of offset: Int, in json: [UInt8]) -> [String] {
        var path: [String] = []
        // Only a text that was read before is asked about; where it ends early, the path so far is the best there is.
        try? JSONReader.read(json) { reader in try descend(&reader, to: offset, &path) }
        return path
    }

    private static func descend(_ reader: inout JSONReader, to offset: Int, _ path: inout [String]) throws {
        switch try reader.peek() {
        case .object: try reader.object { key, reader in try enter(key, &reader, to: offset, &path) }
        case .array:
            var position = 0
            try reader.array { reader in
                try enter(String(position), &reader, to: offset, &path)
                position += 1
            }
        default: try reader.skip()
        }
    }

    /// The end of a value counts as inside: a reader that misses a member says so once it has read all of them.
    private static func enter(
        _ key: String, _ reader: inout JSONReader, to offset: Int, _ path: inout [String]
    ) throws {
        var inside = reader
        let range = try reader.skip()
        guard offset >= range.lowerBound, offset <= range.upperBound else { return }
        path.append(key)
        try descend(&inside, to: offset, &path)
    }
}
