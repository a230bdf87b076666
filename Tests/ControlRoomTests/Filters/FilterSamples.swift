import ControlRoom

extension FilterVocabulary {
    /// 14:30 of a summer's day in Padova.
    static let sample = FilterVocabulary(
        districts: [
            Name(id: "d1", name: "Centro Storico"), Name(id: "d2", name: "Arcella"), Name(id: "d3", name: "Forcellini"),
        ],
        places: [
            Place(id: "prato-valle", name: "Prato della Valle", place: Coordinate(latitude: 45.398, longitude: 11.876)),
            Place(id: "p2", name: "Prato", place: Coordinate(latitude: 45.5, longitude: 11.9)),
        ],
        here: Coordinate(latitude: 45.4, longitude: 11.88), now: at("2026-07-10T12:30:00Z"),
        zone: ZoneTable(periods: [
            ZoneTable.Period(start: 0, offset: 3_600, abbreviation: "CET"),
            ZoneTable.Period(
                start: at("2026-03-29T01:00:00Z").milliseconds / 1_000, offset: 7_200, abbreviation: "CEST"),
            ZoneTable.Period(
                start: at("2026-10-25T01:00:00Z").milliseconds / 1_000, offset: 3_600, abbreviation: "CET"),
        ]))

    static func at(_ text: String) -> Timestamp { Timestamp(rfc3339: text) ?? Timestamp(milliseconds: 0) }
}
