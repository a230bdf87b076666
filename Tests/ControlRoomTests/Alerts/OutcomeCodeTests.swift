import ControlRoom
import Testing

@Suite("Reasons as codes")
struct OutcomeCodeTests {
    static let names = ["op1", "", "urn:impetus:feed", "a:b:c", ":", "é 😀"]

    static var reasons: [Outcome.Reason] {
        let plain: [Outcome.Reason] = [
            .unknownSubject, .notAcknowledged, .notActive, .alreadyClosed, .notLatched, .nothingToUndo,
            .newerOccurrence(7), .noSuchOccurrence(9), .unknownStep(-1), .needsApproval, .noSuchRequest, .fourEyes,
            .alreadySuppressed,
            .notSuppressed, .alreadyLinked, .ownCause, .namesNothing, .olderNews, .notItsSource, .wouldSilence,
            .tooManyTools(64), .forgottenAlarm,
        ]
        let named = names.flatMap { name -> [Outcome.Reason] in
            [
                .alreadyAcknowledged(by: name), .notYours(by: name), .unknownPlaybook(name),
                .stepAlready(state: "not_applicable", by: name), .alreadyRequested(by: name), .outOfService(by: name),
                .alreadyOwned(by: name), .restsOnIt(by: name),
            ]
        }
        return plain + named + Severity.allCases.map { .severityRose($0) }
    }

    @Test("every reason comes back from its code, whatever the names in it", arguments: reasons)
    func roundTrip(_ reason: Outcome.Reason) { #expect(Outcome.Reason(code: reason.code) == reason) }

    @Test("the table misses no case")
    func complete() {
        // A new case makes this switch fail to compile: give it a row above.
        for reason in OutcomeCodeTests.reasons {
            switch reason {
            case .unknownSubject, .alreadyAcknowledged, .newerOccurrence, .noSuchOccurrence, .severityRose,
                .notAcknowledged, .notActive,
                .alreadyClosed, .notLatched, .stepAlready, .unknownStep, .unknownPlaybook, .nothingToUndo, .notYours,
                .needsApproval, .noSuchRequest, .alreadyRequested, .fourEyes, .alreadySuppressed, .notSuppressed,
                .outOfService, .alreadyOwned, .alreadyLinked, .ownCause, .restsOnIt, .namesNothing, .olderNews,
                .notItsSource, .wouldSilence, .tooManyTools, .forgottenAlarm:
                continue
            }
        }
        let words = Set(OutcomeCodeTests.reasons.map { $0.code.prefix { $0 != ":" } })
        #expect(words.count == 31)
    }

    @Test("what is no code is none", arguments: ["", "applied", "unknown", "UNKNOWN-SUBJECT"])
    func none(_ code: String) { #expect(Outcome.Reason(code: code) == nil) }
}
