internal import ControlRoom

/// Finds out what a JSON text is, and makes events of its pieces.
final class JSONDocument: JSONPieces {
    /// Members whose lists are handed over one element at a time.
    static let listKeys = ["features", "vulnerabilities"]

    /// Bytes of districts that are held at most until their set is whole; the largest one known has a tenth of it.
    static let mostHeldBytes = 256 << 20

    private(set) var items: [ImportItem] = []
    /// Districts, until the file is known to be whole: half a set would leave holes in the map.
    private var held: [ImportItem] = []
    private var heldBytes = 0
    /// Features that should be districts and cannot be read, and the line of the first.
    private var faults: (count: Int, line: Int) = (0, 0)
    private var format: ImportFormat?
    private let expected: ImportFormat?
    private let baseName: String
    private var districts: DistrictSet
    private var values = 0
    private var elements = 0
    private var inList = false

    init(baseName: String, expected: ImportFormat?) {
        self.baseName = baseName
        self.expected = expected
        districts = DistrictSet(baseName)
    }

    func takeItems() -> [ImportItem] {
        defer { items.removeAll(keepingCapacity: true) }
        return items
    }

    // MARK: - Pieces

    func list(_ key: String?, head: [UInt8], line: Int) throws {
        guard !inList else { throw ImportFailure(line: line, reason: "\"\(key ?? "")\" stands twice") }
        inList = true
        switch key {
        case "features":
            try settle(.geojson, line)
            try openCollection(head, line)
        case "vulnerabilities": try settle(.kev, line)
        default: break
        }
    }

    func element(_ bytes: UnsafeBufferPointer<UInt8>, line: Int) throws {
        elements += 1
        if format == nil { try settle(try kind(bytes, line), line) }
        take(bytes, line)
        guard heldBytes <= JSONDocument.mostHeldBytes else {
            throw ImportFailure(
                line: line, reason: "a set of districts of more than \(JSONDocument.mostHeldBytes) bytes")
        }
    }

    func value(_ bytes: UnsafeBufferPointer<UInt8>, line: Int) throws {
        values += 1
        if inList {
            inList = false
            try closeList(bytes, line)
        } else {
            try single(bytes, line)
        }
    }

    /// The end of the text.
    func finish() throws {
        if values == 0, elements == 0 { throw ImportFailure(line: 1, reason: "the file is empty") }
        if faults.count > 0, !held.isEmpty {
            let words = faults.count == 1 ? "a feature" : "\(faults.count) features"
            throw ImportFailure(line: faults.line, reason: words + " cannot be read as a district")
        }
        items += held
        held = []
    }

    /// Why the file ends early, and that nothing of a set of districts was taken.
    func failing(_ failure: ImportFailure) -> ImportFailure {
        guard !held.isEmpty else { return failure }
        let count = held.count
        held = []
        let words = "none of its districts was taken (\(count) were read by then)"
        return ImportFailure(line: failure.line, reason: failure.reason + "; " + words)
    }

    // MARK: - Formats

    private func settle(_ found: ImportFormat?, _ line: Int) throws {
        guard let found else {
            let reason = expected.map { "\($0.title) was expected, but this is not" } ?? ImportFormat.unknown("JSON")
            throw ImportFailure(line: line, reason: reason)
        }
        if let expected, expected != found {
            throw ImportFailure(line: line, reason: ImportFormat.mismatch(expected, found))
        }
        format = found
    }

    /// By the members at its top; nil where they are those of no known format.
    private func kind(_ bytes: UnsafeBufferPointer<UInt8>, _ line: Int) throws -> ImportFormat? {
        var json = JSONReader(bytes)
        var names: Set<String> = []
        var type = ""
        do {
            guard try json.peek() == .object else { return nil }
            try json.object { key, json in
                names.insert(key)
                if key == "type", try json.peek() == .string { type = try json.string() } else { try json.skip() }
            }
        } catch let error as JSONError {
            let place = line + error.line(in: bytes) - 1
            throw ImportFailure(line: place, reason: "not valid JSON: \(error.reason)")
        }
        if names.contains("specversion") { return .cloudevents }
        return type == "Feature" || GeoJSONFeature.geometryKinds.contains(type) ? .geojson : nil
    }

