/// Swift source with the insides of comments and strings blanked out; what is interpolated into a string stays.
struct BareCode {
    private let source: [Character]
    private var bare: [Character] = []
    private var index = 0

    /// The lines of what is left.
    static func lines(of text: String) -> [String] {
        var scan = BareCode(source: Array(text))
        scan.code(until: nil)
        return String(scan.bare).split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    }

    private init(source: [Character]) { self.source = source }

    private func starts(_ text: String, at offset: Int = 0) -> Bool {
        var position = index + offset
        for character in text {
            guard position < source.count, source[position] == character else { return false }
            position += 1
        }
        return true
    }

    private mutating func keep(_ count: Int = 1) {
        for _ in 0..<count where index < source.count {
            bare.append(source[index])
            index += 1
        }
    }

    private mutating func blank(_ count: Int = 1) {
        for _ in 0..<count where index < source.count {
            bare.append(source[index].isNewline ? "\n" : " ")
            index += 1
        }
    }

    /// Reads code up to the parenthesis that closes an interpolation, or to the end.
    private mutating func code(until closing: Character?) {
        var depth = 0
        while index < source.count {
            if starts("//") {
                lineComment()
            } else if starts("/*") {
                blockComment()
            } else if let hashes = stringStart() {
                string(hashes: hashes)
            } else {
                if source[index] == "(" { depth += 1 }
                if source[index] == closing, closing == ")" {
                    if depth == 0 { return }
                    depth -= 1
                }
                keep()
            }
        }
    }

    private mutating func lineComment() {
        while index < source.count, !source[index].isNewline { blank() }
    }

    private mutating func blockComment() {
        var depth = 0
        repeat {
            if starts("/*") { depth += 1 }
            if starts("*/") { depth -= 1 }
            blank(starts("/*") || starts("*/") ? 2 : 1)
        } while depth > 0 && index < source.count
    }

    /// How many `#` stand before the quotation mark here; nil where no string begins.
    private func stringStart() -> Int? {
        var hashes = 0
        while starts("#", at: hashes) { hashes += 1 }
        return starts("\"", at: hashes) ? hashes : nil
    }

    private mutating func string(hashes: Int) {
        let fence = String(repeating: "#", count: hashes)
        keep(hashes)
        let quotes = starts("\"\"\"") ? "\"\"\"" : "\""
        keep(quotes.count)
        while index < source.count, !starts(quotes + fence) {
            if quotes.count == 1, source[index].isNewline { return }
            if starts("\\" + fence + "(") {
                blank(1 + hashes)
                keep()
                code(until: ")")
                keep()
            } else {
                blank(starts("\\" + fence) ? 2 + hashes : 1)
            }
        }
        keep(quotes.count + hashes)
    }
}
