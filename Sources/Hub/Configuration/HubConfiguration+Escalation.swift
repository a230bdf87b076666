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
        guard let program = words.first, program.hasPrefix("/") else {
            reading.warn(
                section.path("command"), "escalation has command = [\"/path/to/program\", ...], with an absolute path")
            return nil
        }
        command = words
        if let text = reading.text("after", in: section) {
            guard let seconds = HubConfiguration.Escalation.seconds(text), (1...86_400).contains(seconds) else {
                reading.warn(section.path("after"), "after is a length of time from 1s to 24h: 90s, 5m, 1h")
                return nil
            }
            afterSeconds = seconds
        }
        if let text = reading.text("test", in: section) {
            guard let time = DailyTime(text) else {
                reading.warn(section.path("test"), "test is HH:MM, in UTC: 05:30")
                return nil
            }
            test = time
        }
    }

    private static func seconds(_ text: String) -> Int? {
        let units: [Character: Int] = ["s": 1, "m": 60, "h": 3_600]
        guard let unit = text.last.flatMap({ units[$0] }), let number = Int(text.dropLast()),
            (0...86_400).contains(number)
        else { return nil }
        return number * unit
    }
}
