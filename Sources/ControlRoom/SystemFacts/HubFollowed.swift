/// `hub.followed.v1`, in the system log: up to where a hub has followed it and done what it asks for, or that the hub stops.
///
/// A hub says so when it starts, when an agreement was made or has ended, once a day, and when it stops: a command can tell who
/// has seen what it appended. Hubs that share a log also say by it whether anybody watches (`HubWatch`).
public struct HubFollowed: Equatable, Sendable {
    /// Where the hub runs, `MACHINE:PORT`: hubs that share a log may share their name and key.
    public var place: String
    /// The last entry of the system log that it has carried out.
    public var through: Int64
    /// False in the last word of one that stops.
    public var serves: Bool
    /// What it says of a tenant's consoles; nil in a word that says nothing of them.
    public var watch: HubWatch?

    /// Of whom nothing was heard for so long is not waited for: 25 hours, an hour more than a hub is silent.
    public static let silentSeconds = 90_000.0

    public init(place: String, through: Int64, serves: Bool, watch: HubWatch? = nil) {
        self.place = place
        self.through = through
        self.serves = serves
        self.watch = watch
    }

    init(reading reader: inout JSONReader) throws {
        self.init(place: "", through: 0, serves: true)
        var (tenant, state) = (String?.none, HubWatch.State?.none)
        try reader.object { key, reader in
            switch key {
            case "place": place = try reader.string()
            case "through": through = Int64(try reader.integer())
            case "serves": serves = try reader.bool()
            case "tenant": tenant = try reader.optionalString()
            case "watch": state = try reader.optionalString().flatMap(HubWatch.State.init)
            default: try reader.skip()
            }
        }
        guard !place.isEmpty else { throw reader.failure("a hub says where it runs") }
        if let tenant, let state { watch = HubWatch(tenant: tenant, state: state) }
    }

    public func write(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.member("place", place)
            writer.member("through", Int(through))
            writer.member("serves", serves)
            writer.member("tenant", watch?.tenant)
            writer.member("watch", watch?.state.rawValue)
        }
    }
}
