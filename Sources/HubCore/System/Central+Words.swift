public import ControlRoom
import Feed
import Tenancy
import Trust

/// Who speaks in the logs.
extension Central {
    /// Makes this hub's certificate known in the system log, where it is not yet: what it signs there then counts on every hub. On the
    /// thread that follows the system log.
    ///
    /// - Throws: what the log says.
    public func introduce(now: Timestamp) throws {
        guard let secret else { return }
        let name = SystemEvents.introductionName(certificate, try certificate.pem())
        guard try !verifier().has(name) else { return }
        let entry = try SystemEvents.introduction(of: certificate, secret, wire, signedBy: key, now: now)
        _ = try system.append([entry], now: now)
        try followSystem(now: now)
    }

    /// Whether the hubs of this site share another secret than this one has, or had one before that it lacks: it would take nothing
    /// of what they write, or wrote, as theirs.
    public var hasOtherSecret: Bool {
        guard let secret, let verifier = try? verifier() else { return false }
        return verifier.isOther(secret)
    }

    /// Why no tenant is known, where that is because the facts of the system log are from before they were signed; nil where it is not.
    public var unprovedTrouble: String? {
        guard let unproved = try? verifier().unproved, unproved > 0, register.tenants.isEmpty else { return nil }
        return
            "\(unproved) facts of the system log are signed by nobody; where they are from before hubs signed them, impetus-hub trust-log says so"
    }
}
