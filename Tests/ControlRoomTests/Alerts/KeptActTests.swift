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
