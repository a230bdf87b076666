import ControlRoom
import Crypto

/// Names that nobody else on the servers has.
public enum UniqueName {
    /// 32 hexadecimal digits: 128 random bits.
    public static func make() -> String {
        SymmetricKey(size: .bits128).withUnsafeBytes { Hex.text($0) }
    }
}
