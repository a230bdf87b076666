import ControlRoom
import Testing

@Suite("Who may what")
struct RoleTests {
    static let table: [(Role, String)] = [
        (.operator, "read acknowledge assess close shelve runChecklist note importData runExercise"),
        (
            .supervisor,
            "read acknowledge assess close shelve runChecklist note importData runExercise removeFromService approve "
                + "assign suppress setPolicy definePlaybooks defineTools"
        ),
        (.responder, "read acknowledge runChecklist note"),
        (.analyst, "read acknowledge assess close runChecklist note importData defineAssets"), (.dpo, "read"),
        (.admin, "read importData runExercise define defineAssets definePlaybooks defineTools setPolicy"),
        (.sensor, "report"),
        (.hub, ""),
    ]

    @Test("the rights of each role", arguments: table)
    func rights(_ role: Role, _ rights: String) {
        #expect(Set(role.rights.map(\.rawValue)) == Set(rights.split(separator: " ").map(String.init)))
        for right in Right.allCases { #expect(role.may(right) == role.rights.contains(right)) }
    }

    @Test("the table has every role")
    func complete() { #expect(Set(RoleTests.table.map(\.0)) == Set(Role.allCases)) }

    @Test("every act of a person needs a right, and nothing that a machine says")
    func neededRights() {
        let acts: Set<EventType> = [
            .alertAcknowledged, .alertAssessed, .alertClosed, .alertReset, .alertShelved, .alertUnshelved, .alertNoted,
            .checklistStarted, .checklistStepSet, .checklistNoted, .alertRemovedFromService, .alertReturnedToService,
            .alertTaken, .alertAssigned, .alertLinked, .approvalRequested, .approvalGranted, .approvalRefused,
            .alarmPolicySet,
            .suppressionStarted, .suppressionEnded, .toolRegistered, .toolRemoved,
        ]
        for type in EventType.known { #expect((type.neededRight != nil) == acts.contains(type)) }
    }

    @Test("what a hub makes, nobody may post")
    func hubsOwn() {
        let own: Set<EventType> = [
            .tenantAdded, .agreementMade, .agreementEnded, .hubFollowed, .enrolmentOffered, .enrolmentWithdrawn,
            .identityEnrolled,
            .identityRevoked, .logCheckpointed, .logTrimmed, .retentionSet, .logTrusted, .logRekeyed,
            .alertWithdrawn,
            .alertSuppressed,
            .alertUnsuppressed, .alertEscalated, .alertReminded, .actsBound, .sourcePinned, .sourceReleased,
        ]
        for type in EventType.known { #expect(type.postingRights.isEmpty == own.contains(type), "\(type.rawValue)") }
    }

    @Test("notes and what people wrote are personal fields")
    func personal() {
        #expect(EventType.alertRaised.personalFields.isSuperset(of: ["personal", "evidence", "cap.info.contact"]))
        let noted: [EventType] = [
            .alertAcknowledged, .alertAssessed, .alertClosed, .alertShelved, .alertNoted, .checklistStepSet,
            .alertRemovedFromService, .approvalRequested, .approvalGranted, .approvalRefused,
        ]
        for type in noted { #expect(type.personalFields.contains("note")) }
    }
}
