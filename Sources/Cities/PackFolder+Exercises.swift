internal import ControlRoom

extension PackFolder {
    func exercises() throws -> [ExerciseScript] {
        try names(in: "exercises", ending: ".toml").map { name in
            let text = try toml("exercises/" + name)
            try text.read(PackFolder.checkInjects)
            return try text.read { try ExerciseScript(reading: &$0) }
        }
    }

    /// An inject that cannot be decoded would fail in the middle of an exercise, before everybody's eyes.
    private static func checkInjects(_ reader: inout JSONReader) throws {
        try reader.object { key, reader in
            if key == "inject" { try reader.array(checkInject) } else { try reader.skip() }
        }
    }

    private static func checkInject(_ reader: inout JSONReader) throws {
        let start = reader.position
        var type = EventType.alertRaised
        var data: Range<Int>?
        try reader.object { key, reader in
            switch key {
            case "type": type = EventType.named(try reader.string())
            case "data": data = try reader.skip()
            default: try reader.skip()
            }
        }
        let bytes = data.map { Array(reader.bytes[$0]) } ?? Array("{}".utf8)
        try check(event(type, subject: "", bytes), at: data?.lowerBound ?? start)
        if let data { try checkStaleness(JSONReader(reader.bytes, at: data.lowerBound)) }
    }

    /// `stale_s` is no part of the event: the player makes a time of it.
    private static func checkStaleness(_ data: JSONReader) throws {
        var data = data
        try data.object { key, data in
            if key == "stale_s" { _ = try data.double() } else { try data.skip() }
        }
    }
}
