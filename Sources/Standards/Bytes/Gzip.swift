import CZlib

/// gzip (RFC 1952).
public enum Gzip {
    /// Nil where it cannot be packed; it is then sent as it is.
    public static func pack(_ bytes: [UInt8]) -> [UInt8]? {
        let room = czlib_gzip_bound(bytes.count)
        var count = -1
        let packed = [UInt8](unsafeUninitializedCapacity: room) { buffer, initialized in
            count = czlib_gzip(bytes, bytes.count, buffer.baseAddress, room)
            initialized = max(0, count)
        }
        return count < 0 ? nil : packed
    }
}
