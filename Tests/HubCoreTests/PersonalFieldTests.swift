import ControlRoom
import Feed
import HubCore
import Standards
import Store
import TestSupport
import Testing
import Trust

/// A marker in every member of every type, and what leaves the tenant.
@Suite("Declared fields leave nothing")
struct PersonalFieldTests {
    private static let people = Role.allCases.map { Identity(actor: $0.rawValue + "1", role: $0, tenant: "t") }

    private func sample(_ type: EventType, _ subject: String, _ changed: [String: String] = [:]) -> Event {
        var event = Event(
            id: type.rawValue + "/" + subject, source: "urn:test", type: type, subject: subject, time: EventMaker.noon,
            data: .json(FieldSamples.data(of: type, changed: changed, without: ["replaces"])))
        event.dataContentType = "application/json"
        return event
    }

    @Test("copies for another tenant hold what is open and no marker of what is not, in its log and in its view")
    func copies() throws {
        let bench = try CentralBench(tenants: ["police", "fire"])
        let camera = try bench.enrol("cam", .sensor, of: "police").submitter
        let agreement = Agreement(
            id: "a1", from: "police", to: "fire", categories: ["*"], purpose: "rescue", removed: [], until: nil)
        try bench.say(.agreementMade, agreement.write)
        let events = [
            sample(.alertRaised, "a"), sample(.alertCancelled, "b", ["cancels": "[\"a\"]"]), sample(.alertRaised, "c"),
            sample(.alertCleared, "c"),
        ]
        #expect(bench.submit(events, from: camera) == [.accepted, .accepted, .accepted, .accepted])
        try bench.rest()
        let copies = try bench.log("fire").filter { $0.extensions["agreement"] != nil }
        #expect(copies.map(\.type) == [.alertRaised, .alertCancelled, .alertRaised, .alertCleared])
        let text = try bench.log("fire").map { String(decoding: CloudEventWriter.json($0), as: UTF8.self) }.joined()
        for type in [EventType.alertRaised, .alertCancelled, .alertCleared] {
            for marker in FieldSamples.personalMarkers(of: type) { #expect(!text.contains(marker), "\(marker)") }
        }
        #expect(text.contains(FieldSamples.marker(.alertRaised, "headline")))
        #expect(text.contains(FieldSamples.marker(.alertRaised, "cap.info.instruction")))
        // Alerts that no agreement covers are not named by CAP's own references either.
        #expect(!text.contains(FieldSamples.marker(.alertRaised, "cap.references")))
        let view = try #require(try bench.view("fire"))
        let row = try #require(try view.alert(subject: "police//c", realm: .actual)).row
        let shown = "\(try #require(try view.detail(row: row)))"
        for marker in FieldSamples.personalMarkers(of: .alertRaised) { #expect(!shown.contains(marker)) }
    }

    @Test("rejections quote neither what they refuse nor any other member that is not open", arguments: EventType.known)
    func rejections(_ type: EventType) {
        let admitter = Admitter(identities: PersonalFieldTests.people)
        let actor = PersonalFieldTests.people.first { person in type.neededRight.map(person.role.may) ?? false }?.actor
        var refused = 0
        for path in type.fields.classes.keys {
            let marker = FieldSamples.marker(type, path)
            let long = marker + String(repeating: "x", count: 3_000)
            for value in [
                "\"\(marker)\"", "\"\(long)\"", "{\"\(marker)\":\"\(marker)\"}", "[[\"\(marker)\"]]", "\"\(marker)",
            ] {
                var event = sample(type, "a", [path: value])
                event.actor = actor
                event.exercise = type == .exerciseStarted ? "drill" : nil
                guard case .failure(let rejected) = admitter.admit(event, now: EventMaker.noon) else { continue }
                refused += 1
                for hidden in FieldSamples.personalMarkers(of: type) + [marker] {
                    #expect(!rejected.reason.contains(hidden), "\(rejected.reason)")
                }
            }
        }
        #expect(refused > 0 || type.fields.classes.isEmpty, "nothing of \(type.rawValue) was refused")
    }
}
