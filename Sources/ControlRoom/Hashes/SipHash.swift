/// SipHash-2-4 with a result of 64 bits (Aumasson and Bernstein: SipHash, a fast short-input PRF, 2012): a hash under a secret key.
/// Without the key nobody can choose inputs that fall together. It is no signature, and its result no name of a content.
public enum SipHash {
    /// Of 128 bits, as two numbers that were read little-endian.
    public struct Key: Equatable, Sendable {
        public let first: UInt64
        public let second: UInt64

        public init(_ first: UInt64, _ second: UInt64) {
            self.first = first
            self.second = second
        }

        /// A key made of a text that nobody else knows: as hard to guess as the text, up to 128 bits.
        public init(secret: String) {
            let (one, other) = (Key(0, 0), Key(0, 1))
            self.init(SipHash.of(secret.utf8, under: one), SipHash.of(secret.utf8, under: other))
        }
    }

    /// The hash of bytes under a key.
    public static func of(_ bytes: some Sequence<UInt8>, under key: Key) -> UInt64 {
        var state = State(key)
        for byte in bytes { state.take(byte) }
        return state.finish()
    }

    /// The hash of texts under a key, each with a byte behind it that stands in no UTF-8: texts that are divided otherwise are other
    /// texts.
    static func of(texts: [String], under key: Key) -> UInt64 {
        var state = State(key)
        for text in texts {
            var text = text
            text.withUTF8 { for byte in $0 { state.take(byte) } }
            state.take(0xFF)
        }
        return state.finish()
    }

    private struct State {
        private var v0: UInt64
        private var v1: UInt64
        private var v2: UInt64
        private var v3: UInt64
        private var word: UInt64 = 0
        private var count: UInt64 = 0

        init(_ key: Key) {
            v0 = key.first ^ 0x736F_6D65_7073_6575
            v1 = key.second ^ 0x646F_7261_6E64_6F6D
            v2 = key.first ^ 0x6C79_6765_6E65_7261
            v3 = key.second ^ 0x7465_6462_7974_6573
        }

        mutating func take(_ byte: UInt8) {
            word |= UInt64(byte) << (8 * (count & 7))
            count &+= 1
            if count & 7 == 0 { compress() }
        }

        mutating func finish() -> UInt64 {
            word |= count << 56
            compress()
            v2 ^= 0xFF
            for _ in 0..<4 { round() }
            return v0 ^ v1 ^ v2 ^ v3
        }

        private mutating func compress() {
            v3 ^= word
            round()
            round()
            v0 ^= word
            word = 0
        }

        private mutating func round() {
            v0 = v0 &+ v1
            v1 = State.rotated(v1, 13) ^ v0
            v0 = State.rotated(v0, 32)
            v2 = v2 &+ v3
            v3 = State.rotated(v3, 16) ^ v2
            v0 = v0 &+ v3
            v3 = State.rotated(v3, 21) ^ v0
            v2 = v2 &+ v1
            v1 = State.rotated(v1, 17) ^ v2
            v2 = State.rotated(v2, 32)
        }

        private static func rotated(_ value: UInt64, _ bits: UInt64) -> UInt64 { value << bits | value >> (64 - bits) }
    }
}
