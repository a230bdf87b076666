internal import ControlRoom
internal import Standards

extension PackFolder {
    /// The districts and the name of their set, which a file of outlines may give itself.
    ///
    /// A folder may hold the outlines under another name, as a city published them: its first GeoJSON will do.
    func districts(of city: String) throws -> (set: String, events: [Event]) {
        let other = names(in: ".", ending: ".geojson").first
        guard let name = exists("districts.geojson") ? "districts.geojson" : other else {
            throw CityPackError(file: path, line: nil, reason: "no districts.geojson")
        }
        let file = full(name)
        let events = try imported(file, set: city)
        for event in events {
            if case .districtDefined(let district) = try Fact(of: event) { return (district.set, events) }
        }
        throw CityPackError(file: file, line: nil, reason: "no district in it")
    }

    private func imported(_ file: String, set: String) throws -> [Event] {
        // Districts have no time, so it does not matter when they were received.
        let importer = Importer(
            name: set, format: .geojson, languages: [], receivedAt: Timestamp(milliseconds: 0))
        var events: [Event] = []
        do {
            var source = try FileSource(path: file)
            try importer.run(&source) { item in
                switch item {
                case .event(let event, _): events.append(event)
                case .rejected(let part): throw ImportFailure(line: part.line, reason: part.reason)
                case .note: break
                }
            }
        } catch let failure as ImportFailure {
            throw CityPackError(file: file, line: failure.line, reason: failure.reason)
        } catch let fault as FileFault {
            throw CityPackError(file: file, line: nil, reason: "cannot be read: \(fault)")
        }
        return events
    }
}