    // MARK: - Values at the top

    /// One event, a line of many, or a bare feature.
    private func single(_ bytes: UnsafeBufferPointer<UInt8>, _ line: Int) throws {
        if format == nil {
            try settle(try kind(bytes, line) ?? fallback, line)
        } else if format != .cloudevents {
            throw ImportFailure(line: line, reason: "text after the end of the value")
        }
        take(bytes, line)
    }

    /// What the user named is tried, so that the reason is that of the format.
    private var fallback: ImportFormat? { expected == .cloudevents || expected == .geojson ? expected : nil }

    /// What stands around the list, now that all of it was read.
    private func closeList(_ bytes: UnsafeBufferPointer<UInt8>, _ line: Int) throws {
        guard bytes.first == UInt8(ascii: "{") else { return try closeBatch(line) }
        do {
            let collection = try GeoJSONCollection(bytes)
            if format == .geojson, let fault = collection.fault { throw ImportFailure(line: line, reason: fault) }
        } catch let error as JSONError {
            throw ImportFailure(line: line, reason: "not valid JSON around the list: \(error.reason)")
        }
    }

    /// An empty list is a batch of no events (CloudEvents JSON format, 4).
    private func closeBatch(_ line: Int) throws {
        if format == nil { try settle(.cloudevents, line) }
    }

    private func openCollection(_ head: [UInt8], _ line: Int) throws {
        let closed = head + Array("]}".utf8)
        do {
            let collection = try closed.withUnsafeBufferPointer { try GeoJSONCollection($0) }
            if let fault = collection.fault { throw ImportFailure(line: line, reason: fault) }
            if let name = collection.name, !name.isEmpty { districts = DistrictSet(name) }
        } catch let error as JSONError {
            let place = head.withUnsafeBufferPointer { line + error.line(in: $0) - 1 }
            throw ImportFailure(line: place, reason: "not valid JSON: \(error.reason)")
        }
    }

    // MARK: - Events

    /// Makes an event of a piece, or rejects it.
    private func take(_ bytes: UnsafeBufferPointer<UInt8>, _ line: Int) {
        do {
            hold(try event(bytes), line)
        } catch let shape as GeoJSONShape.NoArea {
            // Such as a point beside the districts: it is none of them, and leaves no hole.
            let place = JSONError(offset: shape.offset, reason: shape.reason).line(in: bytes)
            items.append(.rejected(Rejection(line: line + place - 1, reason: shape.reason)))
        } catch let error as JSONError {
            reject(line + error.line(in: bytes) - 1, error.reason)
        } catch {
            reject(line, "\(error)")
        }
    }

    /// A feature that should be a district and cannot be read would leave a hole.
    private func reject(_ line: Int, _ reason: String) {
        items.append(.rejected(Rejection(line: line, reason: reason)))
        guard format == .geojson else { return }
        faults = (faults.count + 1, faults.count == 0 ? line : faults.line)
    }

    private func hold(_ event: Event, _ line: Int) {
        guard format == .geojson else { return items.append(.event(event, line: line)) }
        held.append(.event(event, line: line))
        heldBytes += event.data.bytes.count
    }

    private func event(_ bytes: UnsafeBufferPointer<UInt8>) throws -> Event {
        switch format {
        case .geojson: return DistrictSet.event(districts.district(try GeoJSONFeature(bytes)))
        case .kev: return try KEVEntry.event(bytes)
        default: return try checked(try CloudEventReader.event(bytes))
        }
    }

    /// A type of ours must hold what it asks for; other types are taken as they are.
    private func checked(_ event: Event) throws -> Event {
        do {
            _ = try Fact(of: event)
            return event
        } catch let error as JSONError {
            throw JSONError(offset: 0, reason: "the data of \(event.type.rawValue): \(error.reason)")
        }
    }
}
