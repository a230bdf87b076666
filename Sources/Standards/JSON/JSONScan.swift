/// Where the splitter stands inside a value: in a string or not, and how deep.
struct JSONScan {
    var line = 1
    var depth = 0
    var inString = false
    private var escaped = false
    /// Where the last string at depth 1 stands in the piece, and whether it is a member's name.
    private var text = 0..<0
    private(set) var name: Range<Int>?

    enum Stop { case chunkEnd, valueEnd, listOfMember, tooDeep }

    mutating func forgetName() { name = nil }

    /// One byte of a string.
    mutating func string(_ byte: UInt8) {
        if escaped {
            escaped = false
        } else if byte == UInt8(ascii: "\\") {
            escaped = true
        } else if byte == UInt8(ascii: "\"") {
            inString = false
        }
    }

    /// Goes on to the next place that matters to the splitter.
    mutating func run(_ bytes: UnsafeBufferPointer<UInt8>, _ index: inout Int, offset: Int) -> Stop {
        while index < bytes.count {
            if inString { skipString(bytes, &index, offset) }
            guard index < bytes.count else { break }
            let byte = bytes[index]
            index += 1
            if let stop = structure(byte, index - 1 + offset) { return stop }
        }
        return .chunkEnd
    }

    private mutating func skipString(_ bytes: UnsafeBufferPointer<UInt8>, _ index: inout Int, _ offset: Int) {
        while index < bytes.count, inString {
            let byte = bytes[index]
            if byte == 0x0A { line += 1 }
            string(byte)
            index += 1
        }
        if !inString { text = text.lowerBound..<max(text.lowerBound, index - 1 + offset) }
    }

    private mutating func structure(_ byte: UInt8, _ position: Int) -> Stop? {
        switch byte {
        case 0x0A: line += 1
        case UInt8(ascii: "\""):
            inString = true
            text = position + 1..<position + 1
        case UInt8(ascii: "{"): return enter()
        case UInt8(ascii: "["):
            let isMember = depth == 1 && name != nil
            return enter() ?? (isMember ? .listOfMember : nil)
        case UInt8(ascii: "}"), UInt8(ascii: "]"):
            depth -= 1
            return depth <= 2 ? .valueEnd : nil
        case UInt8(ascii: ":") where depth == 1: name = text
        case UInt8(ascii: ",") where depth == 1: name = nil
        default: break
        }
        return nil
    }

    private mutating func enter() -> Stop? {
        if depth >= JSONSplitter.maximumDepth { return .tooDeep }
        depth += 1
        return nil
    }
}
