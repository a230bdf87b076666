import ControlRoom
import Standards

/// What has to hold of the parsers that read from the network, whatever comes. The fuzzer looks for bytes for which it does
/// not; those it has found, and those that led it furthest, are run again by the tests.
public enum ParserProperties {
    /// Broken by the input; the words say which.
    public struct Broken: Error, CustomStringConvertible {
        public let description: String
    }

    /// - Parameter input: its first byte chooses the parser, its second how the rest is cut.
    public static func check(_ input: [UInt8]) throws {
        guard input.count >= 2 else { return }
        let rest = Array(input[2...])
        if input[0] >= 0xF0 { return try filter(String(decoding: rest, as: UTF8.self), cursor: Int(input[1])) }
        if let parser = Parser(first: input[0]) { return try parser.check(rest, Int(input[1])) }
        switch input[0] % 5 {
        case 0: try stream(rest, pieces: Int(input[1] % 16) + 1)
        case 1: try event(rest)
        case 2: try request(rest, CloudEventHTTP.batch)
        case 3: try binary(rest)
        default: try written(rest)
        }
    }

    // MARK: - Server-sent events

    /// A stream is the same in whatever pieces it comes.
    private static func stream(_ bytes: [UInt8], pieces size: Int) throws {
        let whole = try items(bytes, pieces: max(1, bytes.count))
        let cut = try items(bytes, pieces: size)
        guard whole == cut else { throw Broken(description: "a stream in pieces of \(size) is another") }
    }

    private static func items(_ bytes: [UInt8], pieces size: Int) throws -> [EventStreamReader.Item] {
        var (reader, items, place) = (EventStreamReader(), [EventStreamReader.Item](), 0)
        while place < bytes.count {
            let end = min(bytes.count, place + size)
            try reader.read(bytes[place..<end]) { items.append($0) }
            place = end
        }
        return items
    }

    /// What is written is read again, but for carriage returns, which a hub lets into no log.
    private static func written(_ bytes: [UInt8]) throws {
        let data = bytes.filter { $0 != 0x0D }
        var stream: [UInt8] = []
        EventStream.write(id: "log:1", data: data, to: &stream)
        EventStream.write(id: "log:2", data: [0x7B, 0x7D], to: &stream)
        let expected: [EventStreamReader.Item] = [
            .event(id: "log:1", data: data), .event(id: "log:2", data: [0x7B, 0x7D]),
        ]
        guard try items(stream, pieces: stream.count) == expected else {
            throw Broken(description: "an event is read otherwise than it was written")
        }
    }

    // MARK: - CloudEvents

    /// What was read and is written is read as the same, and no more of it is lost the second time.
    private static func event(_ bytes: [UInt8]) throws {
        guard let event = try? CloudEventReader.event(bytes) else { return }
        try rewritten(event)
    }

    static func rewritten(_ event: Event) throws {
        let text = CloudEventWriter.json(event)
        guard let again = try? CloudEventReader.kept(text) else {
            throw Broken(description: "an event that was read is written so that it cannot be read")
        }
        guard again == event else { throw Broken(description: "an event changes when it is written and read") }
        guard !text.contains(where: { $0 < 0x20 && $0 != 0x09 && $0 != 0x0A && $0 != 0x0D }) else {
            throw Broken(description: "a control character came through")
        }
    }

    private static func request(_ body: [UInt8], _ type: String, _ headers: [(name: String, value: String)] = []) throws
    {
        let items: [CloudEventHTTP.Item]
        do {
            items = try CloudEventHTTP.events(contentType: type, headers: headers, body: body)
        } catch is CloudEventHTTP.Failure {
            return
        }
        for case .event(let event) in items { try rewritten(event) }
    }

    /// Lines before an empty one are headers.
    private static func binary(_ bytes: [UInt8]) throws {
        let lines = bytes.split(separator: 0x0A, omittingEmptySubsequences: false)
        let head = lines.prefix { !$0.isEmpty }
        let headers = head.map { line -> (name: String, value: String) in
            let name = line.prefix { $0 != UInt8(ascii: ":") }
            return (
                String(decoding: name, as: UTF8.self).lowercased(),
                String(decoding: line.dropFirst(name.count + 1), as: UTF8.self)
            )
        }
        let body = lines.dropFirst(head.count + 1).joined(separator: [0x0A])
        let type = headers.first { $0.name == "content-type" }?.value ?? "application/json"
        try request(Array(body), type, headers + [("ce-specversion", "1.0")])
    }

    // MARK: - Filters

    private static let vocabulary = FilterVocabulary(
        districts: [.init(id: "d1", name: "Centro Storico"), .init(id: "d2", name: "Arcella")],
        places: [.init(id: "prato", name: "Prato della Valle", place: Coordinate(latitude: 45.398, longitude: 11.876))],
        here: Coordinate(latitude: 45.4, longitude: 11.88), now: Timestamp(milliseconds: 1_764_072_000_000), zone: .utc)

    /// An error lies in the text; what is read is written as a text that is read as the same; what is offered fits the text.
    private static func filter(_ text: String, cursor: Int) throws {
        do {
            guard let filter = try FilterParser.parse(text, vocabulary) else { return }
            try readAgain(FilterWriter(vocabulary).text(filter))
        } catch let error as FilterError {
            guard error.column >= 0, error.length >= 0, error.column + error.length <= text.count else {
                throw Broken(description: "an error outside the text")
            }
        }
        guard let offered = FilterCompletion.at(text, cursor: cursor, vocabulary) else { return }
        guard !offered.candidates.isEmpty, offered.range.lowerBound >= 0, offered.range.upperBound <= text.count else {
            throw Broken(description: "a completion outside the text")
        }
    }

    private static func readAgain(_ written: String) throws {
        // Where a sign without a place of its own begins or ends a word, it is one with the blank between the words.
        let isOneWithBlank = written.contains { character in
            character.unicodeScalars.count > 1 && character.unicodeScalars.contains { $0.properties.isWhitespace }
        }
        if isOneWithBlank { return }
        do {
            let again = try FilterParser.parse(written, vocabulary)
            let rewritten = again.map { FilterWriter(vocabulary).text($0) } ?? ""
            if rewritten != written { throw Broken(description: "read again, \(written) is \(rewritten)") }
        } catch let error as FilterError {
            // In full it may be longer than what may be read.
            if error.problem != .tooLong, error.problem != .tooDeep {
                throw Broken(description: "\(written) is not read: \(error)")
            }
        }
    }
}
