import ControlRoom
import TestSupport
import Testing
import Trust

@Suite("What a host goes by")
struct HostNameTests {
    @Test(
        "an IPv6 address is an address, however it is written",
        arguments: [
            ("::1", [UInt8](repeating: 0, count: 15) + [1]), ("[::1]", [UInt8](repeating: 0, count: 15) + [1]),
            ("::", [UInt8](repeating: 0, count: 16)),
            ("2001:db8::7", [0x20, 0x01, 0x0D, 0xB8] + [UInt8](repeating: 0, count: 11) + [7]),
            ("2001:DB8:0:1:2:3:4:5", [0x20, 0x01, 0x0D, 0xB8, 0, 0, 0, 1, 0, 2, 0, 3, 0, 4, 0, 5]),
            ("fe80::", [0xFE, 0x80] + [UInt8](repeating: 0, count: 14)),
            ("::ffff:192.0.2.7", [UInt8](repeating: 0, count: 10) + [0xFF, 0xFF, 192, 0, 2, 7]),
        ])
    func ipv6(_ text: String, _ bytes: [UInt8]) throws { #expect(try HostName(text) == .address(bytes)) }

    @Test("an IPv4 address is four bytes, and a name is a name")
    func others() throws {
        #expect(try HostName("192.0.2.7") == .address([192, 0, 2, 7]))
        for name in ["localhost", "hub-1", "hub.example.org", "h", "xn--bcher-kva.example", "3com.example"] {
            #expect(try HostName(name) == .name(name))
        }
    }

    @Test(
        "what is neither is refused, and is no name by mistake",
        arguments: [
            "", ":", ":::", "1::2::3", "2001:db8", "1:2:3:4:5:6:7:8:9", "1:2:3:4:5:6:7::8", "::12345", "::g",
            "[::1", "[hub]", "[192.0.2.7]", "fe80::1%eth0", "192.0.2.256", "192.0.2", "a..b", ".a", "-a.example",
            "a b", "hub:8443", "https://hub", "hüb.example", "1.2.3.4::",
        ])
    func neither(_ text: String) { #expect(throws: HostName.Failure.self) { try HostName(text) } }

    @Test("a hub's certificate names an IPv6 host by its address")
    func certificate() throws {
        let authority = try Authority.make(name: "a", now: EventMaker.noon)
        let key = SigningKey()
        let made = try authority.issueHub(
            key: key.publicKey, name: "hub", hosts: ["2001:db8::7", "hub.example.org"], now: EventMaker.noon)
        // GeneralName (RFC 5280, 4.2.1.6): iPAddress is context tag 7 with 16 bytes, dNSName tag 2.
        let address: [UInt8] = [0x87, 16, 0x20, 0x01, 0x0D, 0xB8] + [UInt8](repeating: 0, count: 11) + [7]
        #expect(made.der.contains(address))
        #expect(made.der.contains([0x82, 15] + Array("hub.example.org".utf8)))
        #expect(!made.der.contains(Array("2001:db8".utf8)))
        // As they are given to the next certificate.
        #expect(made.hosts == ["2001:db8:0:0:0:0:0:7", "hub.example.org"])
        #expect(throws: HostName.Failure.self) {
            try authority.issueHub(key: key.publicKey, name: "hub", hosts: ["fe80::1%eth0"], now: EventMaker.noon)
        }
    }
}
