/// `hub.followed.v1`, in the system log: up to where a hub has followed it and done what it asks for, or that the hub stops.
///
/// A hub says so when it starts, when an agreement was made or has ended, once a day, and when it stops: a command can tell who
/// has seen what it appended.
public struct HubFollowed: Equatable, Sendable {
    /// Where the hub runs, `MACHINE:PORT`: hubs that share a log may share their name and key.
    public var place: String
    /// The last entry of the system log that it has carried out.
    public var through: Int64
    /// False in the last word of one that stops.
    public var serves: Bool

    /// Of whom nothing was heard for so long is not waited for: 25 hours, an hour more than a hub is silent.
    public static let silentSeconds = 90_000.0

    public init(place: String, through: Int64, serves: Bool) {
        self.place = place
        self.through = through
        self.serves = serves
    }

    init(reading reader: inout JSONReader) throws {
        self.init(place: "", through: 0, serves: true)
        try reader.object { key, reader in
            switch key {
            case "place": place = try reader.string()
            case "through": through = Int64(try reader.integer())
            case "serves": serves = try reader.bool()
            default: try reader.skip()
            }
        }
        guard !place.isEmpty else { throw reader.failure("a hub says where it runs") }
    }

    public func write(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.member("place", place)
            writer.member("through", Int(through))
            writer.member("serves", serves)
        }
    }
}
