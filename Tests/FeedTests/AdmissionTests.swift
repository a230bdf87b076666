import ControlRoom
import Feed
import Store
import TestSupport
import Testing

@Suite("Admission")
struct AdmissionTests {
    private static let people = Role.allCases.map { Identity(actor: $0.rawValue + "1", role: $0, tenant: "t") }
    private let admitter = Admitter(identities: AdmissionTests.people)

    private func reason(_ event: Event) -> String? {
        if case .failure(let rejected) = admitter.admit(event, now: EventMaker.noon) { return rejected.reason }
        return nil
    }

    private static let data: [EventType: String] = [
        .alertAcknowledged: "{\"occurrence\":1,\"severity\":\"low\"}", .alertAssessed: "{\"occurrence\":1}",
        .alertClosed: "{\"occurrence\":1}",
        .alertShelved: "{\"until\":\"\(EventMaker.noon.adding(seconds: 600).rfc3339)\"}",
        .suppressionStarted: #"{"filter":"tool = FD","reason":"r"}"#,
        .alertRemovedFromService: #"{"reason":"r"}"#,
        .approvalRequested: #"{"wish":"remove_from_service","severity":"low","reason":"r"}"#,
        .approvalGranted: #"{"wish":"remove_from_service","author":"op9"}"#,
        .approvalRefused: #"{"wish":"remove_from_service","author":"op9"}"#,
        .alertLinked: #"{"occurrence":1,"cause":"power"}"#, .toolRegistered: #"{"name":"n"}"#,
        .checklistStarted: "{\"playbook\":\"p\"}", .checklistStepSet: "{\"step\":1,\"state\":\"done\"}",
    ]

    @Test("an act is admitted where its author's role has the right to it, and only there", arguments: Role.allCases)
    func rights(_ role: Role) {
        var make = EventMaker()
        for type in EventType.known {
            guard let right = type.neededRight else { continue }
            let event = make.event(type, "a", AdmissionTests.data[type] ?? "{}", by: role.rawValue + "1")
            let expected = role.may(right) ? nil : "the role \(role.rawValue) may not \(right.words)"
            #expect(reason(event) == expected, "\(type.rawValue)")
        }
    }

    @Test("an act names its actor, and one that is known")
    func actors() {
        var make = EventMaker(source: "operator1")
        let undone = make.undone(make.acknowledged("a"), by: "nobody")
        for act in [make.acknowledged("a", by: "nobody"), make.closed("a", by: "Operator1"), undone] {
            #expect(reason(act)?.hasSuffix("is not known here") == true)
            var nameless = act
            nameless.actor = nil
            #expect(reason(nameless) == "an act names its actor")
        }
        #expect(reason(make.undone(undone, by: "dpo1")) == nil)
    }

    @Test("a person's words have 2,000 bytes at most")
    func words() {
        var make = EventMaker()
        for (bytes, expected) in [(2_000, nil), (2_001, "a text of 2001 bytes is longer than 2000 bytes")] {
            let until = EventMaker.noon.adding(seconds: 600).rfc3339
            let words = String(repeating: "w", count: bytes)
            let shelf = make.event(
                .alertShelved, "a", "{\"until\":\"\(until)\",\"code\":\"other\",\"reason\":\"\(words)\"}",
                by: "operator1")
            #expect(reason(shelf) == expected)
            let removal = make.event(
                .alertRemovedFromService, "a", "{\"reason\":\"maintenance\",\"note\":\"\(words)\"}", by: "supervisor1")
            #expect(reason(removal) == expected)
            let asked = make.event(
                .approvalRequested, "a",
                "{\"wish\":\"remove_from_service\",\"severity\":\"low\",\"reason\":\"test\",\"note\":\"\(words)\"}",
                by: "operator1")
            #expect(reason(asked) == expected)
        }
    }

    @Test("the key that a feed gives to an alert beside another's is nobody's to raise or to cancel")
    func madeKeys() {
        var make = EventMaker()
        let cancel = make.event(
            .alertCancelled, "a~0123abcd", "{\"tool\":\"FD\",\"severity\":\"low\",\"cancels\":[\"b\"]}")
        for event in [make.raised("a~0123abcd"), cancel] {
            #expect(reason(event)?.contains("is made by the feed") == true)
        }
        // People act on such an alert like on any other.
        #expect(reason(make.acknowledged("a~0123abcd", by: "operator1")) == nil)
        #expect(reason(make.raised("a~0123abc")) == nil)
    }

    @Test("what a machine says, and what nobody here understands, needs no right")
    func machines() {
        var make = EventMaker()
        #expect(reason(make.raised("a")) == nil && reason(make.cleared("a")) == nil)
        #expect(reason(make.event(EventType(rawValue: "com.example.x"), nil, "not json")) == nil)
    }
}
