import ControlRoom
import Store
import Trust

/// What a tenant's log says of its members already, as far as its hub knows: kept in memory, so that to say something of one
/// member is no look at all of them. Some 150 bytes a member.
struct Introductions: Sendable {
    /// The hash of the certificate that was said last, by key.
    private var certificates: [String: String]
    private var revoked: Set<String>

    /// - Parameter known: what the view of the log has. It may lag behind the log: what is said twice has the same name twice,
    ///   and counts once.
    init(_ known: [Store.KnownIdentity]) {
        certificates = Dictionary(
            known.map { ($0.keyID, TextHash.of($0.certificate)) }, uniquingKeysWith: { _, last in last })
        revoked = Set(known.lazy.filter { $0.revoked != nil }.map(\.keyID))
    }

    /// Whether the log does not have this certificate of the key yet; from now on it counts as said.
    mutating func isNews(keyID: String, certificate: String) -> Bool {
        let hash = TextHash.of(certificate)
        return certificates.updateValue(hash, forKey: keyID) != hash
    }

    /// Whether the log does not say yet that the key is revoked; from now on it counts as said.
    mutating func isNews(revoked keyID: String) -> Bool { revoked.insert(keyID).inserted }
}
