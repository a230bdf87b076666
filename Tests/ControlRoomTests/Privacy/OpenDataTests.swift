import ControlRoom
import TestSupport
import Testing

/// The part of an event that may leave its tenant, with a marker in every member of every type.
@Suite("Open data")
struct OpenDataTests {
    private func open(_ type: EventType, _ data: [UInt8], without removed: Set<String> = []) throws -> String {
        String(decoding: try OpenData.bytes(of: data, type, without: removed), as: UTF8.self)
    }

    @Test("holds no member that is personal, and every one that is open", arguments: EventType.known)
    func markers(_ type: EventType) throws {
        let whole = String(decoding: FieldSamples.data(of: type), as: UTF8.self)
        let open = try open(type, FieldSamples.data(of: type))
        for marker in FieldSamples.personalMarkers(of: type) { #expect(!open.contains(marker)) }
        for (path, found) in type.fields.classes where found == .open {
            let marker = FieldSamples.marker(type, path)
            #expect(open.contains(marker) == whole.contains(marker), "\(marker)")
        }
    }

    @Test("of a type that is not known is nothing, and so is what is not declared")
    func unknown() throws {
        let data = Array(
            #"{"headline":"h","operator":"Rossi","cap":{"info":[{"telephone":"1"}],"version":"1.2"}}"#.utf8)
        #expect(try open(EventType(rawValue: "com.example.x"), data) == "{}")
        #expect(try open(.alertRaised, data) == #"{"headline":"h","cap":{"info":[{}],"version":"1.2"}}"#)
    }

    @Test("is not reached by other ways to write a name")
    func names() throws {
        #expect(
            try open(.alertRaised, Array(#"{"c\u0061p":{"\u0061ddresses":["x"],"code":["y"]}}"#.utf8))
                == #"{"cap":{"code":["y"]}}"#)
        #expect(
            try open(.alertRaised, Array(#"{"cap.info.web":"x","cap":"x","cap":[["x",{"note":"x"}]]}"#.utf8))
                == #"{"cap":[[{}]]}"#)
    }

    @Test("keeps a reason that is a code, and not its words")
    func reasons() throws {
        let data = Array(#"{"filter":"f","reason":"maintenance","note":"Rossi is on the roof"}"#.utf8)
        #expect(try open(.suppressionStarted, data) == #"{"filter":"f","reason":"maintenance"}"#)
        #expect(try open(.suppressionStarted, Array(#"{"filter":"f","reason":"Rossi"}"#.utf8)) == #"{"filter":"f"}"#)
        #expect(try open(.alertShelved, Array(#"{"reason":{"a":"test"}}"#.utf8)) == "{}")
    }

    @Test("is without what was agreed away")
    func removed() throws {
        let data = Array(#"{"headline":"h","confidence":0.9,"cap":{"code":["y"],"scope":"Public"}}"#.utf8)
        #expect(
            try open(.alertRaised, data, without: ["confidence", "cap.code"])
                == #"{"headline":"h","cap":{"scope":"Public"}}"#)
    }
}
