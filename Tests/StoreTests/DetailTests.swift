import ControlRoom
import Store
import TestSupport
import Testing

@Suite("The detail of an alert")
struct DetailTests {
    @Test("the timeline is walked back through every event about it, and no other")
    func timeline() throws {
        let disk = try TemporaryStore()
        var make = EventMaker()
        try disk.ingest([make.raised("a", .low), make.raised("b"), make.acknowledged("a", .low)])
        try disk.ingest([make.cleared("b"), make.raised("a", .high), make.acknowledged("a", .low)])
        try disk.ingest(make.event(.alertNoted, "a", "{\"note\":\"look\"}", by: "op2"))
        make.exercise = "x"
        try disk.ingest(make.raised("a", .critical))
        let line = try #require(try disk.store.alert(subject: "a", realm: .actual))
        let detail = try #require(try disk.store.detail(row: line.row))
        let types: [EventType] = [.alertRaised, .alertAcknowledged, .alertRaised, .alertAcknowledged, .alertNoted]
        #expect(detail.timeline.map(\.type) == types)
        #expect(detail.timeline.map(\.by) == [nil, "op1", nil, "op1", "op2"])
        #expect(
            detail.timeline.map(\.severity) == [.low, nil, .high, nil, nil] && detail.timeline.last?.note == "look")
    }

    @Test("a long timeline shows its end")
    func longTimeline() throws {
        let disk = try TemporaryStore()
        var make = EventMaker()
        try disk.ingest(
            (0..<100).map {
                make.event(
                    $0 == 0 ? .alertRaised : .alertNoted, "a",
                    $0 == 0 ? "{\"tool\":\"FD\",\"severity\":\"low\"}" : "{\"note\":\"\($0)\"}")
            })
        let row = try #require(try disk.store.alert(subject: "a", realm: .actual)).row
        #expect(try disk.store.detail(row: row)?.timeline.map(\.note) == (60..<100).map { "\($0)" })
    }

    @Test("what only the event says comes with the detail")
    func extras() throws {
        let disk = try TemporaryStore()
        var make = EventMaker()
        let more =
            "\"description\":\"d\",\"radius_m\":50,\"personal\":{\"n\":1},\"evidence\":[\"a\",\"b\"],\"unread\":[\"<polygon> is empty\"],\"cap\":{\"info\":[{\"web\":\"w\"}],\"note\":\"n\"}"
        try disk.ingest([make.playbook("p"), make.playbook("p", version: 2), make.raised("a", tool: .fd, more)])
        try disk.ingest(make.started("run/1", playbook: "p", version: 2))
        let row = try #require(try disk.store.alert(subject: "a", realm: .actual)).row
        let detail = try #require(try disk.store.detail(row: row))
        #expect(
            detail.description == "d" && detail.radiusMetres == 50 && detail.hasPersonal && detail.evidenceCount == 2)
        #expect(detail.extras.map(\.name) == ["unread", "info.web", "note"])
        #expect(detail.extras.first?.value == "<polygon> is empty")
        #expect(detail.offers.map(\.version) == [2] && detail.runs.map(\.id) == ["run/1"])
        #expect(try disk.store.detail(row: 99) == nil)
    }

    @Test("what CAP says of people, and what is not declared, is masked by its name, however much there is")
    func masked() throws {
        let disk = try TemporaryStore()
        var make = EventMaker()
        var event = make.raised("a")
        event.data = .json(
            FieldSamples.data(
                of: .alertRaised,
                changed: [
                    "cap.info.contact": #"["MARK1","MARK2"]"#,
                    "cap.info.area.geocode": #"[{"name":"NUTS3","value":"ITH36"}]"#,
                    "cap.info.parameter": #"[{"name":"MARK4","value":"MARK5"}]"#,
                ], without: ["replaces"]))
        try disk.ingest(event)
        let row = try #require(try disk.store.alert(subject: "a", realm: .actual)).row
        let detail = try #require(try disk.store.detail(row: row))
        let shown = "\(detail)"
        for path in EventType.alertRaised.personalFields where EventType.alertRaised.fields.class(of: path) == .person {
            #expect(!shown.contains(FieldSamples.marker(.alertRaised, path)), "\(path)")
        }
        for number in [1, 2, 4, 5] { #expect(!shown.contains("MARK\(number)")) }
        #expect(detail.hasPersonal && detail.evidenceCount == 1)
        let masks = Dictionary(grouping: detail.extras, by: \.name).mapValues { $0.map(\.value) }
        #expect(masks["info.contact"] == ["[contact]"] && masks["info.parameter"] == ["[parameter]"])
        #expect(masks["addresses"] == ["[addresses]"] && masks["info.resource.uri"] == ["[uri]"])
        #expect(masks["info.area.geocode.name"] == ["NUTS3"] && masks["info.area.geocode.value"] == ["ITH36"])
        #expect(masks["info.web"] == [FieldSamples.marker(.alertRaised, "cap.info.web")])
        // A person's words are read here, by whoever works on the alarm.
        #expect(masks["note"] == [FieldSamples.marker(.alertRaised, "cap.note")])
    }

    @Test(
        "why an alarm is kept quiet comes with its code and its words; words of before there were codes are another's")
    func reasons() throws {
        let disk = try TemporaryStore()
        var make = EventMaker()
        let until = EventMaker.noon.adding(seconds: 600).rfc3339
        let seen = #""occurrence":1,"severity":"high""#
        try disk.ingest([
            make.raised("a"), make.raised("b"),
            make.event(
                .alertShelved, "a", #"{"until":"\#(until)","reason":"known-fault","note":"lens",\#(seen)}"#, by: "op1"),
            make.event(.alertRemovedFromService, "b", #"{"reason":"roadworks",\#(seen)}"#, by: "sup1"),
        ])
        let (a, b) = (
            try disk.store.alert(subject: "a", realm: .actual), try disk.store.alert(subject: "b", realm: .actual)
        )
        #expect(a?.alert.shelving?.reason == SuppressionReason(.knownFault, note: "lens"))
        #expect(b?.alert.removal?.reason == SuppressionReason(.other, note: "roadworks"))
        let row = try #require(b).row
        let entry = try #require(try disk.store.detail(row: row)?.timeline.last)
        #expect(entry.reason == .other && entry.note == "roadworks")
    }

    @Test("an act that the log had late keeps its author's time beside the log's, in row and timeline, and when undone")
    func lateAct() throws {
        let disk = try TemporaryStore()
        var make = EventMaker()
        let late = EventMaker.noon.adding(seconds: 2_400)
        try disk.ingest(make.raised("a", .low))
        let ack = make.acknowledged("a", .low)
        try disk.ingest(
            [ack, make.shelved("a", until: late.adding(seconds: 600), seen: Seen(occurrence: 1, severity: .low))],
            at: late)
        let line = try #require(try disk.store.alert(subject: "a", realm: .actual))
        let acts = [line.alert.acknowledgement, line.alert.shelving?.act]
        #expect(acts.map { $0?.time } == [EventMaker.noon, EventMaker.noon] && acts.map { $0?.at } == [late, late])
        let detail = try #require(try disk.store.detail(row: line.row))
        #expect(detail.timeline.map(\.done) == [nil, EventMaker.noon, EventMaker.noon])
        #expect(detail.timeline.map(\.at) == [EventMaker.noon, late, late])
        // The shelf is done again without the acknowledgement, and stands as it was.
        make.time = late.adding(seconds: 4)
        try disk.ingest(make.undone(ack), at: late.adding(seconds: 8))
        let after = try #require(try disk.store.alert(subject: "a", realm: .actual)).alert
        #expect(!after.acknowledged && after.shelving?.act == line.alert.shelving?.act)
        // Up to five seconds apart they are one time.
        try disk.ingest(make.acknowledged("a", .low), at: late.adding(seconds: 9))
        let last = try #require(try disk.store.alert(subject: "a", realm: .actual)).alert.acknowledgement
        #expect(last?.done == nil && last?.time == late.adding(seconds: 9))
    }
}
