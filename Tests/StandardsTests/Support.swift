import ControlRoom
import Standards

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// Everything that came out of one file.
struct Imported {
    var events: [Event] = []
    var lines: [Int] = []
    var rejections: [Rejection] = []
    var notes: [Rejection] = []
    var failure: ImportFailure?

    static let now = Timestamp(milliseconds: 1_790_000_000_000)

    init(
        _ source: some ByteSource, name: String = "file", format: ImportFormat? = nil, languages: [String] = []
    ) throws {
        var source = source
        let importer = Importer(name: name, format: format, languages: languages, receivedAt: Imported.now)
        do {
            try importer.run(&source) { take($0) }
        } catch let failure as ImportFailure {
            self.failure = failure
        }
    }

    init(text: String, format: ImportFormat? = nil, languages: [String] = []) throws {
        try self.init(MemorySource(text), format: format, languages: languages)
    }

    init(bytes: [UInt8], format: ImportFormat? = nil) throws { try self.init(MemorySource(bytes), format: format) }

    private mutating func take(_ item: ImportItem) {
        switch item {
        case .event(let event, let line):
            events.append(event)
            lines.append(line)
        case .rejected(let rejection): rejections.append(rejection)
        case .note(let line, let text): notes.append(Rejection(line: line, reason: text))
        }
    }
}

/// The real files that nobody here made; tests of them are skipped where they are missing.
enum RealData {
    static let folder: String = {
        var parts = real(#filePath).split(separator: "/", omittingEmptySubsequences: false)
        parts.removeLast(3)
        return parts.joined(separator: "/") + "/../shared/data"
    }()

    static let isThere = (try? FileSource(path: folder + "/README.md")) != nil
    static let missing = "the folder ../shared/data is missing"

    static func bytes(_ name: String) throws -> [UInt8] {
        var source = try FileSource(path: folder + "/" + name)
        var bytes: [UInt8] = []
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 16, alignment: 1)
        defer { buffer.deallocate() }
        while true {
            let count = try source.read(into: buffer)
            if count == 0 { return bytes }
            bytes.append(contentsOf: buffer[..<count])
        }
    }

    static func text(_ name: String) throws -> String { String(decoding: try bytes(name), as: UTF8.self) }

    static func imported(_ name: String, languages: [String] = []) throws -> Imported {
        let base = name.split(separator: "/").last?.split(separator: ".").first.map(String.init) ?? name
        return try Imported(FileSource(path: folder + "/" + name), name: base, languages: languages)
    }
}

/// Gives one byte at a time, as the slowest pipe would.
struct DrippingSource: ByteSource {
    let bytes: [UInt8]
    var position = 0

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    mutating func read(into buffer: UnsafeMutableRawBufferPointer) throws -> Int {
        guard position < bytes.count, !buffer.isEmpty else { return 0 }
        buffer[0] = bytes[position]
        position += 1
        return 1
    }
}

/// A head, then the same bytes over and over up to a length, without ever holding them.
struct EndlessSource: ByteSource {
    let head: [UInt8]
    let pattern: [UInt8]
    let length: Int
    var position = 0

    init(_ head: String, _ pattern: String, length: Int = 1 << 30) {
        self.head = Array(head.utf8)
        self.pattern = Array(pattern.utf8)
        self.length = length
    }

    mutating func read(into buffer: UnsafeMutableRawBufferPointer) throws -> Int {
        if position < head.count {
            buffer.copyBytes(from: head)
            position = head.count
            return head.count
        }
        guard position < length else { return 0 }
        let whole = buffer.count / pattern.count * pattern.count
        var filled = min(pattern.count, whole)
        buffer.copyBytes(from: pattern.prefix(filled))
        while filled < whole {
            let part = min(filled, whole - filled)
            UnsafeMutableRawBufferPointer(rebasing: buffer[filled...])
                .copyMemory(from: UnsafeRawBufferPointer(rebasing: buffer[..<part]))
            filled += part
        }
        position += filled
        return filled
    }
}

extension Imported {
    /// What the only event of it raises.
    func raised() throws -> AlertRaised {
        guard let event = events.first, case .alertRaised(let fact) = try Fact(of: event) else {
            throw ImportFailure(line: 0, reason: "no alert was raised: \(rejections)")
        }
        return fact
    }
}

extension Imported {
    /// What the events say of themselves that could not be read.
    func unread() throws -> [String] {
        try events.flatMap { event in
            var texts: [String] = []
            try JSONReader.read(event.data.bytes) { reader in
                try reader.object { key, reader in
                    if key == "unread" { texts = try reader.strings() } else { try reader.skip() }
                }
            }
            return texts
        }
    }
}

extension Event {
    var dataText: String { String(decoding: data.bytes, as: UTF8.self) }
}

/// The path without links, so that the data are found from a scratch package, too.
private func real(_ path: String) -> String {
    guard let resolved = realpath(path, nil) else { return path }
    defer { free(resolved) }
    return String(cString: resolved)
}

/// The most memory that this process ever had.
func peakMemoryMiB() -> Int {
    var usage = rusage()
    // 0 is RUSAGE_SELF, which is an enumeration on Linux and a number elsewhere.
    getrusage(0, &usage)
    return usage.ru_maxrss >> 10
}
