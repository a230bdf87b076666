public import ControlRoom

/// A certificate that the hub itself lives by, and that ends soon or has ended.
public struct EndingCertificate: Equatable, Sendable {
    /// Whose it is: a hub's name; nil for the authority's, by which all others are believed.
    public var hub: String?
    public var ends: Timestamp

    public init(hub: String?, ends: Timestamp) {
        self.hub = hub
        self.ends = ends
    }

    /// Before the end of one of its own certificates a hub warns for so many days.
    public static let warningDays = 30.0

    /// Whole days that are left; negative where it has ended.
    public func daysLeft(at now: Timestamp) -> Int { Int((ends.seconds(since: now) / 86_400).rounded(.down)) }

    /// - Parameters:
    ///   - hubs: certificates that are not revoked. Of one hub the last to end counts. One that ended more than
    ///     `warningDays` ago is of a hub that is gone.
    ///   - authority: nil where only hubs are looked at.
    /// - Returns: what ends within `warningDays`, the first first.
    public static func found(
        hubs: [MemberCertificate], authority: AuthorityCertificate?, at now: Timestamp
    ) -> [EndingCertificate] {
        var last: [String: Timestamp] = [:]
        for certificate in hubs where certificate.identity.role == .hub {
            let name = certificate.identity.actor
            last[name] = last[name].map { max($0, certificate.ends) } ?? certificate.ends
        }
        var found = last.filter { $0.value > now.adding(seconds: -warningDays * 86_400) }
            .map { EndingCertificate(hub: $0.key, ends: $0.value) }
        if let authority { found.append(EndingCertificate(hub: nil, ends: authority.ends)) }
        return found.filter { $0.ends < now.adding(seconds: warningDays * 86_400) }
            .sorted { ($0.ends, $0.hub ?? "") < ($1.ends, $1.hub ?? "") }
    }

    /// What ends, when, and what is to be done, as a line of a journal or a console.
    public func words(at now: Timestamp) -> String {
        let what = hub.map { "the certificate of the hub \($0)" } ?? "the certificate of the authority"
        let when = now <= ends ? "ends at \(ends.rfc3339), in \(daysLeft(at: now)) days" : "ended at \(ends.rfc3339)"
        let remedy =
            hub == nil
            ? "a new hub has to be made, and everybody enrols again" : "impetus-hub renew, and start it again"
        return "\(what) \(when): \(remedy)"
    }
}
