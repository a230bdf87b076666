import NIOCore

extension SocketAddress {
    /// By which connections are counted together: an address of IPv4, or a network of 64 bits of IPv6, of which one host has all
    /// addresses to itself.
    var group: String {
        guard case .v6 = self else { return ipAddress ?? "-" }
        // Behind family, port and flow (RFC 3493, 3.3).
        let bytes = withSockAddr { address, size in
            Array(UnsafeRawBufferPointer(start: UnsafeRawPointer(address), count: size).dropFirst(8).prefix(16))
        }
        guard bytes.count == 16 else { return ipAddress ?? "-" }
        // An address of IPv4 that came over a socket of IPv6, ::ffff:a.b.c.d (RFC 4291, 2.5.5.2).
        if bytes.prefix(10).allSatisfy({ $0 == 0 }), bytes[10] == 0xFF, bytes[11] == 0xFF {
            return bytes.suffix(4).map(String.init).joined(separator: ".")
        }
        return bytes.prefix(8).map { String($0, radix: 16) }.joined(separator: ":") + "/64"
    }
}
