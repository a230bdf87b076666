import ControlRoom
import TestSupport
import Testing

@Suite("Realms")
struct RealmTests {
    static let table: [(String?, MessageStatus, Realm)] = [
        (nil, .actual, .actual), (nil, .exercise, .exercise("unnamed")), (nil, .system, .technical),
        (nil, .test, .technical), (nil, .draft, .technical), ("x", .actual, .exercise("x")),
        ("x", .test, .exercise("x")), ("", .actual, .exercise("")),
    ]

    @Test("where a message belongs", arguments: table)
    func realm(_ exercise: String?, _ status: MessageStatus, _ expected: Realm) {
        #expect(Realm(exercise: exercise, status: status) == expected)
        #expect(Realm(name: expected.name) == expected)
    }

    @Test("the name of a realm is its own, whatever an exercise is called")
    func names() {
        let realms: [Realm] = [
            .actual, .technical, .exercise("actual"), .exercise("technical"), .exercise("exercise:a"), .exercise("a"),
        ]
        #expect(Set(realms.map(\.name)).count == realms.count)
        for realm in realms { #expect(Realm(name: realm.name) == realm) }
        #expect(Realm(name: "exercise") == nil && Realm(name: "") == nil)
    }

    @Test("the status in the data decides for a message, the extension for an act")
    func ofFacts() throws {
        var make = EventMaker()
        let draft = make.raised("a", .high, "\"status\":\"draft\"")
        #expect(try Fact(of: draft).realm(of: draft) == .technical)
        var act = make.acknowledged("a")
        #expect(try Fact(of: act).realm(of: act) == .actual)
        act.extensions["status"] = "test"
        #expect(try Fact(of: act).realm(of: act) == .technical)
        act.exercise = "x"
        #expect(try Fact(of: act).realm(of: act) == .exercise("x"))
    }
}
