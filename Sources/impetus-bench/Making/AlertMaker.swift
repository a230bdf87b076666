import ControlRoom

/// Makes alert events as a city would send them: some hundred places, all tools, severities about 80/15/5.
struct AlertMaker {
    private var chance: SeededChance
    private let places: [(Coordinate, String)]
    private let started: Timestamp
    private var made = 0

    private static let kinds: [(Tool, String, String)] = [
        (.uad, "crowding", "Crowd above normal at"), (.fd, "weapon", "Object like a weapon seen at"),
        (.smd, "rising_topic", "Topic rising around"), (.ctdr, "intrusion", "New admin session on the cabinet at"),
        (.bd, "reading_high", "Reading above its alarm limit at"), (.cti, "chatter", "Leaked credential names"),
        (.eo, "plan_ready", "Two exit plans ready for"), (.wms, "load_high", "Operator load high for"),
    ]

    init(seed: UInt64, startingAt: Timestamp = Timestamp(milliseconds: 1_795_000_000_000)) {
        chance = SeededChance(seed: seed)
        started = startingAt
        var places: [(Coordinate, String)] = []
        for index in 0..<500 {
            let place = Coordinate(
                latitude: 45.37 + Double(index % 25) * 0.003, longitude: 11.83 + Double(index / 25) * 0.005)
            places.append((place, "site \(index)"))
        }
        self.places = places
    }

    /// The next alert, of a new subject each time.
    mutating func next() -> Event {
        let number = made
        made += 1
        let (tool, kind, words) = AlertMaker.kinds[Int(chance.next() % UInt64(AlertMaker.kinds.count))]
        let (place, name) = places[Int(chance.next() % UInt64(places.count))]
        let time = Timestamp(milliseconds: started.milliseconds + Int64(number) * 37)
        var writer = JSONWriter()
        writer.object { writer in
            writer.member("tool", tool.code)
            writer.member("kind", kind)
            writer.member("severity", severity().name)
            writer.member("headline", "\(words) \(name), number \(number)")
            writer.member(
                "description",
                "Measured over ten minutes against the normal of this place and hour; a second source has not confirmed it."
            )
            writer.member("confidence", Double(50 + Int(chance.next() % 50)) / 100)
            writer.member("lat", place.latitude)
            writer.member("lon", place.longitude)
            writer.member("site", name)
        }
        return Event(
            id: "bench/\(number)", source: "urn:impetus:bench:\(number % 40)", type: .alertRaised,
            subject: "sensor-\(number)/\(kind)", time: time, data: .json(writer.bytes))
    }

    private mutating func severity() -> Severity {
        switch chance.next() % 100 {
        case ..<50: .low
        case ..<80: .info
        case ..<95: .medium
        case ..<99: .high
        default: .critical
        }
    }
}
