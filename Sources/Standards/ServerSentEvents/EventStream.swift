/// Server-sent events (HTML Living Standard, 9.2).
public enum EventStream {
    public static let contentType = "text/event-stream"

    /// One event; a line break in the data begins another `data` line, which a reader joins again.
    ///
    /// - Parameter type: its `event` field, without line breaks; nil for a plain message.
    public static func write(id: String, type: String? = nil, data: [UInt8], to bytes: inout [UInt8]) {
        if let type { bytes.append(contentsOf: "event: \(type)\n".utf8) }
        bytes.append(contentsOf: "id: ".utf8)
        bytes.append(contentsOf: id.utf8)
        bytes.append(contentsOf: "\ndata: ".utf8)
        if data.contains(0x0A) {
            for byte in data {
                bytes.append(byte)
                if byte == 0x0A { bytes.append(contentsOf: "data: ".utf8) }
            }
        } else {
            bytes.append(contentsOf: data)
        }
        bytes.append(contentsOf: "\n\n".utf8)
    }

    /// A comment: a heartbeat that carries nothing, or a word for whoever looks.
    public static func comment(_ text: String) -> [UInt8] { Array(": \(text)\n\n".utf8) }
}

/// Takes a stream apart as it comes, in whatever pieces. Bounded: a longer event ends the stream.
public struct EventStreamReader {
    /// What a blank line, or a line that begins with a colon, completes (HTML, 9.2.6).
    public enum Item: Equatable, Sendable {
        case event(id: String, data: [UInt8])
        /// One that is no plain message: with an `event` field of its own.
        case typed(String, id: String, data: [UInt8])
        case comment(String)
    }

    /// An event is longer than `longest`: the stream cannot be followed any further.
    public struct TooLong: Error, CustomStringConvertible {
        public var description: String { "an event of the stream is longer than \(EventStreamReader.longest) bytes" }
    }

    /// Bytes of one event.
    public static let longest = 8 << 20

    private var line: [UInt8] = []
    private var data: [UInt8] = []
    private var hasData = false
    private var id = ""
    private var type = ""
    private var isAfterReturn = false
    private var isAtStart = true

    public init() {}

    /// - Throws: `TooLong`.
    public mutating func read(_ bytes: some Collection<UInt8>, _ take: (Item) throws -> Void) throws {
        let found: Void? = try bytes.withContiguousStorageIfAvailable { try read($0, take) }
        if found == nil { try Array(bytes).withUnsafeBufferPointer { try read($0, take) } }
    }

    private mutating func read(_ bytes: UnsafeBufferPointer<UInt8>, _ take: (Item) throws -> Void) throws {
        var start = 0
        for (index, byte) in bytes.enumerated() where byte == 0x0A || byte == 0x0D {
            // CR, LF and CR LF each end one line.
            if byte == 0x0A, isAfterReturn, index == start {
                isAfterReturn = false
                start = index + 1
                continue
            }
            isAfterReturn = byte == 0x0D
            try end(UnsafeBufferPointer(rebasing: bytes[start..<index]), take)
            start = index + 1
        }
        guard start < bytes.count else { return }
        isAfterReturn = false
        line.append(contentsOf: bytes[start...])
        guard line.count + data.count <= EventStreamReader.longest else { throw TooLong() }
    }

    private mutating func end(_ rest: UnsafeBufferPointer<UInt8>, _ take: (Item) throws -> Void) throws {
        guard line.count + rest.count + data.count <= EventStreamReader.longest else { throw TooLong() }
        if line.isEmpty {
            try field(rest, take)
        } else {
            line.append(contentsOf: rest)
            let whole = line
            line.removeAll(keepingCapacity: true)
            try whole.withUnsafeBufferPointer { try field($0, take) }
        }
    }

    private mutating func field(_ whole: UnsafeBufferPointer<UInt8>, _ take: (Item) throws -> Void) throws {
        var bytes = whole[...]
        if isAtStart {
            isAtStart = false
            if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { bytes = bytes.dropFirst(3) }
        }
        guard !bytes.isEmpty else { return try dispatch(take) }
        let name = bytes.prefix { $0 != UInt8(ascii: ":") }
        var value = bytes.dropFirst(name.count + 1)
        if value.first == UInt8(ascii: " ") { value = value.dropFirst() }
        if name.isEmpty { return try take(.comment(String(decoding: value, as: UTF8.self))) }
        switch String(decoding: name, as: UTF8.self) {
        case "data":
            if hasData { data.append(0x0A) }
            data.append(contentsOf: value)
            hasData = true
        case "event": type = String(decoding: value, as: UTF8.self)
        case "id":
            if !value.contains(0) { id = String(decoding: value, as: UTF8.self) }
        default: break
        }
    }

    private mutating func dispatch(_ take: (Item) throws -> Void) throws {
        defer {
            data.removeAll(keepingCapacity: true)
            hasData = false
            type = ""
        }
        guard hasData else { return }
        let isPlain = type.isEmpty || type == "message"
        try take(isPlain ? .event(id: id, data: data) : .typed(type, id: id, data: data))
    }
}
