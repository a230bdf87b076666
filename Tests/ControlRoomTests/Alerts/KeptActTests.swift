import TestSupport
import Testing

@testable import ControlRoom

@Suite("What is kept of an act")
struct KeptActTests {
    private let now = Timestamp(milliseconds: 1_795_000_000_000)

    @Test("is no note, whichever act has one")
    func notes() {
        let assessed = AlertAssessed(
            occurrence: 1, severity: .high, verdict: .confirmed, disposition: .none, note: "words")
        var plain = assessed
        plain.note = nil
        #expect(Fact.alertAssessed(assessed).withoutNote == .alertAssessed(plain))
        #expect(Fact.alertClosed(assessed).withoutNote == .alertClosed(plain))
    }

    @Test(
        "is no note, as its event has it",
        arguments: [
            EventType.alertAcknowledged, .alertAssessed, .alertClosed, .approvalGranted, .approvalRefused,
        ])
    func declared(_ type: EventType) throws {
        let fact = try self.fact(type)
        let mark = FieldSamples.marker(type, "note")
        #expect(String(decoding: JSONWriter.bytes(fact.writeAct), as: UTF8.self).contains(mark))
        #expect(!String(decoding: JSONWriter.bytes(fact.withoutNote.writeAct), as: UTF8.self).contains(mark))
    }

    @Test("reads as it was written, whatever its event holds", arguments: EventType.known)
    func written(_ type: EventType) throws {
        let fact = try self.fact(type)
        guard fact.isActOnAlert else { return }
        let event = Event(
            id: "e", source: "urn:test", type: type, subject: "a", data: .json(JSONWriter.bytes(fact.writeAct)))
        #expect(type == .alertNoted || (try? Fact(of: event)) == fact)
    }

    @Test("a rule to suppress by reads as it was written")
    func rule() throws {
        guard case .suppressionStarted(let rule) = try fact(.suppressionStarted) else {
            Issue.record("another type of fact")
            return
        }
        #expect(rule.until != nil && rule.cause != nil)
        #expect(try JSONReader.read(JSONWriter.bytes(rule.write)) { try SuppressionStarted(reading: &$0) } == rule)
    }

    private func fact(_ type: EventType) throws -> Fact {
        let data = FieldSamples.data(of: type, changed: ["reason": "\"test\""])
        return try Fact(of: Event(id: "e", source: "urn:test", type: type, subject: "a", data: .json(data)))
    }

    @Test("a wish to shelve for once is for once when it is read again")
    func wishes() throws {
        for wish in [
            ApprovalWish.shelve(until: now, isOnce: true), .shelve(until: now, isOnce: false), .removeFromService,
        ] {
            let asked = ApprovalRequested(wish: wish, severity: .high, occurrence: 2, reason: SuppressionReason(.test))
            let read = try JSONReader.read(JSONWriter.bytes(asked.write)) { try ApprovalRequested(reading: &$0) }
            #expect(read == asked)
        }
    }

    @Test("its author's time stands beside the log's where it is more than 5 s from it")
    func times() {
        for (seconds, isKept) in [(0.0, false), (5, false), (-5, false), (5.001, true), (-5.001, true)] {
            let done = now.adding(seconds: seconds)
            #expect(Alert.Act(by: "op1", at: now, done: done).done == (isKept ? done : nil), "\(seconds)")
        }
    }
}
