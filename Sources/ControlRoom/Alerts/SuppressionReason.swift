/// Why an alarm is kept quiet: a code, which is open and listed everywhere, and words, which are a note (ISA-18.2, 11.7: what is
/// suppressed is listed with its reason).
public struct SuppressionReason: Hashable, Sendable {
    /// The codes, as they are written in events, filters and lists.
    public enum Code: String, CaseIterable, Sendable {
        case maintenance
        case knownFault = "known-fault"
        case test
        case duplicate
        case other
    }

    public var code: Code
    /// What its author wrote to it; at most 2,000 bytes are admitted.
    public var note: String?

    /// - Parameter note: empty words are none.
    public init(_ code: Code, note: String? = nil) {
        self.code = code
        self.note = note.flatMap { $0.isEmpty ? nil : $0 }
    }

    /// Of members `reason` and `note` of an event, or of a row. A reason that is no code is the words of an event from before there
    /// were codes: `other`, with these words as its note.
    ///
    /// - Returns: nil where there is neither.
    public init?(reason: String?, note: String?) {
        let note = note.flatMap { $0.isEmpty ? nil : $0 }
        guard let reason, !reason.isEmpty else {
            guard let note else { return nil }
            self.init(.other, note: note)
            return
        }
        if let code = Code(rawValue: reason) {
            self.init(code, note: note)
        } else {
            self.init(.other, note: [reason, note].compactMap { $0 }.joined(separator: "\n"))
        }
    }
}

extension SuppressionReason: ExpressibleByStringLiteral {
    /// As the member `reason` of an event reads.
    public init(stringLiteral text: String) {
        self = SuppressionReason(reason: text, note: nil) ?? SuppressionReason(.other)
    }
}

/// The members of a suppression's reason, as they are read one by one.
struct ReasonMembers {
    private var reason: String?
    private var note: String?

    /// - Returns: false for a member that is none of these.
    mutating func take(_ key: String, _ reader: inout JSONReader) throws -> Bool {
        switch key {
        case "reason": reason = try reader.optionalString()
        case "note": note = try reader.optionalString()
        default: return false
        }
        return true
    }

    /// Nil where the event gave none.
    var value: SuppressionReason? { SuppressionReason(reason: reason, note: note) }
}

extension JSONWriter {
    /// Writes `reason` and `note`, as far as there are any.
    public mutating func members(_ reason: SuppressionReason?) {
        member("reason", reason?.code.rawValue)
        member("note", reason?.note)
    }
}
