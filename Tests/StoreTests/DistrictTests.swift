import ControlRoom
import Store
import TestSupport
import Testing

@Suite("Districts of alerts")
struct DistrictTests {
    private func prepared(_ make: inout EventMaker) throws -> TemporaryStore {
        let disk = try TemporaryStore()
        try disk.ingest([
            make.district("west", set: "one", south: 45, west: 11),
            make.district("east", set: "one", south: 45, west: 12),
            make.city("c", set: "one"),
        ])
        try disk.settle()
        return disk
    }

    private func district(_ disk: TemporaryStore, _ subject: String) throws -> String? {
        try disk.store.alert(subject: subject, realm: .actual)?.alert.district
    }

    @Test("are found by place, by id and by name; a name that is not known is kept as it is")
    func found() throws {
        var make = EventMaker()
        let disk = try prepared(&make)
        try disk.ingest([
            make.raised("place", .high, "\"lat\":45.5,\"lon\":12.5"), make.raised("id", .high, "\"district\":\"west\""),
            make.raised("name", .high, "\"district\":\"east by name\""),
            make.raised("other", .high, "\"district\":\"Mars\""),
            make.raised("outside", .high, "\"lat\":1,\"lon\":1"), make.raised("none"),
        ])
        let found = try ["place", "id", "name", "other", "outside", "none"].map { try district(disk, $0) }
        #expect(found == ["east", "west", "east", "Mars", nil, nil])
    }

    @Test("are found anew when another set is put on the map, counts included")
    func relocated() throws {
        var make = EventMaker()
        let disk = try prepared(&make)
        let alerts = (0..<50).map { make.raised("s\($0)", .high, "\"lat\":45.5,\"lon\":1\(1 + $0 % 2).5") }
        try disk.ingest(alerts + [make.raised("named", .high, "\"district\":\"north by name\"")])
        try disk.ingest(make.acknowledged("s0"))
        let before = try disk.store.alert(subject: "s0", realm: .actual)?.alert
        try disk.ingest([make.district("north", set: "two", south: 45, west: 11, size: 5), make.city("c2", set: "two")])
        #expect(try district(disk, "s0") == "west")
        var portions = 0
        while try disk.store.backgroundStep(limit: 7) { portions += 1 }
        #expect(portions > 5)
        #expect(
            try (0..<50).allSatisfy { try district(disk, "s\($0)") == "north" } && district(disk, "named") == "north")
        let groups = try disk.store.totals(.actual, now: EventMaker.noon, midnight: EventMaker.noon).groups
        #expect(
            groups.map(\.district) == ["north"] && groups.map(\.total) == [51] && groups.map(\.unacknowledged) == [50])
        var after = try disk.store.alert(subject: "s0", realm: .actual)?.alert
        after?.district = before?.district
        #expect(after == before)
    }

    @Test("what another process put on the map counts from its next alert on")
    func otherProcess() throws {
        var make = EventMaker()
        let disk = try prepared(&make)
        try disk.ingest(make.raised("a", .high, "\"lat\":45.5,\"lon\":11.5"))
        let other = try disk.again()
        let events = [make.district("all", set: "two", south: 40, west: 10, size: 9), make.city("c2", set: "two")]
        _ = try other.ingest(try events.map { try AdmittedEvent($0) }, now: EventMaker.noon)
        try disk.ingest(make.raised("b", .high, "\"lat\":45.5,\"lon\":11.5"))
        #expect(try district(disk, "b") == "all")
    }

    @Test("places are found in a box, and one that crosses it is not in it twice")
    func places() throws {
        var make = EventMaker()
        let disk = try prepared(&make)
        try disk.ingest([
            make.raised("a", .low, "\"lat\":45.1,\"lon\":11.1"),
            make.raised("b", .critical, "\"lat\":45.1,\"lon\":11.1"),
            make.raised("c", .high, "\"lat\":46.9,\"lon\":11.1"),
            make.raised("over", .high, "\"lat\":45.2,\"lon\":11.2"),
            make.acknowledged("over"), make.cleared("over"), make.acknowledged("a"),
        ])
        let box = GeoBox(south: 45, west: 11, north: 46, east: 12)
        let found = try disk.store.places(.actual, in: box, limit: 9)
        #expect(found.count == 1 && found.first?.worst == .critical)
        #expect(found.first?.open == 2 && found.first?.unacknowledged == 1)
        for (box, count) in [
            (GeoBox(south: 45, west: 11.1, north: 45.1, east: 11.1), 1),
            (GeoBox(south: 45, west: 11.2, north: 46, east: 12), 0),
            (GeoBox(south: 45.2, west: 11, north: 46, east: 12), 0),
            (GeoBox(south: -100, west: -200, north: 100, east: 200), 2),
            (GeoBox(south: 45, west: 0, north: 47, east: 11), 0), (GeoBox(south: 46, west: 12, north: 45, east: 11), 0),
        ] { #expect(try disk.store.places(.actual, in: box, limit: 9).count == count) }
        #expect(try disk.store.openBox(.actual).map { abs($0.north - 46.9) < 1e-9 } == true)
    }

    @Test("an area that crosses itself has a place on Earth")
    func hostileArea() throws {
        let disk = try TemporaryStore()
        var make = EventMaker()
        for shift in ["80", "80.000000000000014", "80.0000000000001", "80.00000000001"] {
            let area = "\"area\":{\"type\":\"Polygon\",\"coordinates\":[[[0,0],[100,80],[100,0],[0,\(shift)],[0,0]]]}"
            try disk.ingest(make.raised("a\(shift)", .high, area))
            #expect(try disk.store.alert(subject: "a\(shift)", realm: .actual)?.alert.place?.isValid == true)
        }
    }
}
