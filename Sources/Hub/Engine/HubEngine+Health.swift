import ControlRoom
import CoreMetrics
import HubCore
import Metrics
import Tenancy

/// For whom the hub is there, told to whoever asks whether it is ready.
extension HubEngine {
    /// Why the hub takes nothing for any tenant, because its log has been plain for too long; nil where it may be.
    var plainTrouble: String? { plainLog?.trouble(at: surroundings.now()) }

    /// What is said instead of `plainTrouble` to whoever does not administer the hub.
    static let takesNothing = "the hub takes no posts now; its journal says why"

    /// Whether the system log names any.
    var hasTenants: Bool { !central.register.tenants.isEmpty }

    /// One tenant in trouble is told by its members and its metric: the others are served.
    var servesAnybody: Bool {
        let all = all
        return all.isEmpty ? !hasTenants : all.contains { $0.trouble == nil }
    }

    /// Which tenants' logs the hub cannot open or follow, and why for the first of them; nil where it follows all.
    var followTrouble: String? {
        let now = surroundings.now()
        var stuck = central.unserved
        for engine in all {
            if let trouble = engine.feed.followTrouble(at: now) { stuck.append((engine.feed.tenant, trouble)) }
        }
        stuck.sort { $0.tenant < $1.tenant }
        guard let trouble = stuck.first?.reason else { return nil }
        return stuck.map(\.tenant).joined(separator: ", ") + ": " + trouble
    }

    /// Why the hub cannot write what is posted for one of its tenants, without saying for which; nil where it can for all.
    var writeTrouble: String? {
        all.lazy.compactMap(\.writeTrouble).first ?? (central.lacksRoom ? WriteHealth.fullReason : nil)
    }

    func carryOutOwed() {
        for unmet in central.carryOutOwed(now: surroundings.now()) {
            if !unmet.isServed {
                Meter(label: TenantEngine.servedLabel, dimensions: [("tenant", unmet.tenant)]).set(0)
            }
            journal.note(
                unmet.isServed ? .notToldToLog : .cannotServe, ["tenant": unmet.tenant, "error": unmet.reason],
                about: unmet.tenant)
        }
    }
}
