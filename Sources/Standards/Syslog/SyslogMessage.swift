public import ControlRoom

/// A message of the syslog protocol (RFC 5424, 6).
public struct SyslogMessage: Equatable, Sendable {
    /// 0 to 23 (RFC 5424, table 1).
    public var facility: Int
    /// 0 to 7, the worst first (RFC 5424, table 2).
    public var severity: Int
    public var time: Timestamp?
    public var host: String?
    public var application: String?
    public var process: String?
    public var messageID: String?
    /// Parameters by element and name, as `element.name`.
    public var structured: [String: String] = [:]
    public var text: String

    /// Which part of the header or of the structured data is not as RFC 5424, 6 has it.
    public struct Failure: Error, Equatable, CustomStringConvertible {
        public var description: String
    }

    /// - Throws: `Failure`.
    public init(_ bytes: some Sequence<UInt8>) throws {
        var scanner = SyslogScanner(Array(bytes))
        let priority = try scanner.priority()
        facility = priority / 8
        severity = priority % 8
        guard try scanner.word() == "1" else { throw Failure(description: "not version 1 of RFC 5424") }
        let time = try scanner.word()
        if time != "-" {
            guard let parsed = Timestamp(rfc3339: time) else { throw Failure(description: "the time cannot be read") }
            self.time = parsed
        }
        host = try scanner.field()
        application = try scanner.field()
        process = try scanner.field()
        messageID = try scanner.field()
        structured = try scanner.structured()
        text = scanner.rest()
    }

    /// Numerical codes 0 to 7 (RFC 5424, table 2) as severities of alerts.
    public var alertSeverity: Severity {
        switch severity {
        case 0, 1: .critical
        case 2, 3: .high
        case 4: .medium
        case 5: .low
        default: .info
        }
    }

    /// Bytes of a message that stand in the list; a longer one is whole in the description.
    private static let longestHeadline = 300

    /// As an intrusion alert. What repeats from the same application on the same host is the same alarm.
    /// The headline has at most 300 bytes, the description 65,536; both end in "…" where they were cut.
    ///
    /// - Parameter sender: stands for the host where the message names none.
    public func event(now: Timestamp, sender: String = "unknown") -> Event {
        let host = self.host ?? sender
        let kind = messageID ?? application ?? "syslog"
        let data = JSONWriter.bytes { writer in
            writer.object { writer in
                // A parameter without a value says nothing: without a tool the alarm would be refused.
                writer.member("tool", structured["impetus.tool"].flatMap { $0.isEmpty ? nil : $0 } ?? "CTDR")
                writer.member("kind", kind)
                writer.member("severity", alertSeverity.name)
                let headline = TextBound.cut(text, to: SyslogMessage.longestHeadline)
                writer.member("headline", headline)
                writer.member("description", headline == text ? nil : TextBound.cut(text, to: TextBound.prose))
                writer.member("site", host)
                writer.member("district", structured["impetus.district"])
            }
        }
        let at = time ?? now
        var event = Event(
            id: ContentID.of("\(at.milliseconds)|\(process ?? "")|\(kind)|\(text)".utf8),
            source: TextBound.name(
                "urn:syslog:" + PercentEncoding.encode(host) + ":" + PercentEncoding.encode(application ?? "-")),
            type: .alertRaised, subject: TextBound.name("syslog/\(host)/\(kind)"), time: at, data: .json(data))
        event.dataContentType = "application/json"
        return event
    }
}

private struct SyslogScanner {
    let bytes: [UInt8]
    var position = 0

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    private var next: UInt8? { position < bytes.count ? bytes[position] : nil }

    mutating func priority() throws -> Int {
        guard next == UInt8(ascii: "<") else { throw SyslogMessage.Failure(description: "no priority") }
        position += 1
        let digits = bytes[position...].prefix { $0 != UInt8(ascii: ">") }
        position += digits.count + 1
        guard (1...3).contains(digits.count), let value = Int(String(decoding: digits, as: UTF8.self)),
            (0...191).contains(value)
        else { throw SyslogMessage.Failure(description: "the priority is no number from 0 to 191") }
        return value
    }

    mutating func word() throws -> String {
        guard position < bytes.count else { throw SyslogMessage.Failure(description: "the message ends in its header") }
        let word = bytes[position...].prefix { $0 != 0x20 }
        position += word.count + 1
        guard word.count <= 255 else { throw SyslogMessage.Failure(description: "a field of the header is too long") }
        return String(decoding: word, as: UTF8.self)
    }

