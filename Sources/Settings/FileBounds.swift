/// How much of a file is taken in. A file comes from whoever can write to its directory, and reading it must not
/// exhaust memory, time or the stack, whatever it holds.
public struct FileBounds: Equatable, Sendable {
    /// Of the whole file.
    public let bytes: Int
    /// Keys and items of lists, each of which is kept with its line.
    public let keys: Int
    /// Tables and lists within each other.
    public let depth: Int

    /// - Parameter depth: more than 40 is cut to 40; the parser recurses, and that much was tried on a small stack.
    public init(bytes: Int, keys: Int, depth: Int = 40) {
        self.bytes = bytes
        self.keys = keys
        self.depth = min(40, depth)
    }

    /// What one person writes by hand: a theme, a layout, a configuration.
    public static let small = FileBounds(bytes: 256 << 10, keys: 20_000)

    /// What is made from lists: the places and assets of a city.
    public static let pack = FileBounds(bytes: 4 << 20, keys: 100_000)

    var tooLarge: String {
        bytes >= 1 << 20 && bytes % (1 << 20) == 0
            ? "larger than \(bytes >> 20) MiB" : "larger than \(bytes >> 10) KiB"
    }
}
