/// Something that wants an answer first. Small, says what will happen; Escape always leaves without doing anything.
public struct ModalScene: Equatable, Sendable {
    /// One line of a list in it.
    public struct Item: Equatable, Sendable {
        public var text: String
        /// A key, a state, a hint; at the right end.
        public var note: String
        public var tone: Tone
        /// Positions of characters in `text` that a search met.
        public var matched: [Int]

        public init(text: String, note: String = "", tone: Tone = .plain, matched: [Int] = []) {
            self.text = text
            self.note = note
            self.tone = tone
            self.matched = matched
        }
    }

    public var title: String
    /// What it is about, above the items; wrapped.
    public var text: [Span]
    public var input: InputScene?
    /// What is to be said of what is typed; wrapped, below it, so that it moves nothing above.
    public var remark: [Span]
    public var items: [Item]
    public var cursor: Int?
    /// The keys that leave it: `Enter acknowledge   Esc back`
    public var keys: String
    /// Wished size in cells; the painter takes what the screen has.
    public var width: Int

    public init(
        title: String, text: [Span] = [], input: InputScene? = nil, remark: [Span] = [], items: [Item] = [],
        cursor: Int? = nil, keys: String, width: Int = 60
    ) {
        self.title = title
        self.text = text
        self.input = input
        self.remark = remark
        self.items = items
        self.cursor = cursor
        self.keys = keys
        self.width = width
    }
}

/// Covers the whole screen.
public struct CoverScene: Equatable, Sendable {
    public var lines: [Span]

    public init(lines: [Span]) { self.lines = lines }
}
