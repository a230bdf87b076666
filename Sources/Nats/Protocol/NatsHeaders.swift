/// The headers of a message (ADR-4 of NATS): a status, and names with values as in HTTP.
public struct NatsHeaders: Equatable, Sendable {
    /// What a server says in place of a message, such as 503 where nobody is there to answer.
    public private(set) var status: Int?
    private var fields: [(name: String, value: String)] = []

    /// What is malformed is left out.
    public init(_ bytes: [UInt8]) {
        let lines = bytes.split { $0 == 0x0A || $0 == 0x0D }
        guard let first = lines.first, first.starts(with: NatsHeaders.version) else { return }
        let words = first.dropFirst(NatsHeaders.version.count).split(separator: 0x20)
        status = words.first.flatMap { Int(String(decoding: $0, as: UTF8.self)) }
        for line in lines.dropFirst() {
            guard let colon = line.firstIndex(of: 0x3A) else { continue }
            let value = line[(colon + 1)...].drop { $0 == 0x20 }
            fields.append((String(decoding: line[..<colon], as: UTF8.self), String(decoding: value, as: UTF8.self)))
        }
    }

    /// The first value of a name, of which the case counts.
    public subscript(_ name: String) -> String? { fields.first { $0.name == name }?.value }

    public static func == (one: NatsHeaders, other: NatsHeaders) -> Bool {
        one.status == other.status && one.fields.elementsEqual(other.fields, by: ==)
    }

    static let version = Array("NATS/1.0".utf8)
}
