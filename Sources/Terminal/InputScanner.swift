/// Takes the first input off a stretch of bytes; knows nothing of what came before or of time.
struct InputScanner {
    enum Step: Equatable {
        case input(Input, length: Int)
        /// A paste begins after so many bytes.
        case paste(length: Int)
        /// Bytes that are no input: answers and reports that nobody asked for, broken sequences.
        case nothing(length: Int)
        case incomplete
    }

    let encoding: ByteEncoding
    let sequences: KeySequences

    /// An answer of the terminal that is longer is not waited for.
    private static let longestString = 4096

    /// - Parameter bytes: not empty.
    func step(_ bytes: ArraySlice<UInt8>) -> Step {
        let first = bytes[bytes.startIndex]
        switch first {
        case 0x1B: return escape(bytes)
        case 0x00..<0x20, 0x7F: return .input(.key(KeyPress(controlByte: first)), length: 1)
        case 0x20..<0x7F: return character(Unicode.Scalar(first), length: 1)
        default: return beyondASCII(bytes)
        }
    }

    private func character(_ scalar: Unicode.Scalar, length: Int) -> Step {
        .input(.key(KeyPress(.character(Character(scalar)))), length: length)
    }

    private func beyondASCII(_ bytes: ArraySlice<UInt8>) -> Step {
        switch encoding.scan(bytes) {
        case .scalar(let scalar, let length): character(scalar, length: length)
        case .incomplete: .incomplete
        case .broken: .nothing(length: 1)
        }
    }

    private func escape(_ bytes: ArraySlice<UInt8>) -> Step {
        switch sequences.match(bytes) {
        case .found(let code, let length): return .input(.key(KeyPress(code)), length: length)
        case .prefix: return .incomplete
        case .none: break
        }
        guard bytes.count > 1 else { return .incomplete }
        switch bytes[bytes.startIndex + 1] {
        case 0x5B: return bracket(bytes)
        case 0x4F: return singleShift(bytes)
        case 0x50, 0x5D, 0x5E, 0x5F: return string(bytes)
        case 0x1B: return .input(.key(KeyPress(.escape)), length: 1)
        default: return alt(bytes)
        }
    }

    private func alt(_ bytes: ArraySlice<UInt8>) -> Step {
        switch step(bytes.dropFirst()) {
        case .input(.key(var key), let length):
            key.alt = true
            return .input(.key(key), length: length + 1)
        case .nothing(let length): return .nothing(length: length + 1)
        case let other: return other
        }
    }

    private func bracket(_ bytes: ArraySlice<UInt8>) -> Step {
        if bytes.count > 2, bytes[bytes.startIndex + 2] == 0x4D { return oldMouse(bytes) }
        switch ControlSequence.scan(bytes) {
        case .incomplete: return .incomplete
        case .broken(let length): return .nothing(length: length)
        case .whole(let sequence, let length):
            if sequence.startsPaste { return .paste(length: length) }
            if let mouse = sequence.mouse { return .input(.mouse(mouse), length: length) }
            if let key = sequence.key { return .input(.key(key), length: length) }
            return .nothing(length: length)
        }
    }

    /// Three bytes after ESC [ M, each with 32 added, from terminals that do not know mode 1006.
    private func oldMouse(_ bytes: ArraySlice<UInt8>) -> Step {
        guard bytes.count >= 6 else { return .incomplete }
        let report = bytes.dropFirst(3).prefix(3).map { Int($0) - 32 }
        let mouse = Mouse(report: report[0], x: report[1] - 1, y: report[2] - 1, released: false)
        return mouse.map { .input(.mouse($0), length: 6) } ?? .nothing(length: 6)
    }

    /// ESC O and a letter: cursor and keypad keys in application mode.
    private func singleShift(_ bytes: ArraySlice<UInt8>) -> Step {
        guard bytes.count > 2 else { return .incomplete }
        let letter = bytes[bytes.startIndex + 2]
        switch letter {
        case 0x4D: return .input(.key(KeyPress(.enter)), length: 3)
        case 0x6A...0x79: return character(Unicode.Scalar(letter - 0x40), length: 3)
        default:
            return KeyPress.Code(letter: letter).map { .input(.key(KeyPress($0)), length: 3) } ?? .nothing(length: 3)
        }
    }

    /// ESC ] and its like run up to BEL or ESC \; an answer to a question that an earlier program asked, perhaps.
    private func string(_ bytes: ArraySlice<UInt8>) -> Step {
        guard bytes.count > 2 else { return .incomplete }
        var index = bytes.startIndex + 2
        while index < bytes.endIndex {
            if bytes[index] == 0x07 { return .nothing(length: index + 1 - bytes.startIndex) }
            if bytes[index] == 0x5C, bytes[index - 1] == 0x1B { return .nothing(length: index + 1 - bytes.startIndex) }
            index += 1
        }
        return bytes.count > InputScanner.longestString ? .nothing(length: bytes.count) : .incomplete
    }
}

extension KeyPress {
    /// The key behind a byte below 0x20, or 0x7F.
    init(controlByte byte: UInt8) {
        switch byte {
        case 0x0A, 0x0D: self.init(.enter)
        case 0x09: self.init(.tab)
        case 0x08, 0x7F: self.init(.backspace)
        case 0x1B: self.init(.escape)
        case 0x00: self.init(.character(" "), control: true)
        case 0x01...0x1A: self.init(.character(Character(Unicode.Scalar(byte + 0x60))), control: true)
        default: self.init(.character(Character(Unicode.Scalar(byte + 0x40))), control: true)
        }
    }
}
