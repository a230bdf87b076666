import ControlRoom
import Store

extension Submitter {
    /// By which a machine's rate is told from those of others; nil for a person, and on a trial.
    ///
    /// - Parameter sender: what tells machines apart that post in one name.
    func machine(_ sender: String?) -> String? {
        guard !isTrial, identity.role == .sensor else { return nil }
        return identity.tenant + "/" + identity.actor + "/" + (sender ?? keyID ?? "")
    }
}

extension TenantFeed {
    /// Looks up alarms in the view, as it is now. A view that cannot be read has none: then nothing is sent back.
    func standing(at now: Timestamp) -> RateKeeper.Look {
        { [view] name, severity in
            guard let realm = Realm(name: name.realm) else { return nil }
            let standing = try? view.standing(name.subject, of: name.source, in: realm, now: now)
            guard let standing, standing.severity >= severity else { return nil }
            return standing.key
        }
    }
}
