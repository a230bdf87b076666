import ControlRoom
import TestSupport
import Testing

@Suite("What events say")
struct FactTests {
    private func fact(_ type: EventType, _ data: String) throws -> Fact {
        var make = EventMaker()
        return try Fact(of: make.event(type, "s", data))
    }

    @Test(
        "a type that is not known says nothing, and is no error",
        arguments: ["", "com.example.x", "eu.impetus.alert.raised.v2"])
    func unknown(_ name: String) throws {
        #expect(try fact(EventType(rawValue: name), "not json") == .unknown)
    }

    static let samples: [(EventType, String)] = [
        (.alertRaised, #"{"tool":"FD","severity":"high"}"#), (.alertCleared, "{}"),
        (.alertCancelled, #"{"tool":"CAP","severity":"info","cancels":["a"]}"#),
        (.alertAcknowledged, #"{"occurrence":1,"severity":"low"}"#), (.alertAssessed, #"{"occurrence":1}"#),
        (.alertClosed, #"{"occurrence":1,"disposition":"none"}"#), (.alertReset, "{}"),
        (.alertShelved, #"{"until":"2026-11-23T12:00:00Z"}"#), (.alertUnshelved, "{}"), (.alertNoted, #"{"note":"n"}"#),
        (.actUndone, #"{"act":"e1"}"#), (.observationRecorded, #"{"value":1}"#), (.toolReported, #"{"state":"ok"}"#),
        (.toolRegistered, #"{"name":"noise meters","silent_after_s":600}"#), (.toolRemoved, "{}"),
        (.checklistStarted, #"{"playbook":"p"}"#), (.checklistStepSet, #"{"step":1,"state":"done"}"#),
        (.checklistNoted, #"{"note":"n"}"#), (.cityDefined, #"{"id":"c"}"#),
        (
            .districtDefined,
            #"{"id":"d","name":"D","outline":{"type":"Polygon","coordinates":[[[0,0],[1,0],[1,1],[0,0]]]}}"#
        ),
        (.siteDefined, #"{"id":"s","name":"S","lat":0,"lon":0}"#), (.streetsDefined, #"{"nodes":[]}"#),
        (.assetDefined, #"{"id":"a","name":"A"}"#),
        (
            .vulnerabilityListed,
            #"{"cveID":"C","vendorProject":"v","product":"p","dateAdded":"2026-01-01","dueDate":"2026-01-02"}"#
        ),
        (.playbookPublished, #"{"id":"p","steps":[{"id":1}]}"#),
        (.exerciseStarted, #"{"exercise":"x"}"#), (.exerciseEnded, "{}"), (.alertWithdrawn, #"{"reason":"r"}"#),
        (.tenantAdded, #"{"tenant":"police"}"#),
        (.agreementMade, #"{"id":"a","from":"police","to":"fire","purpose":"p","categories":["*"]}"#),
        (.agreementEnded, #"{"id":"a"}"#),
        (.hubFollowed, #"{"place":"h:1","through":7,"serves":true}"#),
        (.enrolmentOffered, #"{"code_hash":"h","actor":"a","role":"operator","until":"2026-11-23T12:00:00Z"}"#),
        (.enrolmentWithdrawn, #"{"code_hash":"h"}"#),
        (.identityEnrolled, #"{"actor":"a","role":"operator","key_id":"k"}"#), (.identityRevoked, #"{"key_id":"k"}"#),
        (.logCheckpointed, #"{"sequence":1,"head":"00"}"#),
        (.logTrimmed, #"{"through":1,"head":"00","recorded":"2026-11-23T12:00:00Z"}"#),
        (.retentionSet, #"{"tenant":"t","days":90}"#),
        (.logTrusted, #"{"log":"t","log_id":"l","sequence":1,"head":"00"}"#),
        (.logRekeyed, #"{"log":"t","sequence":1,"before":"00","after":"01"}"#),
        (.sourcePinned, #"{"tenant":"t","source":"s","key_id":"k"}"#),
        (.sourceReleased, #"{"tenant":"t","source":"s"}"#),
        (.alertSuppressed, #"{"rule":"r","severity":"low"}"#), (.alertUnsuppressed, #"{"rule":"r"}"#),
        (.alertRemovedFromService, #"{"reason":"r"}"#), (.alertReturnedToService, "{}"), (.alertTaken, "{}"),
        (.alertAssigned, #"{"to":"op2"}"#), (.alertEscalated, #"{"level":1,"to":"supervisor","occurrence":1}"#),
        (.alertReminded, "{}"), (.alertLinked, #"{"occurrence":1,"cause":"scada-3/power"}"#),
        (.suppressionStarted, #"{"filter":"tool = FD","reason":"power cut"}"#),
        (.suppressionEnded, "{}"), (.actsBound, "{}"),
        (.approvalRequested, #"{"wish":"remove_from_service","severity":"low","reason":"r"}"#),
        (.approvalGranted, #"{"wish":"shelve","until":"2026-11-23T12:00:00Z","author":"op1"}"#),
        (.approvalRefused, #"{"wish":"remove_from_service","author":"op1"}"#),
        (
            .alarmPolicySet,
            #"{"shelf_s":3600,"escalations":[{"severity":"high","steps":[{"after_s":60,"to":"supervisor"}]}]}"#
        ),
    ]

    @Test("every known type decodes", arguments: samples)
    func decodes(_ type: EventType, _ data: String) throws { #expect(try fact(type, data) != .unknown) }

    @Test("every known type has a sample")
    func complete() { #expect(Set(FactTests.samples.map(\.0)) == Set(EventType.known)) }

    @Test("fields that are not known are passed over, text after the end is not", arguments: samples)
    func unknownFields(_ type: EventType, _ data: String) throws {
        let more = data.dropLast() + (data == "{}" ? "" : ",") + #""zz":[{"a":null}]}"#
        #expect(try fact(type, String(more)) == fact(type, data))
        #expect(throws: JSONError.self) { try fact(type, data + " x") }
        #expect(throws: JSONError.self) { try fact(type, String(data.dropLast())) }
    }

    static let refused: [(EventType, String)] = [
        (.alertRaised, "{}"), (.alertRaised, "[]"), (.alertRaised, ""), (.alertRaised, #"{"tool":"FD"}"#),
        (.alertRaised, #"{"severity":"high"}"#), (.alertRaised, #"{"tool":"","severity":"high"}"#),
        (.alertRaised, #"{"tool":"FD","severity":"High"}"#), (.alertRaised, #"{"tool":"FD","severity":3}"#),
        (.alertRaised, #"{"tool":"FD","severity":"high","confidence":1.1}"#),
        (.alertRaised, #"{"tool":"FD","severity":"high","confidence":-0.1}"#),
        (.alertRaised, #"{"tool":"FD","severity":"high","lat":90.1,"lon":0}"#),
        (.alertRaised, #"{"tool":"FD","severity":"high","lat":0,"lon":-180.5}"#),
        (.alertRaised, #"{"tool":"FD","severity":"high","stale":"tomorrow"}"#),
        (.alertRaised, #"{"tool":"FD","severity":"high","status":"real"}"#),
        (.alertRaised, #"{"tool":"FD","severity":"high","area":{"type":"Point","coordinates":[0,0]}}"#),
        (.alertAcknowledged, #"{"occurrence":1}"#), (.alertAcknowledged, #"{"severity":"low"}"#),
        (.alertAcknowledged, #"{"occurrence":1.5,"severity":"low"}"#), (.alertAssessed, "{}"),
        (.alertAssessed, #"{"occurrence":1,"verdict":"maybe"}"#),
        (.alertClosed, #"{"occurrence":1,"disposition":"x"}"#),
        (.suppressionStarted, #"{"filter":"tool = FD"}"#), (.suppressionStarted, #"{"reason":"r"}"#),
        (.alertSuppressed, #"{"rule":"r"}"#), (.alertSuppressed, #"{"severity":"low"}"#),
        (.alertEscalated, #"{"level":0,"to":"x"}"#), (.alertEscalated, #"{"level":1}"#),
        (.alertLinked, #"{"occurrence":1,"cause":7}"#), (.alertLinked, #"{"occurrence":1,"casue":"x"}"#),
        (.alertLinked, #"{"cause":"x"}"#),
        (.approvalRequested, #"{"wish":"shelve","severity":"low","reason":"r"}"#),
        (.approvalRequested, #"{"wish":"sleep","severity":"low","reason":"r"}"#),
        (.approvalRequested, #"{"wish":"remove_from_service","severity":"low","reason":""}"#),
        (.approvalGranted, #"{"wish":"remove_from_service"}"#),
        (.alarmPolicySet, #"{"shelf_s":5}"#), (.alarmPolicySet, #"{"reminders":{"dire":60}}"#),
        (.alarmPolicySet, #"{"escalations":[{"severity":"high","steps":[{"after_s":60}]}]}"#),
        (
            .alarmPolicySet,
            #"{"escalations":[{"severity":"low","steps":[{"after_s":60,"to":"a"},{"after_s":60,"to":"b"}]}]}"#
        ),
        (.alertShelved, "{}"), (.alertShelved, #"{"until":null}"#), (.actUndone, "{}"),
        (.toolReported, #"{"state":"up"}"#),
        (.toolRegistered, "{}"), (.toolRegistered, #"{"name":""}"#),
        (.toolRegistered, #"{"name":"n","silent_after_s":9}"#),
        (.toolRegistered, #"{"name":"n","silent_after_s":604801}"#),
        (.alarmPolicySet, #"{"groups":[{"tool":"noise_meter","radius_m":50,"window_s":60}]}"#),
        (.alarmPolicySet, #"{"escalations":[{"severity":"low","tool":"?","steps":[{"after_s":60,"to":"a"}]}]}"#),
        (.checklistStarted, "{}"), (.checklistStepSet, #"{"step":1}"#), (.checklistStepSet, #"{"state":"done"}"#),
        (.cityDefined, "{}"), (.districtDefined, #"{"id":"d","name":"D"}"#), (.siteDefined, #"{"id":"s","name":"S"}"#),
        (.assetDefined, #"{"id":"a"}"#), (.assetDefined, #"{"id":"a","name":"A","exposure":"public"}"#),
        (
            .vulnerabilityListed,
            #"{"cveID":"C","vendorProject":"v","product":"p","dateAdded":"2026-02-30","dueDate":"2026-01-02"}"#
        ),
        (.tenantAdded, "{}"), (.tenantAdded, #"{"tenant":"../x"}"#), (.tenantAdded, #"{"tenant":"system"}"#),
        (.agreementMade, #"{"id":"a","from":"police","to":"police","purpose":"p"}"#),
        (.agreementMade, #"{"id":"a","from":"police","to":"fire"}"#),
        (.enrolmentOffered, #"{"code_hash":"h","actor":"a","role":"king","until":"2026-11-23T12:00:00Z"}"#),
        (.enrolmentOffered, #"{"code_hash":"h","actor":"a","role":"operator"}"#),
        (.enrolmentWithdrawn, #"{}"#),
        (.identityEnrolled, #"{"actor":"a","role":"operator"}"#),
        (.playbookPublished, #"{"id":"p","steps":[]}"#),
        (.playbookPublished, #"{"id":"p","steps":[{"id":1},{"id":1}]}"#),
        (.playbookPublished, #"{"id":"p","steps":[{"id":1,"after":[2]}]}"#),
    ]

    @Test("data that is not what its type asks for is refused", arguments: refused)
    func refuses(_ type: EventType, _ data: String) {
        #expect(throws: JSONError.self) { try fact(type, data) }
    }

    @Test("only what needs no data goes without it")
    func withoutData() {
        let without = EventType.known.filter { type in
            (try? Fact(of: Event(id: "1", source: "s", type: type))) != nil
        }
        #expect(
            Set(without) == [
                .alertCleared, .alertReset, .alertUnshelved, .alertReturnedToService, .alertTaken, .alertReminded,
                .suppressionEnded, .exerciseEnded, .actsBound, .toolRemoved,
            ])
    }

    @Test("the place of an alert is its own, or the middle of its area")
    func place() throws {
        let area = #""area":{"type":"Polygon","coordinates":[[[179,0],[-179,0],[-179,2],[179,2],[179,0]]]}"#
        guard case .alertRaised(let raised) = try fact(.alertRaised, #"{"tool":"FD","severity":"high",\#(area)}"#)
        else {
            Issue.record("no alert")
            return
        }
        let alert = Alert(
            subject: "a", raised: raised, Alert.Word(id: "1", source: "s", time: EventMaker.noon, now: EventMaker.noon))
        #expect(alert.place?.isValid == true && abs(abs(alert.place?.longitude ?? 0) - 180) < 1e-9)
    }
}
