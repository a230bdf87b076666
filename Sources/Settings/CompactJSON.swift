/// JSON as the parser's writer makes it, without the line ends and spaces between values, and with each number in its
/// shortest form (45.4079, not 45.407899999999998): an event is kept as its bytes, and shown as they are.
enum CompactJSON {
    static func bytes(of json: String) -> [UInt8] {
        let source = Array(json.utf8)
        var kept: [UInt8] = []
        kept.reserveCapacity(source.count)
        var index = 0
        while index < source.count {
            let token = source[index..<end(of: source, from: index)]
            index = token.endIndex
            if isNumeric(source[token.startIndex]) {
                kept.append(contentsOf: shortest(token))
            } else if !isBlank(source[token.startIndex]) {
                kept.append(contentsOf: token)
            }
        }
        return kept
    }

    /// The end of the text or the number that begins here; anything else is taken byte by byte.
    private static func end(of source: [UInt8], from start: Int) -> Int {
        if source[start] == UInt8(ascii: "\"") { return endOfText(source, from: start) }
        guard isNumeric(source[start]) else { return start + 1 }
        return source[start...].firstIndex { !isNumeric($0) && !isExponent($0) } ?? source.count
    }

    private static func endOfText(_ source: [UInt8], from start: Int) -> Int {
        var index = start + 1
        while index < source.count, source[index] != UInt8(ascii: "\"") {
            index += source[index] == UInt8(ascii: "\\") ? 2 : 1
        }
        return min(index + 1, source.count)
    }

    /// Whole numbers stay as they are: a `Double` does not hold all of them.
    private static func shortest(_ number: ArraySlice<UInt8>) -> [UInt8] {
        guard !number.allSatisfy({ isNumeric($0) && $0 != UInt8(ascii: ".") }),
            let value = Double(String(decoding: number, as: UTF8.self)), value.isFinite
        else { return Array(number) }
        return Array(String(value).utf8)
    }

    private static func isNumeric(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) || byte == UInt8(ascii: "-")
            || byte == UInt8(ascii: ".")
    }

    private static func isExponent(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: "e") || byte == UInt8(ascii: "E") || byte == UInt8(ascii: "+")
    }

    private static func isBlank(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: " ") || byte == 0x0A || byte == 0x0D || byte == 0x09
    }
}
