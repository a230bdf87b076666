import NIOCore

/// What a server sends (the NATS client protocol).
enum ServerOperation: Equatable, Sendable {
    case info(ServerInfo)
    /// `subscription` is the number that the client has given it.
    case message(NatsMessage, subscription: Int)
    case ping
    case pong
    case ok
    /// Without quotes.
    case error(String)
}

/// Bytes that are no NATS protocol.
struct NatsProtocolError: Error, Equatable, CustomStringConvertible {
    let description: String
}

/// Cuts what a server sends into operations. It never holds more than a line or a message.
struct ServerOperationDecoder {
    /// A message whose line has come, and its bytes not yet.
    private struct Announced {
        var subject: [UInt8]
        var reply: [UInt8]
        var subscription: Int
        var headerCount: Int
        var count: Int
    }

    private var announced: Announced?

    /// `INFO` names all servers of a cluster.
    static let longestLine = 1 << 20
    /// What nats-server takes at most (`max_payload`), and headers.
    static let largestMessage = 65 << 20

    /// - Returns: nil where it is not there whole.
    /// - Throws: `NatsProtocolError`, `JSONError`.
    mutating func next(in buffer: inout ByteBuffer) throws -> ServerOperation? {
        if let announced { return try message(announced, in: &buffer) }
        guard let end = buffer.readableBytesView.firstIndex(of: 0x0A) else {
            guard buffer.readableBytes <= ServerOperationDecoder.longestLine else {
                throw NatsProtocolError(description: "a line without an end")
            }
            return nil
        }
        let count = end - buffer.readableBytesView.startIndex
        var line = buffer.readBytes(length: count) ?? []
        buffer.moveReaderIndex(forwardBy: 1)
        if line.last == 0x0D { line.removeLast() }
        return try operation(line, &buffer)
    }

    private mutating func operation(_ line: [UInt8], _ buffer: inout ByteBuffer) throws -> ServerOperation? {
        let words = line.split(maxSplits: 1) { $0 == 0x20 || $0 == 0x09 }
        let rest = words.count > 1 ? words[1] : []
        switch String(decoding: words.first ?? [], as: UTF8.self).uppercased() {
        case "MSG", "HMSG":
            let announced = try ServerOperationDecoder.announced(rest, hasHeaders: line[0] | 0x20 == 0x68)
            self.announced = announced
            return try message(announced, in: &buffer)
        case "INFO": return .info(try ServerInfo(Array(rest)))
        case "PING": return .ping
        case "PONG": return .pong
        case "+OK": return .ok
        case "-ERR":
            let text = String(decoding: rest, as: UTF8.self)
            return .error(String(text.drop { $0 == "'" || $0 == " " }.prefix { $0 != "'" }))
        default: throw NatsProtocolError(description: "no operation of NATS")
        }
    }

    /// `subject sid [reply] [headers] all`, the last ones counts of bytes.
    private static func announced(_ line: ArraySlice<UInt8>, hasHeaders: Bool) throws -> Announced {
        let words = line.split { $0 == 0x20 || $0 == 0x09 }
        let numbers = hasHeaders ? 2 : 1
        guard words.count == 2 + numbers || words.count == 3 + numbers,
            let subscription = number(words[1]), let count = number(words[words.count - 1]),
            let headerCount = hasHeaders ? number(words[words.count - 2]) : 0,
            headerCount <= count, count <= largestMessage
        else { throw NatsProtocolError(description: "a message whose line says no sizes") }
        return Announced(
            subject: Array(words[0]), reply: words.count == 3 + numbers ? Array(words[2]) : [],
            subscription: subscription, headerCount: headerCount, count: count)
    }

    private static func number(_ digits: ArraySlice<UInt8>) -> Int? {
        guard digits.count <= 18, digits.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
        return digits.isEmpty ? nil : digits.reduce(0) { $0 * 10 + Int($1 - 0x30) }
    }

    private mutating func message(_ announced: Announced, in buffer: inout ByteBuffer) throws -> ServerOperation? {
        guard buffer.readableBytes >= announced.count + 2 else { return nil }
        let headers = buffer.readBytes(length: announced.headerCount) ?? []
        let body = buffer.readBytes(length: announced.count - announced.headerCount) ?? []
        guard buffer.readBytes(length: 2) == [0x0D, 0x0A] else {
            throw NatsProtocolError(description: "a message that is longer than its line says")
        }
        self.announced = nil
        let message = NatsMessage(
            subject: announced.subject, reply: announced.reply, headerBytes: headers, body: body)
        return .message(message, subscription: announced.subscription)
    }
}
