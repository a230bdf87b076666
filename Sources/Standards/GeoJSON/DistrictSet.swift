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
        let data = JSONWriter.bytes(district.write)
        var event = Event(
            id: ContentID.of(data), source: "urn:impetus:districts:" + PercentEncoding.encode(district.set),
            type: .districtDefined, subject: "district/" + district.set + "/" + district.id, data: .json(data))
        event.dataContentType = "application/json"
        return event
    }
}
