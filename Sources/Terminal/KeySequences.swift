import CNcurses

/// The byte sequences of this terminal's keys, as terminfo tells them. What all of xterm's relatives send is decoded by
/// rule; this table is for the others, and for those who differ.
struct KeySequences {
    enum Match: Equatable { case found(KeyPress.Code, length: Int), prefix, none }

    private let entries: [(bytes: [UInt8], code: KeyPress.Code)]

    init(_ entries: [(bytes: [UInt8], code: KeyPress.Code)]) {
        // The longest first, so that no sequence hides another that begins with it.
        self.entries = entries.filter { $0.bytes.count > 1 && $0.bytes[0] == 0x1B }
            .sorted { $0.bytes.count > $1.bytes.count }
    }

    /// Asks terminfo.
    static func ofTerminal() -> KeySequences {
        let functions = (1...12).map { ("kf\($0)", KeyPress.Code.function($0)) }
        return KeySequences(
            (names + functions).compactMap { name, code in
                cn_terminfo_string(name).map { (Array(String(cString: $0).utf8), code) }
            })
    }

    func match(_ bytes: ArraySlice<UInt8>) -> Match {
        var isPrefix = false
        for entry in entries {
            if bytes.starts(with: entry.bytes) { return .found(entry.code, length: entry.bytes.count) }
            if entry.bytes.starts(with: bytes) { isPrefix = true }
        }
        return isPrefix ? .prefix : .none
    }

    private static let names: [(String, KeyPress.Code)] = [
        ("kcuu1", .up), ("kcud1", .down), ("kcub1", .left), ("kcuf1", .right), ("khome", .home), ("kend", .end),
        ("kpp", .pageUp), ("knp", .pageDown), ("kich1", .insert), ("kdch1", .delete), ("kbs", .backspace),
        ("kcbt", .backTab), ("kent", .enter),
    ]
}
