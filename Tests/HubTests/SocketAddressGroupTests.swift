import NIOCore
import Testing

@testable import Hub

@Suite("Whose connections are counted together")
struct SocketAddressGroupTests {
    private func group(_ address: String) throws -> String {
        try SocketAddress(ipAddress: address, port: 1).group
    }

    @Test("an address of IPv4 by itself, also where it comes over IPv6")
    func four() throws {
        #expect(try group("10.1.2.3") == "10.1.2.3")
        #expect(try group("::ffff:10.1.2.3") == "10.1.2.3")
        #expect(try group("10.1.2.3") != group("10.1.2.4"))
    }

    @Test("of IPv6 the network of 64 bits, for one host has all its addresses")
    func six() throws {
        #expect(try group("2001:db8:1:2::1") == group("2001:db8:1:2:ffff::9"))
        #expect(try group("2001:db8:1:2::1") != group("2001:db8:1:3::1"))
    }
}
