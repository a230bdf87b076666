/// A sequence that begins with ESC [, taken apart but not yet understood.
struct ControlSequence: Equatable {
    enum Scan: Equatable { case whole(ControlSequence, length: Int), incomplete, broken(length: Int) }

    /// The byte before the parameters that makes a sequence private, such as "<" in mouse reports; 0 for none.
    let marker: UInt8
    let parameters: [Int]
    let final: UInt8

    /// What is longer than this is no key of any terminal.
    private static let longest = 64

    /// - Parameter bytes: begins with ESC [.
    static func scan(_ bytes: ArraySlice<UInt8>) -> Scan {
        var index = bytes.startIndex + 2
        while index < bytes.endIndex {
            let byte = bytes[index]
            if byte >= 0x40 && byte <= 0x7E {
                let inner = bytes[(bytes.startIndex + 2)..<index]
                return .whole(ControlSequence(inner, final: byte), length: index + 1 - bytes.startIndex)
            }
            let length = index - bytes.startIndex
            if byte < 0x20 || byte > 0x7E || length >= longest { return .broken(length: length) }
            index += 1
        }
        return .incomplete
    }

    private init(_ inner: ArraySlice<UInt8>, final: UInt8) {
        let first = inner.first ?? 0
        marker = first >= 0x3C && first <= 0x3F ? first : 0
        let digits = marker == 0 ? inner : inner.dropFirst()
        parameters = digits.split(separator: 0x3B, omittingEmptySubsequences: false).map(ControlSequence.number)
        self.final = final
    }

    private static func number(_ digits: ArraySlice<UInt8>) -> Int {
        var value = 0
        for digit in digits.prefix(7) {
            guard digit >= 0x30 && digit <= 0x39 else { break }
            value = value * 10 + Int(digit - 0x30)
        }
        return value
    }

    private func parameter(_ index: Int) -> Int { index < parameters.count ? parameters[index] : 0 }

    var startsPaste: Bool { final == 0x7E && parameter(0) == 200 }

    /// The key by xterm's rules; nil for what is none.
    var key: KeyPress? {
        guard marker == 0, let code else { return nil }
        // 1 and a bit each for shift, alt and control.
        let modifiers = max(parameter(1) - 1, 0)
        return KeyPress(code, control: modifiers & 4 != 0, alt: modifiers & 2 != 0)
    }

    private var code: KeyPress.Code? {
        switch final {
        case 0x7E: parameter(0) == 27 ? KeyPress.Code(scalar: parameter(2)) : KeyPress.Code(number: parameter(0))
        case 0x75: KeyPress.Code(scalar: parameter(0))
        default: KeyPress.Code(letter: final)
        }
    }

    /// The report by the rules of mode 1006; nil for what is none, and for mere movement.
    var mouse: Mouse? {
        guard marker == 0x3C, final == 0x4D || final == 0x6D, parameters.count == 3 else { return nil }
        return Mouse(report: parameters[0], x: parameters[1] - 1, y: parameters[2] - 1, released: final == 0x6D)
    }
}

extension Mouse {
    init?(report: Int, x: Int, y: Int, released: Bool) {
        guard report & 32 == 0, x >= 0, y >= 0 else { return nil }
        switch report & ~0x1C {
        case 0...2: self.init(x: x, y: y, button: report & 3 + 1, action: released ? .release : .press)
        // The old reports do not say which button was released.
        case 3: self.init(x: x, y: y, button: 0, action: .release)
        case 64: self.init(x: x, y: y, button: 0, action: .wheelUp)
        case 65: self.init(x: x, y: y, button: 0, action: .wheelDown)
        default: return nil
        }
    }
}

extension KeyPress.Code {
    /// From the number in ESC [ number ~.
    init?(number: Int) {
        switch number {
        case 1, 7: self = .home
        case 2: self = .insert
        case 3: self = .delete
        case 4, 8: self = .end
        case 5: self = .pageUp
        case 6: self = .pageDown
        case 11...15: self = .function(number - 10)
        case 17...21: self = .function(number - 11)
        case 23...24: self = .function(number - 12)
        default: return nil
        }
    }

    /// From the letter in ESC [ letter and ESC O letter.
    init?(letter: UInt8) {
        switch letter {
        case 0x41: self = .up
        case 0x42: self = .down
        case 0x43: self = .right
        case 0x44: self = .left
        case 0x46: self = .end
        case 0x48: self = .home
        case 0x50...0x53: self = .function(Int(letter - 0x4F))
        case 0x5A: self = .backTab
        default: return nil
        }
    }

    /// From a character's number, for terminals that spell out modified keys.
    init?(scalar: Int) {
        switch scalar {
        case 8, 127: self = .backspace
        case 9: self = .tab
        case 10, 13: self = .enter
        case 27: self = .escape
        case 0x20..<0xE000, 0xF900...0x10_FFFF:
            guard let scalar = Unicode.Scalar(UInt32(scalar)), scalar.value < 0x7F || scalar.value > 0x9F else {
                return nil
            }
            self = .character(Character(scalar))
        default: return nil
        }
    }
}
