public import ControlRoom
public import Feed
public import Trust

/// Events of the system log, as hubs and an administrator's commands make them.
public enum SystemEvents {
    static let source = "urn:impetus:system"
    /// Extension by which a hub that is introduced names the secret that its site's hubs share.
    static let logKey = "logkey"

    /// - Parameter key: a hub's, or the authority's; nil on a loopback trial, where nobody signs.
    /// - Throws: what the key says where it cannot sign.
    public static func entry(
        _ id: String, _ type: EventType, _ data: [UInt8], _ wire: Wire, signedBy key: SigningKey?, now: Timestamp
    ) throws -> NewEntry {
        var event = Event(id: id, source: source, type: type, subject: "system", time: now, data: .json(data))
        try key?.sign(&event)
        return entry(event, wire)
    }

    /// Makes a hub's certificate known, before it signs anything else: it is the authority's word, and speaks for itself.
    ///
    /// - Throws: what the key says where it cannot sign.
    public static func introduction(
        of hub: MemberCertificate, _ secret: LogSecret, _ wire: Wire, signedBy key: SigningKey, now: Timestamp
    ) throws -> NewEntry {
        let pem = try hub.pem()
        let fact = IdentityEnrolled(identity: hub.identity, keyID: hub.keyID, certificate: pem, codeHash: nil)
        var event = Event(
            id: introductionName(hub, pem), source: source, type: .identityEnrolled, subject: "system", time: now,
            data: .json(JSONWriter.bytes(fact.write)))
        event.extensions[logKey] = secret.check
        try key.sign(&event)
        return entry(event, wire)
    }

    /// To the name belongs the signature: whoever reaches the servers, and puts an event of the same id there, does not keep a hub's out.
    /// That a fact stands there twice is for `SystemVerifier` to see.
    private static func entry(_ event: Event, _ wire: Wire) -> NewEntry {
        named(wire.entry(event, content: ContentHash.of(event)), by: event)
    }

    private static func named(_ entry: NewEntry, by event: Event) -> NewEntry {
        var entry = entry
        if let signature = event.signature { entry.source += "\u{1F}" + signature }
        return entry
    }

    /// By which the system log on servers knows its events.
    public static func naming(_ wire: Wire) -> EventNaming {
        { entry in
            guard let event = try? wire.event(entry) else { return nil }
            return named(wire.kept(entry), by: event)
        }
    }

    /// One for each certificate.
    public static func introductionName(_ hub: MemberCertificate, _ pem: String) -> String {
        "hub/\(hub.keyID)/" + TextHash.of(pem).prefix(16)
    }
}
