/// The names that a filter may use, and the moment and place from which it is read.
public struct FilterVocabulary: Sendable {
    /// Something that a filter can name: by its id, or by its name.
    public struct Name: Hashable, Sendable {
        public var id: String
        public var name: String

        public init(id: String, name: String) {
            self.id = id
            self.name = name
        }
    }

    /// A site that `within` can name.
    public struct Place: Sendable {
        /// As tools name it.
        public var id: String
        public var name: String
        public var place: Coordinate

        public init(id: String, name: String, place: Coordinate) {
            self.id = id
            self.name = name
            self.place = place
        }
    }

    public var districts: [Name]
    /// What a distance can be measured from, besides coordinates.
    public var places: [Place]
    public var tools: ToolRegister
    /// Where the alert under the cursor is.
    public var here: Coordinate?
    public var now: Timestamp
    public var zone: ZoneTable

    public init(
        districts: [Name] = [], places: [Place] = [], tools: ToolRegister = .shipped, here: Coordinate? = nil,
        now: Timestamp, zone: ZoneTable
    ) {
        self.districts = districts
        self.places = places
        self.tools = tools
        self.here = here
        self.now = now
        self.zone = zone
    }

    /// The names of a city, and the tools of its site.
    public init(
        districts: [District], sites: [Site], tools: ToolRegister, here: Coordinate? = nil, now: Timestamp,
        zone: ZoneTable
    ) {
        self.init(
            districts: districts.map { Name(id: $0.id, name: $0.name) },
            places: sites.map { Place(id: $0.id, name: $0.name, place: $0.place) }, tools: tools, here: here, now: now,
            zone: zone)
    }
}
