/// `observation.recorded.v1`: a measurement of a stream.
public struct Observation: Equatable, Sendable {
    public var value: Double?
    public var unit: String
    public var place: Coordinate?

    init(reading reader: inout JSONReader) throws {
        var value: Double?
        var unit = ""
        var latitude: Double?
        var longitude: Double?
        try reader.object { key, reader in
            switch key {
            case "value": value = try reader.optionalDouble()
            case "unit": unit = try reader.line()
            case "lat": latitude = try reader.optionalDouble()
            case "lon": longitude = try reader.optionalDouble()
            default: try reader.skip()
            }
        }
        self.value = value
        self.unit = unit
        if let latitude, let longitude { place = Coordinate(latitude: latitude, longitude: longitude) }
    }
}

/// `tool.reported.v1`
public struct ToolReported: Equatable, Sendable {
    public var state: ToolReport.State
    public var message: String

    init(reading reader: inout JSONReader) throws {
        var state: ToolReport.State?
        var message = ""
        try reader.object { key, reader in
            switch key {
            case "state": state = try reader.named("state", ToolReport.State.init(rawValue:))
            case "message": message = try reader.optionalLine() ?? ""
            default: try reader.skip()
            }
        }
        guard let state else { throw reader.failure("a tool reports a state") }
        self.state = state
        self.message = message
    }
}
