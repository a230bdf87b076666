internal import CLibXML2

/// Makes text of what cannot stand in XML below its elements: an ampersand that begins no reference, a reference to an entity that
/// XML does not define, a byte that is no character of the encoding, a forbidden control character. So one of these costs no more
/// than itself; libxml2 would lose words beside it, or all behind it.
///
/// Nothing is expanded by it: an entity's name stays as it was written.
struct XMLMender {
    /// Something that was read otherwise than it stands there.
    struct Fault {
        /// Lines before it.
        let lines: Int
        let reason: String
        /// Whether something is missing because of it.
        let isLost: Bool
    }

    private enum Encoding {
        case utf8
        /// What is beyond ASCII is not looked at.
        case oneByte
        /// Others, in which an ampersand may be a part of something else: nothing is mended.
        case other
    }

    /// What a byte that wants a look comes to.
    private enum Found {
        /// So many bytes that stay as they are.
        case kept(Int)
        /// So many bytes, and what stands in their place.
        case mended(Int, [UInt8], reason: String, isLost: Bool)
        /// More is needed to tell.
        case unknown
    }

    private var scan = clibxml2_scan()
    private var encoding: Encoding?
    /// What came and is not decided yet; bounded by `longestHead`.
    private var held: [UInt8] = []

    /// Bytes in which the XML declaration ends.
    private static let longestHead = 512
    /// Bytes of a reference.
    private static let longestReference = 64

    /// Takes the next bytes of the document.
    ///
    /// - Parameters:
    ///   - isLast: nothing comes behind them.
    ///   - pass: is given what is to be read, in order.
    ///   - tell: is told of a fault when all before it was passed on.
    mutating func feed(
        _ chunk: UnsafeRawBufferPointer, isLast: Bool, pass: (UnsafeRawBufferPointer) -> Void, tell: (Fault) -> Void
    ) {
        guard !held.isEmpty else { return take(chunk, isLast, pass, tell) }
        let all = held + chunk
        held = []
        all.withUnsafeBytes { take($0, isLast, pass, tell) }
    }

    private mutating func take(
        _ bytes: UnsafeRawBufferPointer, _ isLast: Bool, _ pass: (UnsafeRawBufferPointer) -> Void,
        _ tell: (Fault) -> Void
    ) {
        guard let encoding = encoding ?? XMLMender.encoding(of: bytes, isLast) else {
            held = Array(bytes)
            return
        }
        self.encoding = encoding
        guard encoding != .other, let base = bytes.bindMemory(to: UInt8.self).baseAddress else { return pass(bytes) }
        var (start, place) = (0, 0)
        while place < bytes.count {
            place += clibxml2_plain(&scan, base + place, bytes.count - place, encoding == .utf8 ? 1 : 0)
            guard place < bytes.count else { break }
            switch look(at: UnsafeRawBufferPointer(rebasing: bytes[place...]), isLast) {
            case .kept(let count): place += count
            case .unknown:
                pass(UnsafeRawBufferPointer(rebasing: bytes[start..<place]))
                held = Array(bytes[place...])
                return
            case .mended(let count, let text, let reason, let isLost):
                pass(UnsafeRawBufferPointer(rebasing: bytes[start..<place]))
                tell(Fault(lines: scan.lines, reason: reason, isLost: isLost))
                text.withUnsafeBytes(pass)
                place += count
                start = place
            }
            // What begins a comment or the like is cut by it.
            (scan.since, scan.closing) = (0, 0)
        }
        pass(UnsafeRawBufferPointer(rebasing: bytes[start...]))
    }

    private func look(at bytes: UnsafeRawBufferPointer, _ isLast: Bool) -> Found {
        if bytes[0] == UInt8(ascii: "&") { return XMLMender.reference(bytes, isLast) }
        if bytes[0] >= 0x80, !isLast, isCut(bytes) { return .unknown }
        // In content a reference stands for it in any encoding.
        let text = scan.mode == 0 ? "&#xFFFD;" : encoding == .utf8 ? "\u{FFFD}" : "?"
        return .mended(1, Array(text.utf8), reason: XMLFault.noText + "; it was read as \u{FFFD}", isLost: true)
    }

