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
        return wire.entry(event, content: ContentHash.of(event))
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
        return wire.entry(event, content: ContentHash.of(event))
    }

    /// One for each certificate.
    public static func introductionName(_ hub: MemberCertificate, _ pem: String) -> String {
        "hub/\(hub.keyID)/" + TextHash.of(pem).prefix(16)
    }
}
