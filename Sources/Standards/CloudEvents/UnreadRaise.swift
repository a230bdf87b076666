import ControlRoom

/// What can be read of an `alert.raised` that breaks a rule of the form of events and is taken for none: whoever sent it saw something,
/// and people are told of it.
enum UnreadRaise {
    private static let names: Set<String> = ["id", "source", "type", "subject", "tenant", "exercise", "status"]

    /// What stands before a fault counts; nil where nothing there says that it is a raise.
    static func read(_ bytes: UnsafeBufferPointer<UInt8>) -> Event? {
        guard UTF8Check.isValid(bytes) else { return nil }
        var attributes: [String: String] = [:]
        var data: [UInt8] = []
        var json = JSONReader(bytes)
        try? json.object { name, json in
            if name == "data" {
                json.skipWhitespace()
                data = Array(bytes[json.position...])
                data = try json.raw()
            } else if names.contains(name), try json.peek() == .string {
                attributes[name] = try json.string()
            } else {
                try json.skip()
            }
        }
        return event(attributes, data)
    }

    static func read(_ bytes: [UInt8]) -> Event? { bytes.withUnsafeBufferPointer { read($0) } }

    /// - Parameter attributes: by their names; others than those of `names` are left out.
    static func event(_ attributes: [String: String], _ data: [UInt8]) -> Event? {
        guard attributes["type"] == EventType.alertRaised.rawValue else { return nil }
        var event = Event(id: attributes["id"] ?? "", source: attributes["source"] ?? "", type: .alertRaised)
        event.subject = attributes["subject"]
        event.tenant = attributes["tenant"]
        event.exercise = attributes["exercise"]
        event.extensions["status"] = attributes["status"]
        event.data = .json(data)
        return event.withinBounds()
    }
}