    private func isCut(_ bytes: UnsafeRawBufferPointer) -> Bool {
        bytes.withMemoryRebound(to: UInt8.self) { bytes in
            bytes.baseAddress.map { clibxml2_character($0, bytes.count) == 0 } ?? false
        }
    }

    // MARK: - References

    /// Those that every XML has (XML 1.0, 4.6).
    private static let defined = ["amp", "lt", "gt", "quot", "apos"]

    private static func reference(_ bytes: UnsafeRawBufferPointer, _ isLast: Bool) -> Found {
        let name = bytes.dropFirst().prefix(longestReference).prefix(while: isOfName)
        let end = name.endIndex
        guard end < bytes.count, end <= longestReference else {
            return isLast || end > longestReference ? bare : .unknown
        }
        guard bytes[end] == UInt8(ascii: ";"), let first = name.first else { return bare }
        let word = String(decoding: name, as: UTF8.self)
        if first == UInt8(ascii: "#") {
            return isCharacter(word.dropFirst())
                ? .kept(word.utf8.count + 2) : literal("&\(word); stands for no character of XML")
        }
        if defined.contains(word) { return .kept(word.utf8.count + 2) }
        return literal("an entity that XML does not define: &\(word);")
    }

    private static var bare: Found { literal("a bare &, which is written &amp; in XML") }

    /// The ampersand as a text.
    private static func literal(_ reason: String) -> Found {
        .mended(1, Array("&amp;".utf8), reason: reason + "; it was read as text", isLost: false)
    }

    private static func isOfName(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "#"), UInt8(ascii: "_"), UInt8(ascii: "-"),
            UInt8(ascii: "."), UInt8(ascii: ":"):
            true
        default: false
        }
    }

    /// - Parameter number: as it stands behind the `#` (XML 1.0, 4.1).
    private static func isCharacter(_ number: Substring) -> Bool {
        let isHex = number.first == "x"
        let digits = isHex ? number.dropFirst() : number
        guard digits.utf8.allSatisfy({ $0 != UInt8(ascii: "+") && $0 != UInt8(ascii: "-") }),
            let value = UInt32(digits, radix: isHex ? 16 : 10)
        else { return false }
        switch value {
        case 0x9, 0xA, 0xD, 0x20...0xD7FF, 0xE000...0xFFFD, 0x10000...0x10FFFF: return true
        default: return false
        }
    }

    // MARK: - The encoding

    /// What a document says of its encoding in its first bytes (XML 1.0, F); nil where more is needed.
    private static func encoding(of bytes: UnsafeRawBufferPointer, _ isLast: Bool) -> Encoding? {
        guard bytes.count >= 4 || isLast else { return nil }
        let first = bytes.prefix(4)
        if first.contains(0) || first.starts(with: [0xFE, 0xFF]) || first.starts(with: [0xFF, 0xFE]) { return .other }
        let head = bytes.prefix(longestHead)
        let text = head.dropFirst(head.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0)
        let declaration = Array("<?xml".utf8)
        guard text.starts(with: declaration.prefix(text.count)) else { return .utf8 }
        guard let end = text.firstIndex(of: UInt8(ascii: ">")) else {
            return isLast || bytes.count >= longestHead ? .utf8 : nil
        }
        return named(String(decoding: text[..<end], as: UTF8.self).lowercased())
    }

    private static func named(_ declaration: String) -> Encoding {
        guard let name = declaration.firstRange(of: "encoding").map({ declaration[$0.upperBound...] }) else {
            return .utf8
        }
        let value = name.drop { " \t\r\n=\"'".contains($0) }
        if ["utf-8", "utf8"].contains(where: value.hasPrefix) { return .utf8 }
        return ["iso-8859-", "windows-125", "us-ascii"].contains(where: value.hasPrefix) ? .oneByte : .other
    }
}
