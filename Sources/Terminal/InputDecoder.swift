/// Bytes from the terminal become inputs here; time is given, so that nothing in here waits or asks a clock.
///
/// Ncurses could do this, but it would read a paste as keys whenever the mark before it comes in two pieces, cannot
/// tell a vanished terminal from a silent one, and takes its mouse reports in a form that ends at column 223.
struct InputDecoder {
    /// Milliseconds after which a lone ESC is the key, and no sequence.
    static let escapePatience = 25
    /// After which ESC [ is Alt and a bracket. Longer, because it may be the torn beginning of a paste.
    static let bracketPatience = 500
    /// After which the rest of a paste or of a sequence is given up.
    static let restPatience = 2000

    private let encoding: ByteEncoding
    private let sequences: KeySequences
    private var pending: [UInt8] = []
    private var paste: Paste?
    private var lastByte = 0
    /// When a lone ESC was taken for the key. Its sequence may follow after all, on a slow line.
    private var lastEscape: Int?
    /// The ESC that stands first in `pending` has been delivered already.
    private var isEscapeGiven = false

    init(encoding: ByteEncoding, sequences: KeySequences) {
        self.encoding = encoding
        self.sequences = sequences
    }

    mutating func feed(_ bytes: ArraySlice<UInt8>, now: Int) -> [Input] {
        reviveEscape(before: bytes, now: now)
        lastByte = now
        pending += bytes
        return decode()
    }

    /// When `expire` will have something to say, if nothing comes before that.
    var deadline: Int? { patience.map { lastByte + $0 } }

    /// A lone ESC is all there is; worth a short wait.
    var isInDoubtOfEscape: Bool { paste == nil && pending == [0x1B] }

    /// What is decided by silence.
    mutating func expire(now: Int) -> [Input] {
        guard let patience, now - lastByte >= patience else { return [] }
        if let given = paste {
            paste = nil
            return [.paste(given.text(encoding))]
        }
        defer {
            pending.removeAll(keepingCapacity: true)
            isEscapeGiven = false
        }
        if pending.count == 1 && pending[0] == 0x1B { lastEscape = now }
        return abandoned.map { [.key($0)] } ?? []
    }

    private var patience: Int? {
        if paste != nil { return InputDecoder.restPatience }
        if pending.isEmpty { return nil }
        if isInDoubtOfEscape { return InputDecoder.escapePatience }
        return pending.count == 2 ? InputDecoder.bracketPatience : InputDecoder.restPatience
    }

    /// The key that a beginning was which never became a sequence; nil for the rest of what is none.
    private var abandoned: KeyPress? {
        guard pending[0] == 0x1B else { return nil }
        if pending.count == 1 { return KeyPress(.escape) }
        guard pending.count == 2, pending[1] < 0x80 else { return nil }
        return KeyPress(.character(Character(Unicode.Scalar(pending[1]))), alt: !isEscapeGiven)
    }

    private mutating func reviveEscape(before bytes: ArraySlice<UInt8>, now: Int) {
        defer { lastEscape = nil }
        guard let lastEscape, bytes.first == 0x5B, now - lastEscape < InputDecoder.bracketPatience else { return }
        pending = [0x1B]
        isEscapeGiven = true
    }

    private mutating func decode() -> [Input] {
        var inputs: [Input] = []
        var index = 0
        while index < pending.count {
            if paste != nil {
                index = gather(from: index, into: &inputs)
                continue
            }
            let scanner = InputScanner(encoding: encoding, sequences: sequences)
            let step = scanner.step(pending[index...])
            if step == .incomplete { break }
            index += advance(step, into: &inputs)
        }
        pending.removeFirst(index)
        return inputs
    }

    private mutating func advance(_ step: InputScanner.Step, into inputs: inout [Input]) -> Int {
        defer { isEscapeGiven = false }
        switch step {
        case .incomplete: return 0
        // The bytes after an ESC that was a key were keys themselves.
        case .nothing(let length): return isEscapeGiven ? 1 : length
        case .paste(let length):
            paste = Paste()
            return length
        case .input(let input, let length):
            inputs.add(input)
            return length
        }
    }

    private mutating func gather(from start: Int, into inputs: inout [Input]) -> Int {
        guard var gathering = paste.take() else { return start }
        for index in start..<pending.count where gathering.take(pending[index]) {
            inputs.append(.paste(gathering.text(encoding)))
            return index + 1
        }
        paste = gathering
        return pending.count
    }
}

extension [Input] {
    /// A mark that combines with the character before it becomes one with it, as the operator meant it.
    fileprivate mutating func add(_ input: Input) {
        guard let joined = last?.joined(with: input) else { return append(input) }
        self[count - 1] = joined
    }
}

extension Input {
    fileprivate func joined(with next: Input) -> Input? {
        guard case .key(let first) = self, case .key(let second) = next, !second.control, !second.alt,
            !first.control, case .character(let base) = first.code, case .character(let mark) = second.code,
            let scalar = mark.unicodeScalars.first, scalar.value >= 0x300
        else { return nil }
        let text = String(base) + String(mark)
        guard text.count == 1, text.unicodeScalars.count <= 8 else { return nil }
        return .key(KeyPress(.character(Character(text)), alt: first.alt))
    }
}
