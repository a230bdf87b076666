internal import ControlRoom

/// Makes districts with ids of their own out of the features of one file.
struct DistrictSet {
    private let set: String
    /// Ids that are taken, and the number that the next of the same name gets.
    private var used: [String: Int] = [:]
    private var count = 0

    init(_ name: String) { set = name }

    mutating func district(_ feature: GeoJSONFeature) -> District {
        count += 1
        let name = feature.name ?? "District \(count)"
        let wanted = Slug.make(feature.id ?? name)
        let id = unique(wanted.isEmpty ? "district-\(count)" : wanted)
        return District(id: id, set: set, name: name, population: feature.population, outline: feature.outline)
    }

    private mutating func unique(_ wanted: String) -> String {
        guard var number = used[wanted] else {
            used[wanted] = 2
            return wanted
        }
        while used["\(wanted)-\(number)"] != nil { number += 1 }
        used[wanted] = number + 1
        used["\(wanted)-\(number)"] = 2
        return "\(wanted)-\(number)"
    }

    /// The event that defines a district; it has no time of its own, so that the same file makes the same events.
    static func event(_ district: District) -> Event {
        let data = json(district)
        var event = Event(
            id: ContentID.of(data), source: "urn:impetus:districts:" + PercentEncoding.encode(district.set),
            type: .districtDefined, subject: "district/" + district.set + "/" + district.id, data: .json(data))
        event.dataContentType = "application/json"
        return event
    }

    /// The same members as `District.write`, but with longitudes between -180 and 180, where readers ask for them.
    private static func json(_ district: District) -> [UInt8] {
        var writer = JSONWriter()
        writer.object { writer in
            writer.member("id", district.id)
            writer.member("set", district.set)
            writer.member("name", district.name)
            writer.member("population", district.population)
            writer.key("outline")
            write(district.outline, to: &writer)
        }
        return writer.bytes
    }

    private static func write(_ outline: MultiPolygon, to writer: inout JSONWriter) {
        writer.object { writer in
            writer.member("type", "MultiPolygon")
            writer.key("coordinates")
            writer.array { writer in
                for polygon in outline.polygons {
                    writer.array { writer in
                        for ring in polygon { GeoJSONWriting.write(ring.map(GeoJSONWriting.wrapped), to: &writer) }
                    }
                }
            }
        }
    }
}
