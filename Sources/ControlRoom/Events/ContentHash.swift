/// Stands for what an event says: two events of one source and id with different ones are not the same.
///
/// What of an event counts, and which bytes are hashed, says `Event.content` and, with the hash, `ContentHash.of` in `Trust`. It is as
/// long as it has to be to tell contents apart, also such as somebody has looked for; it is no signature.
public struct ContentHash: Hashable, Sendable {
    /// How it was made. Values stand in files and in logs, and never change.
    public enum Algorithm: UInt8, Sendable {
        /// 8 bytes: FNV-1a, big-endian, of `data` alone. What versions before all attributes counted have left in logs.
        case dataAlone = 0
        /// 16 bytes: the first of the SHA-256 (FIPS 180-4) of all that counts.
        case sha256 = 1

        var byteCount: Int {
            switch self {
            case .dataAlone: 8
            case .sha256: 16
            }
        }
    }

    public let algorithm: Algorithm
    /// As many as the algorithm gives.
    public let value: [UInt8]

    /// - Parameter digest: a SHA-256, of which the first 16 bytes count.
    public init(sha256 digest: some Sequence<UInt8>) {
        value = Array(digest.prefix(Algorithm.sha256.byteCount))
        algorithm = .sha256
        precondition(value.count == algorithm.byteCount, "a digest of \(value.count) bytes")
    }

    private init(_ algorithm: Algorithm, _ value: [UInt8]) {
        self.algorithm = algorithm
        self.value = value
    }

    /// What older versions kept of an event: a number made of its data alone.
    ///
    /// - Parameter data: the bytes as they came.
    public static func ofDataAlone(_ data: [UInt8]) -> ContentHash { formerly(Int64(bitPattern: FNV1a.of(data))) }

    /// As an older version has written it.
    public static func formerly(_ number: Int64) -> ContentHash {
        let bits = UInt64(bitPattern: number)
        let value = stride(from: 56, through: 0, by: -8).map { UInt8(truncatingIfNeeded: bits >> UInt64($0)) }
        return ContentHash(.dataAlone, value)
    }

    // MARK: - As it is kept

    /// The algorithm in one byte, and the value behind it.
    public var bytes: [UInt8] { [algorithm.rawValue] + value }

    /// Nil where it is not what `bytes` gives: also where a newer version has written it.
    public init?(_ bytes: [UInt8]) {
        guard let first = bytes.first, let algorithm = Algorithm(rawValue: first),
            bytes.count == 1 + algorithm.byteCount
        else { return nil }
        self.init(algorithm, Array(bytes.dropFirst()))
    }

    /// The algorithm, a colon, and the value in hexadecimal; for the header of a message.
    public var text: String { "\(algorithm.rawValue):\(Hex.text(value))" }

    /// Read from what `text` gives, or from the bare number of an older version; nil where it is neither.
    public init?(_ text: String) {
        if let number = Int64(text) {
            self = .formerly(number)
            return
        }
        let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2, let algorithm = UInt8(parts[0]).flatMap(Algorithm.init),
            let value = Hex.bytes(String(parts[1])), value.count == algorithm.byteCount
        else { return nil }
        self.init(algorithm, value)
    }
}

extension Event {
    /// Extension that a hub adds: by whom the event came to it.
    public static let viaExtension = "via"
    /// Extension that names the key of the signature.
    public static let keyIDExtension = "keyid"

    /// What the event says: the same event, however often and by whomever it is brought.
    ///
    /// All attributes and extensions, and the data, but for what differs each time the same is said: the signature and the name of its
    /// key (P-256 signatures are random, and a key is renewed), by whom it was brought (and that it was imported), and what the log gives it, its sequence and
    /// the time at which it was recorded. Data that is not JSON is the same whether it travels as text or as base64.
    public var content: Event {
        var content = self
        content.signature = nil
        content.sequence = nil
        content.recorded = nil
        content.extensions[Event.viaExtension] = nil
        content.extensions[Event.keyIDExtension] = nil
        content.extensions[Event.importedExtension] = nil
        if case .bytes(let bytes, base64: true) = data { content.data = .bytes(bytes, base64: false) }
        return content
    }
}

extension NewEntry {
    /// What a log answers that has an entry of this name.
    ///
    /// - Parameter known: the content of what it has; nil where nothing but the name is known of it, which then decides.
    public func answer(knowing known: ContentHash?) -> Appended {
        guard let known else { return .duplicate }
        let own = known.algorithm == .dataAlone ? ContentHash.ofDataAlone(data) : content
        return own == known ? .duplicate : .conflicting
    }
}
