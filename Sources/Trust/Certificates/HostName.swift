/// What a host goes by in a certificate: a DNS name, or an address as its bytes.
public enum HostName: Equatable, Sendable {
    case name(String)
    /// 4 bytes of IPv4 or 16 of IPv6, in the order of the network.
    case address([UInt8])

    /// What was given is neither a DNS name nor an IPv4 or IPv6 address.
    public struct Failure: Error, Equatable, CustomStringConvertible {
        public let host: String

        public var description: String {
            "\(host) is no host: a name such as hub.example.org, an address such as 192.0.2.7 or 2001:db8::7"
        }
    }

    /// - Throws: `Failure` for what is neither an address (RFC 4291, 2.2) nor the name of a host (RFC 1123, 2.1).
    public init(_ text: String) throws {
        let isBracketed = text.hasPrefix("[") && text.hasSuffix("]") && text.count > 2
        let plain = isBracketed ? String(text.dropFirst().dropLast()) : text
        if let bytes = HostName.ipv6(plain) {
            self = .address(bytes)
        } else if !isBracketed, let bytes = HostName.ipv4(plain) {
            self = .address(bytes)
        } else if !isBracketed, HostName.isName(plain) {
            self = .name(plain)
        } else {
            throw Failure(host: text)
        }
    }

    /// An address as it is read again; nil where it has neither 4 bytes nor 16.
    static func text(ofAddress bytes: [UInt8]) -> String? {
        switch bytes.count {
        case 4: bytes.map(String.init).joined(separator: ".")
        case 16:
            stride(from: 0, to: 16, by: 2).map { String(UInt16(bytes[$0]) << 8 | UInt16(bytes[$0 + 1]), radix: 16) }
                .joined(separator: ":")
        default: nil
        }
    }

    private static func isName(_ text: String) -> Bool {
        let labels = text.split(separator: ".", omittingEmptySubsequences: false)
        guard (1...253).contains(text.utf8.count), labels.allSatisfy({ (1...63).contains($0.utf8.count) }) else {
            return false
        }
        // What looks like an address and is none is no name either.
        guard let last = labels.last, !last.allSatisfy(\.isNumber) else { return false }
        return labels.allSatisfy { label in
            !label.hasPrefix("-") && !label.hasSuffix("-")
                && label.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "-" || $0 == "_") }
        }
    }

    /// Dotted decimal.
    private static func ipv4(_ text: some StringProtocol) -> [UInt8]? {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        let bytes = parts.compactMap { part in part.allSatisfy(\.isNumber) ? UInt8(part) : nil }
        return parts.count == 4 && bytes.count == 4 ? bytes : nil
    }

    /// Groups of hexadecimal digits, at most once `::` for groups of zeros, the last two perhaps in dotted decimal.
    private static func ipv6(_ text: String) -> [UInt8]? {
        let halves = text.split(separator: "::", omittingEmptySubsequences: false)
        guard text.contains(":"), halves.count <= 2, !text.contains(":::"),
            let head = groups(halves[0], isEnd: halves.count == 1)
        else { return nil }
        guard halves.count == 2 else { return head.count == 16 ? head : nil }
        guard let tail = groups(halves[1], isEnd: true), head.count + tail.count <= 14 else { return nil }
        return head + [UInt8](repeating: 0, count: 16 - head.count - tail.count) + tail
    }

    /// - Parameter isEnd: whether the address ends with these: only there dotted decimal may stand.
    private static func groups(_ text: Substring, isEnd: Bool) -> [UInt8]? {
        guard !text.isEmpty else { return [] }
        var bytes: [UInt8] = []
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        for (index, part) in parts.enumerated() {
            if isEnd, index == parts.count - 1, let last = ipv4(part) {
                bytes += last
            } else if (1...4).contains(part.utf8.count), part.allSatisfy(\.isHexDigit), part.allSatisfy(\.isASCII),
                let group = UInt16(part, radix: 16)
            {
                bytes += [UInt8(group >> 8), UInt8(group & 0xFF)]
            } else {
                return nil
            }
        }
        return bytes
    }
}
