import Cities
import ControlRoom
import Foundation
import Testing

@Suite("Shipped city packs")
struct ShippedPackTests {
    static let districts = ["padova": 6, "oslo": 16]

    @Test("hold what a control room needs", arguments: CityPack.shipped)
    func counts(name: String) throws {
        let told = try Told(name)
        #expect(told.districts.count == Self.districts[name])
        #expect((38...55).contains(told.sites.count), "\(told.sites.count) sites")
        #expect(told.sites.contains { $0.kind == "camera" })
        #expect((55...70).contains(told.assets.count), "\(told.assets.count) assets")
        #expect(told.playbooks.count == 6)
        #expect(told.streets.map { $0.edges.isEmpty } == [false])
        #expect(told.pack.exercises.map(\.durationSeconds) == [1200])
    }

    @Test("say nothing that is not understood, and the city last", arguments: CityPack.shipped)
    func decoded(name: String) throws {
        let told = try Told(name)
        #expect(told.pack.definitions.last?.type == .cityDefined)
        #expect(told.city == told.pack.city)
        #expect(told.pack.city.id == name)
        #expect(told.pack.definitions.allSatisfy { EventType.known.contains($0.type) })
        #expect(told.exercise.injects.allSatisfy { EventType.known.contains($0.type) })
        #expect(try !told.planned().contains { $0.fact == .unknown })
    }

    @Test("make the same events each time, each once", arguments: CityPack.shipped)
    func stable(name: String) throws {
        let told = try Told(name)
        #expect(told.pack.definitions == (try Told(name)).pack.definitions)
        let keys = told.pack.definitions.map { [$0.source, $0.id] }
        #expect(Set(keys).count == keys.count)
        #expect(Set(told.pack.definitions.map(\.subject)).count == keys.count)
    }

    @Test("put the districts of the city's set on the map", arguments: CityPack.shipped)
    func districtSet(name: String) throws {
        let told = try Told(name)
        #expect(Set(told.districts.map(\.set)) == [told.pack.city.districtSet])
        #expect(told.districts.allSatisfy { ($0.population ?? 0) > 0 })
    }

    @Test("numbers are kept as they were written", arguments: CityPack.shipped)
    func numbers(name: String) throws {
        for event in try Told(name).pack.definitions where event.type == .assetDefined || event.type == .siteDefined {
            let text = String(decoding: event.data.bytes, as: UTF8.self)
            #expect(!text.contains("00000") && !text.contains("99999"), "\(text)")
        }
    }
}
