public import ControlRoom

/// Events of one source and id that say the same, or something else.
public enum Variations {
    /// One with every attribute.
    public static var whole: Event {
        var event = Event(
            id: "v1", source: "urn:test:variations", type: .observationRecorded, subject: "s", time: EventMaker.noon,
            data: .json(Array("{}".utf8)))
        event.dataContentType = "application/json"
        event.dataSchema = "urn:schema"
        event.tenant = "police"
        event.actor = "op1"
        event.occurred = HybridTime(milliseconds: 5, counter: 1)
        event.exercise = "x"
        event.signature = "c2ln"
        event.extensions = ["colour": "red", Event.keyIDExtension: "k1", Event.viaExtension: "gateway"]
        return event
    }

    /// Each says something else than `event`, and differs from it in one thing, which is named.
    public static func others(of event: Event) -> [(name: String, event: Event)] {
        let changes: [(String, (inout Event) -> Void)] = [
            ("type", { $0.type = EventType(rawValue: "eu.example.other.v1") }),
            ("subject", { $0.subject = "other" }), ("no subject", { $0.subject = nil }),
            ("time", { $0.time = EventMaker.noon.adding(seconds: 1) }), ("no time", { $0.time = nil }),
            ("datacontenttype", { $0.dataContentType = "application/geo+json" }),
            ("dataschema", { $0.dataSchema = "urn:other" }), ("actor", { $0.actor = "op2" }),
            ("occurred", { $0.occurred = HybridTime(milliseconds: 5, counter: 2) }),
            ("exercise", { $0.exercise = "y" }), ("no exercise", { $0.exercise = nil }),
            ("extension", { $0.extensions["colour"] = "blue" }), ("no extension", { $0.extensions["colour"] = nil }),
            ("another extension", { $0.extensions["shape"] = "" }),
            ("data", { $0.data = .json(Array("{ }".utf8)) }), ("no data", { $0.data = .none }),
            ("kind of data", { $0.data = .bytes($0.data.bytes, base64: false) }),
        ]
        return changes.map { name, change in
            var other = event
            change(&other)
            return (name, other)
        }
    }

    /// Each says the same as `event`, and differs from it in how it came, which is named.
    public static func same(as event: Event) -> [(name: String, event: Event)] {
        let changes: [(String, (inout Event) -> Void)] = [
            ("nothing", { _ in }), ("signature", { $0.signature = "b3RoZXI=" }),
            ("no signature", { $0.signature = nil }),
            ("key of the signature", { $0.extensions[Event.keyIDExtension] = "k2" }),
            ("who brought it", { $0.extensions[Event.viaExtension] = "other" }),
        ]
        return changes.map { name, change in
            var other = event
            change(&other)
            return (name, other)
        }
    }
}
