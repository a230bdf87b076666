extension ExerciseScript {
    /// Reads a script under the names of a city pack's files.
    public init(reading reader: inout JSONReader) throws {
        self.init(id: "", title: "", durationSeconds: 0, seed: 0, injects: [])
        try reader.object { key, reader in
            switch key {
            case "id": id = try reader.string()
            case "title": title = try reader.string()
            case "duration": durationSeconds = try ExerciseScript.clock(&reader)
            case "seed": seed = UInt64(max(0, try reader.integer()))
            case "inject": try reader.array { injects.append(try ExerciseScript.inject(&$0)) }
            default: try reader.skip()
            }
        }
        guard !id.isEmpty, durationSeconds > 0 else { throw reader.failure("an exercise without id or duration") }
    }

    private static func inject(_ reader: inout JSONReader) throws -> Inject {
        var inject = Inject(
            atSeconds: 0, type: EventType.named("alert.raised"), subject: "", data: Array("{}".utf8),
            staleSeconds: nil, repeats: nil)
        try reader.object { key, reader in
            switch key {
            case "at": inject.atSeconds = try clock(&reader)
            case "type": inject.type = EventType.named(try reader.string())
            case "subject": inject.subject = try reader.string()
            case "data": inject.data = try reader.raw()
            case "repeat": inject.repeats = try repeats(&reader)
            default: try reader.skip()
            }
        }
        inject.staleSeconds = try staleSeconds(inject.data)
        guard !inject.subject.isEmpty else { throw reader.failure("an inject without subject") }
        return inject
    }

    private static func repeats(_ reader: inout JSONReader) throws -> Repeats {
        var repeats = Repeats(everySeconds: 60, times: 1, jitterSeconds: 0)
        try reader.object { key, reader in
            switch key {
            case "every_s": repeats.everySeconds = try reader.double()
            case "times": repeats.times = max(0, min(10_000, try reader.integer()))
            case "jitter_s": repeats.jitterSeconds = try reader.double()
            default: try reader.skip()
            }
        }
        return repeats
    }

    private static func staleSeconds(_ data: [UInt8]) throws -> Double? {
        var seconds: Double?
        try JSONReader.read(data) { reader in
            try reader.object { key, reader in
                if key == "stale_s" { seconds = try reader.double() } else { try reader.skip() }
            }
        }
        return seconds
    }

    /// `MM:SS`
    private static func clock(_ reader: inout JSONReader) throws -> Double {
        let text = try reader.string()
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count == 2, parts.allSatisfy({ (1...5).contains($0.count) && $0.allSatisfy(isDigit) }),
            let minutes = Double(parts[0]), let seconds = Double(parts[1]), seconds < 60
        else { throw reader.failure("\"\(text)\" is not minutes:seconds") }
        return minutes * 60 + seconds
    }

    private static func isDigit(_ character: Character) -> Bool {
        character.isASCII && character.isNumber
    }
}
