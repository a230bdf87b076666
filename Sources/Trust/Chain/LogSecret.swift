import ControlRoom
import Crypto
import FoundationEssentials

/// What all hubs of one site have in common, and nobody else: by it they tell what they wrote into a log from what somebody else put
/// there. It outlives the key of a hub: what was written under it stays provable when that key is renewed.
public struct LogSecret: Sendable {
    private let key: SymmetricKey
    /// Those that counted before, the newest first: what was written under them is read by them. They have no older ones themselves.
    public private(set) var older: [LogSecret] = []

    private static let bytes = 32
    private static let name = "impetus-log-key"

    /// A fresh one, from the system's generator: 256 bits.
    public init() { key = SymmetricKey(size: .bits256) }

    /// A fresh one that is to count in the place of another, which is kept for reading.
    public init(after other: LogSecret) {
        key = SymmetricKey(size: .bits256)
        older = [LogSecret(other.key)] + other.older
    }

    private init(_ key: SymmetricKey) { self.key = key }

    /// The one that each copy of a hub's folder derives by itself (HKDF, RFC 5869), where it was made before there were such secrets.
    public init(derivedFrom hub: SigningKey) {
        key = HKDF<SHA256>.deriveKey(
            inputKeyMaterial: SymmetricKey(data: hub.key.rawRepresentation), info: Data("impetus log secret".utf8),
            outputByteCount: LogSecret.bytes)
    }

    /// - Parameter text: as `text` is; nil where it is not.
    public init?(_ text: String) {
        let lines = text.split(whereSeparator: \.isNewline).filter { !$0.allSatisfy(\.isWhitespace) }
        let keys = lines.compactMap(LogSecret.key)
        guard let first = keys.first, keys.count == lines.count else { return nil }
        key = first
        older = keys.dropFirst().map { LogSecret($0) }
    }

    private static func key(_ line: Substring) -> SymmetricKey? {
        let words = line.split(whereSeparator: \.isWhitespace).map(String.init)
        guard words.count == 3, words[0] == name, words[1] == "1", let data = Data(base64Encoded: words[2]),
            data.count == bytes
        else { return nil }
        return SymmetricKey(data: data)
    }

    /// As it lies in a file: a line `impetus-log-key 1 KEY`, the last in base64, and one for each older one.
    public var text: String {
        let own = "\(LogSecret.name) 1 \(key.withUnsafeBytes { Data($0) }.base64EncodedString())\n"
        return own + older.map(\.text).joined()
    }

    /// The one of this name among it and its older ones; nil where it is not known.
    public func named(_ check: String) -> LogSecret? { ([self] + older).first { $0.check == check } }

    /// Names the secret without telling it: 16 hexadecimal digits.
    public var check: String {
        Hex.text(HMAC<SHA256>.authenticationCode(for: Data("impetus log secret's name".utf8), using: key).prefix(8))
    }

    /// What hubs say of the entries of one log. A log that was restored from a backup has the word of the one it was saved from.
    public func word(of logID: String) -> LogWord {
        LogWord(
            key: HKDF<SHA256>.deriveKey(
                inputKeyMaterial: key, info: Data(("impetus log word " + LogChain.lineage(of: logID)).utf8),
                outputByteCount: LogSecret.bytes))
    }
}

/// A hub's word on the entries of one log: HMAC-SHA256 (RFC 2104, FIPS 198-1) over the bytes of the entry, with a key of this log.
///
/// It stands behind the event, after one byte that no JSON has: U+001E.
public struct LogWord: Sendable {
    private let key: SymmetricKey
    private static let mark: UInt8 = 0x1E

    /// Bytes that it adds to an entry.
    public static let length = 1 + SHA256.byteCount

    fileprivate init(key: SymmetricKey) { self.key = key }

    /// The entry with the word behind it.
    public func said(of event: [UInt8]) -> [UInt8] {
        var entry = event
        entry.reserveCapacity(event.count + LogWord.length)
        entry.append(LogWord.mark)
        entry.append(contentsOf: HMAC<SHA256>.authenticationCode(for: event, using: key))
        return entry
    }

    /// Whether a hub of this site said so of this entry in this log. Takes the same time wherever it differs.
    public func isSaid(of entry: [UInt8]) -> Bool {
        guard LogWord.isBorne(by: entry) else { return false }
        return HMAC<SHA256>.isValidAuthenticationCode(
            Array(entry.suffix(SHA256.byteCount)), authenticating: entry.dropLast(LogWord.length), using: key)
    }

    /// Whether an entry has a word behind it, be it a hub's or not.
    public static func isBorne(by entry: [UInt8]) -> Bool {
        entry.count >= length && entry[entry.count - length] == mark
    }

    /// The entry without its word, whoever said it.
    public static func event(of entry: [UInt8]) -> [UInt8] {
        isBorne(by: entry) ? Array(entry.dropLast(length)) : entry
    }
}
