internal import ControlRoom

/// A Feature, or a bare geometry, of which a district is made.
struct GeoJSONFeature {
    var id: String?
    var name: String?
    var population: Int?
    var outline = MultiPolygon(polygons: [])

    /// Properties that may name it, the best first.
    private static let nameKeys = ["name", "bnavn", "NAME", "navn", "nome", "title", "district", "label"]
    private static let populationKeys = ["population", "POPULATION", "pop", "innbyggere"]

    static let geometryKinds: Set<String> = [
        "Point", "MultiPoint", "LineString", "MultiLineString", "Polygon", "MultiPolygon", "GeometryCollection",
    ]

    /// - Throws: `GeoJSONShape.NoArea` where it has none to make a district of; `JSONError` where it cannot be read.
    init(_ bytes: UnsafeBufferPointer<UInt8>) throws {
        guard UTF8Check.isValid(bytes) else { throw JSONError(offset: 0, reason: "the text is not UTF-8") }
        var json = JSONReader(bytes)
        let kind = try GeoJSONFeature.kind(bytes)
        if GeoJSONFeature.geometryKinds.contains(kind) {
            try readOutline(&json)
        } else if kind == "Feature" {
            try readFeature(&json)
        } else {
            throw JSONError(offset: 0, reason: "\"\(kind.prefix(40))\" is neither a Feature nor a geometry")
        }
        try json.end()
        guard !outline.isEmpty else { throw JSONError(offset: 0, reason: "a feature without a geometry") }
    }

    private static func kind(_ bytes: UnsafeBufferPointer<UInt8>) throws -> String {
        var json = JSONReader(bytes)
        var kind: String?
        try json.object { key, json in
            if key == "type" { kind = try json.string() } else { try json.skip() }
        }
        guard let kind else { throw JSONError(offset: 0, reason: "a GeoJSON object without type") }
        return kind
    }

    private mutating func readFeature(_ json: inout JSONReader) throws {
        var inner: String?
        try json.object { key, json in
            switch key {
            case "id": id = try GeoJSONFeature.label(&json)
            case "geometry": if !json.null() { try readOutline(&json) }
            case "properties": if !json.null() { inner = try readProperties(&json) }
            default: try json.skip()
            }
        }
        id = id ?? inner
    }

    private mutating func readOutline(_ json: inout JSONReader) throws {
        var shape = GeoJSONShape()
        try shape.read(&json)
        outline = MultiPolygon(polygons: shape.polygons)
    }

    /// Takes the name and the population, and returns the `id` among the properties.
    private mutating func readProperties(_ json: inout JSONReader) throws -> String? {
        var texts: [String: String] = [:]
        var people: [String: Int] = [:]
        try json.object { key, json in
            if GeoJSONFeature.populationKeys.contains(key), let count = try GeoJSONFeature.count(&json) {
                people[key] = count
            } else if key == "id" || GeoJSONFeature.nameKeys.contains(key) {
                texts[key] = try GeoJSONFeature.label(&json)
            } else {
                try json.skip()
            }
        }
        name = GeoJSONFeature.nameKeys.lazy.compactMap { texts[$0] }.first
        population = GeoJSONFeature.populationKeys.lazy.compactMap { people[$0] }.first
        return texts["id"]
    }

    /// A text or a number as text; nil for anything else, and for nothing but space.
    private static func label(_ json: inout JSONReader) throws -> String? {
        switch try json.peek() {
        case .string:
            let text = try json.string()
            return text.allSatisfy(\.isWhitespace) ? nil : text
        case .number: return String(decoding: json.bytes[try json.skip()], as: UTF8.self)
        default:
            try json.skip()
            return nil
        }
    }

    /// A count of people; nothing is consumed where there is none.
    private static func count(_ json: inout JSONReader) throws -> Int? {
        guard try json.peek() == .number else { return nil }
        var ahead = json
        guard let count = Int(exactly: try ahead.double().rounded()), count >= 0 else { return nil }
        json = ahead
        return count
    }
}
