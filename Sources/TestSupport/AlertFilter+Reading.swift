public import ControlRoom

extension AlertFilter {
    /// A filter read from a text in which no names of a city stand, over all alerts unless said otherwise.
    public static func reading(_ text: String, show: Show = .all) throws -> AlertFilter {
        var filter = AlertFilter(show: show)
        try filter.read(text, FilterVocabulary(now: EventMaker.noon, zone: .utc))
        return filter
    }
}
