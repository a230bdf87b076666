import ControlRoom
import TestSupport
import Testing

/// The table of declared fields, against the types as they are read.
@Suite("Declared fields")
struct FieldTableTests {
    @Test("are there for every type", arguments: EventType.known)
    func complete(_ type: EventType) {
        #expect(EventType.declared.contains(type), "\(type.rawValue) has no declared fields: say which it has, or none")
    }

    /// A member that is read and not declared is in no sample, so that its property stays as it was made.
    @Test("are all that is read of a type: a new member that is not declared fails this", arguments: EventType.known)
    func everythingRead(_ type: EventType) throws {
        var event = Event(id: "1", source: "urn:test", type: type)
        event.data = .json(FieldSamples.data(of: type))
        let fact = try Fact(of: event)
        #expect(fact != .unknown)
        #expect(FieldTableTests.unfilled(fact) == [], "read of \(type.rawValue) and not declared")
    }

    @Test("a person's words and what CAP says of people are not open")
    func personal() {
        let person = [
            "personal", "evidence", "cap.addresses", "cap.info.contact", "cap.info.parameter", "cap.info.resource.uri",
        ]
        for type in [EventType.alertRaised, .alertCancelled] {
            for path in person { #expect(type.fields.class(of: path) == .person, "\(path)") }
            #expect(type.fields.class(of: "cap.note") == .note && type.fields.class(of: "headline") == .open)
        }
        for type in EventType.known where type.neededRight != nil {
            for path in ["note", "reason"] {
                guard let found = type.fields.classes[path] else { continue }
                #expect(found == .note || found == .coded, "\(type.rawValue): \(path)")
            }
        }
    }

    @Test("what is not declared is a person's")
    func undeclared() {
        #expect(EventType.alertRaised.fields.class(of: "operator_name") == .person)
        #expect(EventType.alertRaised.fields.class(of: "cap.info.telephone") == .person)
        #expect(EventType(rawValue: "com.example.x").fields.class(of: "headline") == .person)
    }

    // MARK: - Reading what was filled

    /// Made by a fact itself, or meant for a number of which none is usual.
    private static let exempt: Set<String> = ["lostReferences"]

    /// Names of stored properties that are as empty as they were made.
    private static func unfilled(_ fact: Fact) -> [String] {
        guard let payload = Mirror(reflecting: fact).children.first else { return [] }
        return unfilled(payload.value, named: payload.label ?? "")
    }

    private static func unfilled(_ value: Any, named name: String) -> [String] {
        if exempt.contains(name) { return [] }
        let mirror = Mirror(reflecting: value)
        switch mirror.displayStyle {
        case .optional:
            guard let inner = mirror.children.first?.value else { return [name] }
            return unfilled(inner, named: name)
        case .collection, .dictionary, .set: return mirror.children.isEmpty ? [name] : []
        case .struct where mirror.children.isEmpty: return isEmpty(value) ? [name] : []
        case .struct where isLeaf(value): return isEmpty(value) ? [name] : []
        case .struct, .tuple:
            return mirror.children.flatMap { unfilled($0.value, named: name + "." + ($0.label ?? "")) }
                .filter { !exempt.contains(String($0.split(separator: ".").last ?? "")) }
        default: return isEmpty(value) ? [name] : []
        }
    }

    /// What is one value to the reader.
    private static func isLeaf(_ value: Any) -> Bool {
        value is String || value is Int || value is Int64 || value is UInt64 || value is Double || value is Bool
            || value is Timestamp || value is EventType || value is Coordinate || value is MultiPolygon
    }

    private static func isEmpty(_ value: Any) -> Bool {
        switch value {
        case let text as String: text.isEmpty
        case let number as Int: number == 0
        case let number as Int64: number == 0
        case let number as UInt64: number == 0
        case let number as Double: number == 0
        case let truth as Bool: !truth
        case let type as EventType: type.rawValue.isEmpty
        default: false
        }
    }
}