    mutating func field() throws -> String? {
        let word = try word()
        return word == "-" ? nil : word
    }

    /// RFC 5424, 6.3.
    mutating func structured() throws -> [String: String] {
        if next == UInt8(ascii: "-") {
            position += 1
            return [:]
        }
        var found: [String: String] = [:]
        while next == UInt8(ascii: "[") {
            position += 1
            let element = name()
            while next == 0x20 {
                position += 1
                let parameter = name()
                guard next == UInt8(ascii: "=") else { throw broken }
                position += 1
                found[element + "." + parameter] = try quoted()
                guard found.count <= 200 else { throw broken }
            }
            guard next == UInt8(ascii: "]") else { throw broken }
            position += 1
        }
        return found
    }

    private var broken: SyslogMessage.Failure {
        SyslogMessage.Failure(description: "the structured data is broken at byte \(position)")
    }

    private mutating func name() -> String {
        let name = bytes[min(position, bytes.count)...].prefix {
            ![0x20, UInt8(ascii: "="), UInt8(ascii: "]")].contains($0)
        }
        position += name.count
        return String(decoding: name, as: UTF8.self)
    }

    private mutating func quoted() throws -> String {
        guard next == UInt8(ascii: "\"") else { throw broken }
        position += 1
        var value: [UInt8] = []
        while let byte = next {
            position += 1
            if byte == UInt8(ascii: "\"") { return String(decoding: value, as: UTF8.self) }
            if byte == UInt8(ascii: "\\"), let escaped = next,
                [UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "]")].contains(escaped)
            {
                position += 1
                value.append(escaped)
            } else {
                value.append(byte)
            }
        }
        throw broken
    }

    mutating func rest() -> String {
        guard position < bytes.count else { return "" }
        var rest = bytes[position...]
        if rest.first == 0x20 { rest = rest.dropFirst() }
        if rest.starts(with: [0xEF, 0xBB, 0xBF]) { rest = rest.dropFirst(3) }
        while let last = rest.last, last == 0x0A || last == 0x0D { rest = rest.dropLast() }
        return String(decoding: rest, as: UTF8.self)
    }
}

/// Cuts a stream into messages: by octet counts, or over plain TCP by line ends where it has none (RFC 6587, 3.4). Bounded.
public struct SyslogFraming: Sendable {
    /// Bytes of one message.
    public static let longest = 64 << 10

    /// A message is longer than `longest`, by its octet count or because no line end came.
    public struct TooLong: Error {}

    /// Over TLS each message begins with its length (RFC 5425, 4.3).
    public struct NotCounted: Error, CustomStringConvertible {
        public var description: String { "over TLS a message begins with its length in octets (RFC 5425, 4.3)" }
    }

    private var bytes: [UInt8] = []
    private let countsOnly: Bool

    /// - Parameter countsOnly: whether a message without a count ends the stream, as RFC 5425 has it.
    public init(countsOnly: Bool = false) { self.countsOnly = countsOnly }

    /// Bytes of a message that is not whole yet.
    public var waiting: Int { bytes.count }

    /// - Parameters:
    ///   - piece: what came next, in whatever pieces.
    ///   - take: called for each message that is whole.
    /// - Throws: `TooLong` or `NotCounted`; the stream cannot be followed any further.
    public mutating func read(_ piece: some Collection<UInt8>, _ take: ([UInt8]) -> Void) throws {
        bytes.append(contentsOf: piece)
        var start = 0
        while let end = try message(from: start) {
            if !end.range.isEmpty { take(Array(bytes[end.range])) }
            start = end.next
        }
        bytes.removeFirst(start)
        guard bytes.count <= SyslogFraming.longest + 8 else { throw TooLong() }
    }

    private func message(from start: Int) throws -> (range: Range<Int>, next: Int)? {
        guard start < bytes.count else { return nil }
        guard (0x31...0x39).contains(bytes[start]) else {
            if countsOnly { throw NotCounted() }
            guard let end = bytes[start...].firstIndex(of: 0x0A) else { return nil }
            return (start..<end, end + 1)
        }
        let digits = bytes[start...].prefix { (0x30...0x39).contains($0) }
        guard digits.count <= 6 else { throw TooLong() }
        guard digits.endIndex < bytes.count else { return nil }
        guard bytes[digits.endIndex] == 0x20, let count = Int(String(decoding: digits, as: UTF8.self)),
            count <= SyslogFraming.longest
        else { throw TooLong() }
        let first = digits.endIndex + 1
        guard first + count <= bytes.count else { return nil }
        return (first..<first + count, first + count)
    }
}
