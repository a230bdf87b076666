import Settings

extension HubConfiguration {
    /// The command that is run where no console of a tenant is open and a critical alarm waits.
    public struct Escalation: Equatable, Sendable {
        /// An absolute path, and words; no shell reads them.
        public var command: [String]
        /// For so long no console has been open; from 1 s to a day.
        public var afterSeconds = 300
        /// When each day a test alarm goes the whole way, in UTC; nil for none.
        public var test: DailyTime?
    }
}

extension HubConfiguration.Escalation {
    /// Nil where something is wrong, which is said with its line.
    init?(_ section: Section, _ reading: inout Reading) {
        reading.refuseOthers(than: ["command", "after", "test"], in: section)
        let words = reading.texts("command", in: section)?.map(\.text) ?? []
        let isProgram = words.first?.hasPrefix("/") ?? false
        if !isProgram {
            reading.warn(
                section.path("command"), "escalation has command = [\"/path/to/program\", ...], with an absolute path")
        }
        // All that is wrong is said at once.
        let (after, test) = (reading.text("after", in: section), reading.text("test", in: section))
        let seconds = after.flatMap(HubConfiguration.Escalation.seconds)
        if after != nil, seconds == nil {
            reading.warn(section.path("after"), "after is a length of time from 1s to 24h: 90s, 5m, 1h")
        }
        let time = test.flatMap { DailyTime($0) }
        if test != nil, time == nil { reading.warn(section.path("test"), "test is HH:MM, in UTC: 05:30") }
        guard isProgram, after == nil || seconds != nil, test == nil || time != nil else { return nil }
        self.init(command: words, test: time)
        if let seconds { afterSeconds = seconds }
    }

    /// From 1 s to a day.
    private static func seconds(_ text: String) -> Int? {
        let units: [Character: Int] = ["s": 1, "m": 60, "h": 3_600]
        guard let unit = text.last.flatMap({ units[$0] }), let number = Int(text.dropLast()),
            (0...86_400).contains(number), (1...86_400).contains(number * unit)
        else { return nil }
        return number * unit
    }
}
