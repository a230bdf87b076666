import ControlRoom
import Dispatch
import Nats

/// Requests of JetStream's API, which are messages of JSON (ADR-1 of NATS).
enum JetStreamAPI {
    static let waitMilliseconds = 5_000
    private static let tries = 5
    private static let pauseMilliseconds = 200

    /// - Parameters:
    ///   - subject: behind `$JS.API.`.
    ///   - body: an object; empty for none.
    /// - Returns: an object without an error.
    /// - Throws: `NatsFailure` where nobody answers; `JetStreamRefusal`.
    static func ask(
        _ nats: NatsConnection, _ subject: String, _ body: [UInt8] = [], milliseconds: Int = waitMilliseconds
    ) throws -> [UInt8] {
        let message = OutgoingMessage(subject: "$JS.API." + subject, body: body)
        let answer = try nats.request(message, milliseconds: milliseconds).body
        if let refusal = JetStreamRefusal(in: answer) { throw refusal }
        return answer
    }

    /// Again while nobody answers: servers that have just started answer late.
    static func askPatiently(_ nats: NatsConnection, _ subject: String, _ body: [UInt8]) throws -> [UInt8] {
        for _ in 1..<tries {
            do {
                return try ask(nats, subject, body)
            } catch let failure as NatsFailure where failure.isUnanswered {
                _ = DispatchSemaphore(value: 0).wait(timeout: .now() + .milliseconds(pauseMilliseconds))
            }
        }
        return try ask(nats, subject, body)
    }

    static func object(_ members: (inout JSONWriter) -> Void) -> [UInt8] {
        JSONWriter.bytes { writer in writer.object(members) }
    }

    /// Nanoseconds since 1970 of a time as the servers write it (RFC 3339, up to nine digits of a second). Nil where it is none, or beyond the
    /// years 1678 to 2261.
    static func nanoseconds(_ text: String) -> Int64? {
        guard let time = Timestamp(rfc3339: text) else { return nil }
        let digits = text.drop { $0 != "." }.dropFirst().prefix { $0.isNumber }.prefix(9)
        let fraction = (Int64(digits) ?? 0) * (0..<(9 - digits.count)).reduce(1) { product, _ in product * 10 }
        let (seconds, _) = time.milliseconds.quotientAndRemainder(dividingBy: 1_000)
        let (whole, isTooFar) = seconds.multipliedReportingOverflow(by: 1_000_000_000)
        let (sum, isBeyond) = whole.addingReportingOverflow(fraction)
        return isTooFar || isBeyond ? nil : sum
    }
}

/// What JetStream said no to.
public struct JetStreamRefusal: Error, Equatable, CustomStringConvertible {
    /// `err_code`, which tells refusals apart.
    public internal(set) var code = 0
    /// As of HTTP: 500 and more for what may pass.
    var status = 0
    var text = "it was refused"

    public var description: String { "NATS: \(text) (\(code))" }

    /// There already, with other settings (JSStreamNameExistErr).
    static let exists = 10_058
    /// JSNoMessageFoundErr.
    static let noMessage = 10_037
    /// The stream takes no atomic batches (JSAtomicPublishDisabledErr).
    static let noBatches = 10_174
    /// JSStreamWrongLastSequenceErrF, and JSStreamWrongLastSequenceConstantErr of later servers.
    static let wrongLastSequence: Set<Int> = [10_071, 10_164]

    /// Nil where an answer holds no error.
    init?(in answer: [UInt8]) {
        var found: JetStreamRefusal?
        try? JSONReader.read(answer) { reader in
            try reader.object { name, value in
                if name == "error" { found = try JetStreamRefusal(&value) } else { _ = try value.skip() }
            }
        }
        guard let found else { return nil }
        self = found
    }

    init(_ reader: inout JSONReader) throws {
        try reader.object { name, value in
            switch name {
            case "code": status = try value.integer()
            case "err_code": code = try value.integer()
            case "description": text = try value.string()
            default: _ = try value.skip()
            }
        }
    }
}
