/// An agreed procedure: what to do about a kind of alert, step by step.
public struct Playbook: Equatable, Sendable {
    /// One thing to do, and by whom.
    public struct Step: Equatable, Sendable {
        public var id: Int
        public var title: String
        public var text: String
        public var role: String
        /// Steps that come first.
        public var after: [Int]
        /// Seconds after the start by which it should be done.
        public var dueSeconds: Int?

        public init(id: Int, title: String, text: String, role: String, after: [Int], dueSeconds: Int?) {
            self.id = id
            self.title = title
            self.text = text
            self.role = role
            self.after = after
            self.dueSeconds = dueSeconds
        }
    }

    /// Which alerts it is offered for; `kind` may be `*`.
    public struct Offer: Equatable, Sendable {
        public var tool: String
        public var kind: String

        public init(tool: String, kind: String) {
            self.tool = tool
            self.kind = kind
        }
    }

    public var id: String
    public var version: Int
    public var title: String
    public var offers: [Offer]
    public var steps: [Step]

    public init(id: String, version: Int, title: String, offers: [Offer], steps: [Step]) {
        self.id = id
        self.version = version
        self.title = title
        self.offers = offers
        self.steps = steps
    }

    /// How well it fits an alert: 2 for its very kind, 1 for its tool, 0 for not at all.
    ///
    /// - Parameter tool: a code as it is shown.
    public func fits(tool: String, kind: String) -> Int {
        offers.reduce(0) { best, offer in
            guard Tool(code: offer.tool).code == tool else { return best }
            if offer.kind == kind { return max(best, 2) }
            return offer.kind == "*" ? max(best, 1) : best
        }
    }
}

extension Playbook {
    /// Reads a playbook from an event or a city pack. It has an id and steps; ids of steps are unique, and what a step
    /// comes after is among them.
    public init(reading reader: inout JSONReader) throws {
        self.init(id: "", version: 1, title: "", offers: [], steps: [])
        try reader.object { key, reader in
            switch key {
            case "id": id = try reader.string()
            case "version": version = try reader.integer()
            case "title": title = try reader.string()
            case "offered_for": try reader.array { offers.append(try Playbook.offer(&$0)) }
            // `[[step]]` is how a city pack writes them.
            case "steps", "step": try reader.array { steps.append(try Playbook.step(&$0)) }
            default: try reader.skip()
            }
        }
        guard !id.isEmpty, !steps.isEmpty else { throw reader.failure("a playbook without id or steps") }
        let ids = Set(steps.map(\.id))
        guard ids.count == steps.count, steps.allSatisfy({ $0.after.allSatisfy(ids.contains) }) else {
            throw reader.failure("the steps of playbook \(id) do not fit together")
        }
    }

    public func write(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.member("id", id)
            writer.member("version", version)
            writer.member("title", title)
            writer.key("offered_for")
            writer.array { writer in
                for offer in offers {
                    writer.object { writer in
                        writer.member("tool", offer.tool)
                        writer.member("kind", offer.kind)
                    }
                }
            }
            writer.key("steps")
            writer.array { writer in for step in steps { Playbook.write(step, to: &writer) } }
        }
    }

    private static func write(_ step: Step, to writer: inout JSONWriter) {
        writer.object { writer in
            writer.member("id", step.id)
            writer.member("title", step.title)
            writer.member("text", step.text)
            writer.member("role", step.role)
            writer.key("after")
            writer.array { writer in for id in step.after { writer.number(String(id)) } }
            writer.member("due_s", step.dueSeconds)
        }
    }

    private static func offer(_ reader: inout JSONReader) throws -> Offer {
        var offer = Offer(tool: "", kind: "*")
        try reader.object { key, reader in
            switch key {
            case "tool": offer.tool = try reader.string()
            case "kind": offer.kind = try reader.string()
            default: try reader.skip()
            }
        }
        return offer
    }

    private static func step(_ reader: inout JSONReader) throws -> Step {
        var step = Step(id: 0, title: "", text: "", role: "operator", after: [], dueSeconds: nil)
        try reader.object { key, reader in
            switch key {
            case "id": step.id = try reader.integer()
            case "title": step.title = try reader.string()
            case "text": step.text = try reader.string()
            case "role": step.role = try reader.string()
            case "after": try reader.array { step.after.append(try $0.integer()) }
            case "due_s": step.dueSeconds = reader.null() ? nil : try reader.integer()
            default: try reader.skip()
            }
        }
        return step
    }
}
