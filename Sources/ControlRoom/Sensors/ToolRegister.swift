/// The tools of a site: the shipped nine, and those that people have registered. Strip, filter, figures and lists go by it.
public struct ToolRegister: Equatable, Sendable {
    /// What the site says of one tool.
    public struct Entry: Equatable, Sendable {
        public var tool: Tool
        /// What the site calls it; of a shipped tool that it has not named, what it is shipped as.
        public var name: String
        /// Longer than this it is shown as silent.
        public var silentAfterSeconds: Int

        public init(tool: Tool, name: String, silentAfterSeconds: Int = ToolReport.silentAfterSeconds) {
            self.tool = tool
            self.name = name
            self.silentAfterSeconds = silentAfterSeconds
        }
    }

    /// The shipped nine first, then by code.
    public private(set) var entries: [Entry]
    /// Tools that nobody has registered and that something came from, by code: the first `mostSeen`, and those that were registered once.
    public var seen: [Tool]
    /// Whether alerts came of tools that are named neither here nor there.
    public var hasMore: Bool

    /// So many can be registered beside the shipped nine; they have one line of the screen.
    public static let mostRegistered = 64
    /// So many that nobody has registered are counted each by itself; the others are counted together, as `Tool.other`.
    public static let mostSeen = 64
    /// A tool may be silent for so long at most, in seconds; below the least, each pause would be told.
    public static let silenceRange = 10...7 * 86_400
    /// Of a name, in bytes of UTF-8.
    public static let longestName = 80

    /// - Parameter registered: what the site says, of shipped tools as well.
    public init(registered: [Entry] = [], seen: [Tool] = [], hasMore: Bool = false) {
        let known = Dictionary(registered.map { ($0.tool, $0) }) { $1 }
        let own = known.values.filter { !$0.tool.isShipped }.sorted { $0.tool.rawValue < $1.tool.rawValue }
        entries = ToolRegister.shipped.entries(as: known) + own
        self.seen = seen.filter { known[$0] == nil && !$0.isShipped }.sorted { $0.rawValue < $1.rawValue }
        self.hasMore = hasMore
    }

    /// Whether a site can register a tool by this code: `OTHER` is what filters call all that it has not registered.
    public static func mayRegister(_ code: String) -> Bool {
        Tool.isCode(code) && code.lowercased() != FilterField.otherTool
    }

    private init(shipped: [Entry]) {
        entries = shipped
        seen = []
        hasMore = false
    }

    /// The shipped nine, as they are shipped.
    public static let shipped = ToolRegister(
        shipped: zip(Tool.shipped, names).map { Entry(tool: $0, name: $1) })

    private static let names = [
        "firearm detector", "urban anomaly detector", "social media detection", "cyber threat intelligence",
        "cyber threat detection and response", "bacteria detector", "evacuation optimiser", "workload monitoring",
        "warning from outside",
    ]

    private func entries(as known: [Tool: Entry]) -> [Entry] { entries.map { known[$0.tool] ?? $0 } }

    public subscript(tool: Tool) -> Entry? { entries.first { $0.tool == tool } }

    public var tools: [Tool] { entries.map(\.tool) }

    /// All that can be named: what is registered, and what came.
    public var known: [Tool] { tools + seen }

    /// What the status strip shows: the toolkit, and what the site has registered. CAP is nobody's tool, and never silent.
    public var strip: [Entry] { entries.filter { $0.tool != .cap } }

    /// How long its silence is normal.
    public func silentAfterSeconds(_ tool: Tool) -> Int {
        self[tool]?.silentAfterSeconds ?? ToolReport.silentAfterSeconds
    }
}

/// `tool.registered.v1`: how the site calls a tool, whose code is the event's subject, and how long its silence is normal. Said again, it
/// takes the place of what was said before.
public struct ToolRegistered: Equatable, Sendable {
    public var name: String
    public var silentAfterSeconds: Int

    public init(name: String, silentAfterSeconds: Int = ToolReport.silentAfterSeconds) {
        self.name = name
        self.silentAfterSeconds = silentAfterSeconds
    }

    init(reading reader: inout JSONReader) throws {
        self.init(name: "")
        try reader.object { key, reader in
            switch key {
            case "name": name = TextBound.cut(try reader.string(), to: ToolRegister.longestName)
            case "silent_after_s": silentAfterSeconds = try reader.seconds(in: ToolRegister.silenceRange)
            default: try reader.skip()
            }
        }
        guard !name.isEmpty else { throw reader.failure("a tool has a name") }
    }

    public func write(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.member("name", name)
            writer.member("silent_after_s", silentAfterSeconds)
        }
    }
}
