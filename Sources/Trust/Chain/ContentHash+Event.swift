public import ControlRoom
import Crypto

extension ContentHash {
    /// The hash of what an event says (`Event.content`), by which logs and stores tell a second event from another of the same name.
    ///
    /// Hashed are the pair `content`, `1`, and behind it the bytes of `EventDigest.signed`: the attributes that are set, in the order
    /// id, source, type, subject, time (milliseconds since 1970), datacontenttype, dataschema, tenant, actor, occurred, exercise; then the
    /// extensions in the order of their names; and the data. A pair is the length of its name in bytes, the name, the length of the
    /// value, the value; a length has 8 bytes, big-endian. Before the data stands a byte (0 none, 1 JSON, 2 other) and its length. A
    /// length of a name never begins with 1 or 2, and no data is 0 and eight zeros: no two contents give the same bytes.
    public static func of(_ event: Event) -> ContentHash {
        ContentHash(sha256: SHA256.hash(data: EventDigest.content(event)))
    }
}
