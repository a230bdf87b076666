/// A text that is the same as another where its bytes are. Swift holds texts for equal that are composed otherwise (`é` as one
/// character or as two); a log, its hashes and SQLite do not. A dictionary that the fold keeps from batch to batch goes by this:
/// otherwise what is folded together would be another than what is folded one by one.
public struct ExactText: Hashable, Sendable {
    public let text: String

    public init(_ text: String) { self.text = text }

    public static func == (one: ExactText, other: ExactText) -> Bool { one.text.hasBytes(of: other.text) }

    /// Texts of the same bytes have the same hash; so do some others.
    public func hash(into hasher: inout Hasher) { hasher.combine(text) }
}

extension String {
    /// Whether the bytes in UTF-8 are the same.
    public func hasBytes(of other: String) -> Bool { self == other && utf8.elementsEqual(other.utf8) }
}
