import ControlRoom
import Standards
import Trust

/// Parsers that an input chooses by a first byte from 0xC0 to 0xEF; those before them are in `ParserProperties` itself.
public enum Parser: UInt8, CaseIterable, Sendable {
    case syslog, file, facts, openData, sourcePatterns, codes, words, places

    private static let first: UInt8 = 0xC0
    private static let end: UInt8 = 0xF0

    init?(first byte: UInt8) {
        guard (Parser.first..<Parser.end).contains(byte) else { return nil }
        self.init(rawValue: (byte - Parser.first) % UInt8(Parser.allCases.count))
    }

    /// The first byte of an input for it.
    public var byte: UInt8 { Parser.first + rawValue }

    /// - Parameter number: the second byte, by which the rest is cut or a type chosen.
    func check(_ bytes: [UInt8], _ number: Int) throws {
        switch self {
        case .syslog: try SyslogProperties.check(bytes, pieces: number % 16 + 1)
        case .file: try ParserProperties.file(bytes)
        case .facts: try FactProperties.check(bytes, EventType.known[number % EventType.known.count])
        case .openData: try FactProperties.open(bytes, EventType.known[number % EventType.known.count])
        case .sourcePatterns: try MemberProperties.patterns(bytes)
        case .codes: try MemberProperties.codes(bytes)
        case .words: try MemberProperties.word(bytes, at: number)
        case .places: try MemberProperties.place(bytes)
        }
    }
}

extension ParserProperties {
    /// A file of any format (CAP, Atom, RSS, EDXL-DE, CloudEvents, GeoJSON, KEV): what is read of it is written so that it can be read.
    static func file(_ bytes: [UInt8]) throws {
        var source = MemorySource(bytes)
        let now = Timestamp(milliseconds: 1_764_072_000_000)
        let importer = Importer(name: "file", format: nil, languages: ["it", "en"], receivedAt: now)
        do {
            try importer.run(&source) { item in
                if case .event(let event, _) = item { try rewritten(event) }
            }
        } catch is ImportFailure {
            return
        }
    }
}

/// Syslog as it comes over TCP and TLS (RFC 5424, 5425, 6587).
enum SyslogProperties {
    /// A stream is cut into the same messages in whatever pieces it comes, and ends where it did; a message that can be read is an
    /// event that can be.
    static func check(_ bytes: [UInt8], pieces size: Int) throws {
        for countsOnly in [true, false] {
            let whole = messages(bytes, max(1, bytes.count), countsOnly)
            guard whole == messages(bytes, size, countsOnly) else {
                throw ParserProperties.Broken(description: "syslog in pieces of \(size) is another")
            }
            for message in whole.messages { try read(message) }
        }
    }

    private struct Cut: Equatable {
        var messages: [[UInt8]] = []
        var hasFailed = false
    }

    private static func messages(_ bytes: [UInt8], _ size: Int, _ countsOnly: Bool) -> Cut {
        var (framing, cut, place) = (SyslogFraming(countsOnly: countsOnly), Cut(), 0)
        while place < bytes.count {
            let end = min(bytes.count, place + size)
            do {
                try framing.read(bytes[place..<end]) { cut.messages.append($0) }
            } catch {
                cut.hasFailed = true
                return cut
            }
            place = end
        }
        return cut
    }

    private static func read(_ bytes: [UInt8]) throws {
        guard let message = try? SyslogMessage(bytes) else { return }
        let event = message.event(now: Timestamp(milliseconds: 1_764_072_000_000), sender: "192.0.2.7")
        try ParserProperties.rewritten(event)
        let names = [event.source, event.subject ?? "-"]
        guard names.allSatisfy({ (1...500).contains($0.utf8.count) }) else {
            throw ParserProperties.Broken(description: "a name out of syslog is longer than a hub lets in")
        }
        _ = try Fact(of: event)
    }
}
