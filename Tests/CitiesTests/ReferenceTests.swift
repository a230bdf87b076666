import Cities
import ControlRoom
import Testing

/// A name that leads nowhere is a row on the screen that cannot be opened.
@Suite("References within the shipped packs")
struct ReferenceTests {
    @Test("sites and assets name districts, sites and assets that are there", arguments: CityPack.shipped)
    func places(name: String) throws {
        let told = try Told(name)
        let districts = Set(told.districts.map(\.id))
        let sites = Set(told.sites.map(\.id))
        let assets = Set(told.assets.map(\.id))
        for site in told.sites { #expect(districts.contains(site.district ?? ""), "\(site.id)") }
        for asset in told.assets {
            #expect(districts.contains(asset.district ?? ""), "\(asset.id)")
            #expect(sites.contains(asset.site ?? ""), "\(asset.id)")
            #expect(Set(asset.connects).isSubset(of: assets.subtracting([asset.id])), "\(asset.id)")
        }
    }

    @Test("streets run between nodes that are there", arguments: CityPack.shipped)
    func streets(name: String) throws {
        for streets in try Told(name).streets {
            let nodes = Set(streets.nodes.map(\.id))
            #expect(nodes.count == streets.nodes.count && !nodes.contains(""))
            for edge in streets.edges {
                #expect(nodes.contains(edge.from) && nodes.contains(edge.to), "\(edge.name)")
                #expect(edge.lengthMetres > 0 && edge.widthMetres > 0, "\(edge.name)")
            }
        }
    }

    @Test("a step comes after steps that are there, and before none of them", arguments: CityPack.shipped)
    func steps(name: String) throws {
        for playbook in try Told(name).playbooks {
            var earlier: Set<Int> = []
            for step in playbook.steps {
                #expect(Set(step.after).isSubset(of: earlier), "\(playbook.id) step \(step.id)")
                earlier.insert(step.id)
            }
        }
    }

    @Test("alerts of the exercise name sites and districts that are there", arguments: CityPack.shipped)
    func alerts(name: String) throws {
        let told = try Told(name)
        let districts = Set(told.districts.map(\.id))
        let sites = Set(told.sites.map(\.id))
        for (inject, alert) in try told.alerts() {
            #expect(alert.district.map(districts.contains) ?? true, "\(inject.subject)")
            #expect(alert.site.map(sites.contains) ?? true, "\(inject.subject)")
        }
    }

    @Test("every place lies in the district it names", arguments: CityPack.shipped)
    func inside(name: String) throws {
        let told = try Told(name)
        let outlines = Dictionary(uniqueKeysWithValues: told.districts.map { ($0.id, $0.outline) })
        var places = told.sites.map { ($0.id, $0.place as Coordinate?, $0.district) }
        places += told.assets.map { ($0.id, $0.place, $0.district) }
        places += try told.alerts().map { ($0.inject.subject, $0.alert.place, $0.alert.district) }
        for case (let id, let place?, let district?) in places {
            #expect(outlines[district]?.contains(place) == true, "\(id) in \(district)")
        }
    }
}
