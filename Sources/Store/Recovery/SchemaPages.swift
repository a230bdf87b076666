#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// The pages of a store that hold its header and its schema (SQLite's file format, 1.3 and 1.6): every store of one
/// version begins with the same ones, so that a sound one can lend them to another whose own are damaged.
struct SchemaPages {
    private let size: Int
    private var pages: [Int: [UInt8]] = [:]

    init?(of path: String) {
        let file = open(path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { return nil }
        defer { close(file) }
        guard let header = SchemaPages.read(file, 0, 100) else { return nil }
        let stated = SchemaPages.number(header, 16, 2)
        size = stated == 1 ? 65_536 : stated
        guard size >= 512, var first = SchemaPages.read(file, 0, size) else { return nil }
        for child in SchemaPages.children(of: first) {
            pages[child] = SchemaPages.read(file, (child - 1) * size, size)
        }
        SchemaPages.forgetSize(&first)
        pages[1] = first
    }

    /// The schema is small: below the first page there is one level of leaves at most.
    private static func children(of page: [UInt8]) -> [Int] {
        guard page[100] == 5 else { return [] }
        let cells = (0..<number(page, 103, 2)).map { number(page, 112 + 2 * $0, 2) }
        return cells.map { number(page, $0, 4) } + [number(page, 108, 4)]
    }

    /// The header then says nothing of the file's length, of free pages, or of a write-ahead log.
    private static func forgetSize(_ page: inout [UInt8]) {
        page.replaceSubrange(18..<20, with: [1, 1])
        page.replaceSubrange(24..<40, with: Array(repeating: 0, count: 16))
        page.replaceSubrange(92..<96, with: [0, 0, 0, 1])
    }

    /// Writes a copy of a file with these pages in the place of its own; false where the disk does not have it.
    func transplant(into path: String, copy: String) -> Bool {
        let from = open(path, O_RDONLY | O_CLOEXEC)
        let to = open(copy, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
        defer {
            close(from)
            close(to)
        }
        guard from >= 0, to >= 0, SchemaPages.copy(from, to) else { return false }
        return pages.allSatisfy { number, page in
            pwrite(to, page, page.count, off_t((number - 1) * size)) == page.count
        }
    }

    private static func copy(_ from: Int32, _ to: Int32) -> Bool {
        var buffer = [UInt8](repeating: 0, count: 1 << 20)
        while true {
            let count = Glibc.read(from, &buffer, buffer.count)
            if count == 0 { return true }
            guard count > 0, write(to, buffer, count) == count else { return false }
        }
    }

    private static func read(_ file: Int32, _ offset: Int, _ count: Int) -> [UInt8]? {
        var bytes = [UInt8](repeating: 0, count: count)
        return pread(file, &bytes, count, off_t(offset)) == count ? bytes : nil
    }

    private static func number(_ bytes: [UInt8], _ offset: Int, _ count: Int) -> Int {
        bytes[offset..<offset + count].reduce(0) { $0 << 8 | Int($1) }
    }
}
