import ControlRoom
import Feed
import Store
import Tenancy

/// Whether somebody may use the source of what they post, as far as it follows from who they are and whose the source is.
///
/// A machine uses sources of its own alone. A person who may import brings any source; what they bring of a machine's has a name of
/// its own, and is marked, so that the fold keeps it apart from what the machine says. An exercise is played in a realm of its own,
/// where nothing is marked. An act is its signer's, whoever carries it, and is nobody's under a machine's source: its name is signed,
/// and would be the machine's.
struct SourceRule {
    /// By whom something is posted.
    enum Poster: Equatable {
        /// A loopback trial, and the hub itself: they own all.
        case everything
        case machine(SourceOwners.Owner, keyID: String?)
        case person(Role)
    }

    enum Verdict: Equatable, Sendable {
        case fits
        /// A machine's first use of a source that is nobody's.
        case free
        /// A person brings what a machine's source says.
        case imported(owner: String)
        /// A person plays in an exercise what a machine's source would say.
        case rehearsed
        /// Why it is refused.
        case refused(String)

        /// Whether it is looked up in the view, and given a name of its own.
        var isBrought: Bool {
            switch self {
            case .imported, .rehearsed: true
            case .fits, .free, .refused: false
            }
        }
    }

    private let poster: Poster
    private let tenant: String
    private let owners: SourceOwners
    /// What was found out of sources that came before in the same post.
    private var standings: [String: SourceOwners.Standing] = [:]
    private var known: [String: SourceOwners.Owner?] = [:]

    /// What consoles, exercises and hubs say of themselves is no machine's.
    private static let ofTheHouse = ["urn:impetus:console", "urn:impetus:exercise"] + ofHubs
    /// What a hub found out of those who post (`SilenceAlarm`), and whether anybody watches.
    private static let ofHubs = ["urn:impetus:syslog", "urn:impetus:escalation"]

    static func isOfTheHouse(_ source: String) -> Bool { ofTheHouse.contains(where: source.hasPrefix) }

    init(_ poster: Poster, tenant: String, _ owners: SourceOwners) {
        self.poster = poster
        self.tenant = tenant
        self.owners = owners
    }

    mutating func verdict(on event: Event) -> Verdict {
        if poster == .everything { return .fits }
        if event.isAct { return verdict(onAct: event) }
        switch poster {
        case .everything: return .fits
        case .machine(let owner, let keyID): return verdict(on: event.source, of: owner, keyID)
        case .person(let role): return verdict(on: event, by: role)
        }
    }

    private mutating func verdict(on source: String, of machine: SourceOwners.Owner, _ keyID: String?) -> Verdict {
        if let own = SourceRule.ofTheHouse.first(where: source.hasPrefix) {
            return .refused("\(own) is no machine's source")
        }
        let standing =
            standings[source] ?? owners.standing(of: machine, keyID: keyID, to: source, in: tenant)
        standings[source] = standing
        switch standing {
        case .owned: return .fits
        case .free: return .free
        case .refused(let reason): return .refused(reason)
        }
    }

    private mutating func verdict(on event: Event, by role: Role) -> Verdict {
        if let own = SourceRule.ofHubs.first(where: event.source.hasPrefix) {
            return .refused("\(own) is the hubs' own source")
        }
        guard !SourceRule.isOfTheHouse(event.source), let owner = owner(of: event.source) else { return .fits }
        return event.exercise != nil && role.may(.runExercise) ? .rehearsed : .imported(owner: owner.name)
    }

    /// The name (source, id) of a machine's event is used by no act: it would make the machine's own event another of that name.
    private mutating func verdict(onAct act: Event) -> Verdict {
        guard !SourceRule.isOfTheHouse(act.source), let owner = owner(of: act.source) else { return .fits }
        return .refused("\(act.source) belongs to \(owner.name), not to who acts")
    }

    private mutating func owner(of source: String) -> SourceOwners.Owner? {
        if let found = known[source] { return found }
        let found = owners.owner(of: source, in: tenant)
        known[source] = .some(found)
        return found
    }
}

extension Submitter {
    var poster: SourceRule.Poster {
        if isTrial || isHub { return .everything }
        guard identity.role.isMachines else { return .person(identity.role) }
        let owner: SourceOwners.Owner = keyID == nil ? .device(device ?? identity.actor) : .machine(identity.actor)
        return .machine(owner, keyID: keyID)
    }
}
