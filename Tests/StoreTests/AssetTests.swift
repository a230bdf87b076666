import ControlRoom
import Store
import TestSupport
import Testing

@Suite("Assets and their risk")
struct AssetTests {
    private func asset(_ make: inout EventMaker, _ id: String, _ criticality: Int) -> Event {
        make.event(
            .assetDefined, "asset/\(id)",
            "{\"id\":\"\(id)\",\"name\":\"\(id)\",\"vendor\":\"Acme\",\"product\":\"P\(criticality)\",\"criticality\":\(criticality)}"
        )
    }

    private func lines(_ disk: TemporaryStore, _ realm: Realm = .actual) throws -> [String] {
        try disk.store.assets(realm, limit: 9).map { "\($0.asset.id) \($0.risk.score)" }
    }

    @Test("the order and the numbers are those of the risk, realm by realm")
    func order() throws {
        let disk = try TemporaryStore()
        var make = EventMaker()
        try disk.ingest([asset(&make, "one", 1), asset(&make, "three", 3)])
        #expect(try lines(disk) == ["three 17", "one 9"])
        let data =
            "{\"cveID\":\"CVE-1\",\"vendorProject\":\"ACME\",\"product\":\"p1\",\"dateAdded\":\"2026-01-01\",\"dueDate\":\"2026-02-01\",\"knownRansomwareCampaignUse\":\"Known\"}"
        try disk.ingest(make.event(.vulnerabilityListed, "cve", data))
        #expect(try lines(disk) == ["one 45", "three 17"])
        #expect(try disk.store.assetCounts() == (2, 1))
        try disk.ingest(make.raised("three/login", .critical, tool: .ctdr))
        #expect(try lines(disk) == ["one 45", "three 37"] && lines(disk, .exercise("x")) == ["one 45", "three 17"])
        try disk.ingest([make.acknowledged("three/login"), make.cleared("three/login")])
        #expect(try lines(disk) == ["one 45", "three 17"])
    }

    @Test("an alert that turns out to be about another asset leaves the first")
    func moves() throws {
        let disk = try TemporaryStore()
        var make = EventMaker()
        try disk.ingest([
            asset(&make, "one", 1), asset(&make, "three", 3),
            make.raised("s", .critical, tool: .ctdr, "\"site\":\"one\""),
        ])
        #expect(try lines(disk) == ["one 29", "three 17"])
        try disk.ingest(make.raised("s", .critical, tool: .ctdr, "\"site\":\"three\""))
        #expect(try lines(disk) == ["three 37", "one 9"])
        try disk.ingest(make.raised("s", .critical, tool: .fd))
        #expect(try lines(disk) == ["three 17", "one 9"])
    }
}
