import Crypto

/// Names that nobody else on the servers has.
public enum UniqueName {
    /// 32 hexadecimal digits: 128 random bits.
    public static func make() -> String {
        SymmetricKey(size: .bits128).withUnsafeBytes { bytes in
            let digits = Array("0123456789abcdef".utf8)
            return String(decoding: bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
        }
    }
}
