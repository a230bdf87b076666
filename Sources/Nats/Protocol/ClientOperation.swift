import NIOCore

/// What a client sends (the NATS client protocol).
enum ClientOperation {
    static let ping: StaticString = "PING\r\n"
    static let pong: StaticString = "PONG\r\n"

    static func subscribe(_ subject: String, _ number: Int, in buffer: inout ByteBuffer) {
        buffer.writeString("SUB \(subject) \(number)\r\n")
    }

    static func unsubscribe(_ number: Int, in buffer: inout ByteBuffer) { buffer.writeString("UNSUB \(number)\r\n") }

    static func publish(_ message: OutgoingMessage, in buffer: inout ByteBuffer) {
        let headers = headerBytes(message.headers)
        buffer.writeString(headers.isEmpty ? "PUB " : "HPUB ")
        buffer.writeString(message.subject)
        if let reply = message.reply { buffer.writeString(" " + reply) }
        if !headers.isEmpty { buffer.writeString(" \(headers.count)") }
        buffer.writeString(" \(headers.count + message.body.count)\r\n")
        buffer.writeBytes(headers)
        buffer.writeBytes(message.body)
        buffer.writeStaticString("\r\n")
    }

    private static func headerBytes(_ headers: [(name: String, value: String)]) -> [UInt8] {
        guard !headers.isEmpty else { return [] }
        var bytes = NatsHeaders.version + [0x0D, 0x0A]
        for (name, value) in headers { bytes += Array("\(name): \(value)\r\n".utf8) }
        return bytes + [0x0D, 0x0A]
    }

    /// Whether it can stand in a line of the protocol.
    static func isSubject(_ text: String) -> Bool { !text.isEmpty && text.utf8.allSatisfy { $0 > 0x20 && $0 != 0x7F } }

    /// Whether they can stand in a block of headers.
    static func areHeaders(_ headers: [(name: String, value: String)]) -> Bool {
        headers.allSatisfy { name, value in
            isSubject(name) && !name.utf8.contains(0x3A) && value.utf8.allSatisfy { $0 >= 0x20 }
        }
    }
}
