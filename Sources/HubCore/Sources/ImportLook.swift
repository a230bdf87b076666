import ControlRoom
import Store
import Trust

/// Carries out what `SourceRule` found of an event that is admitted otherwise.
///
/// What a person brings of a machine's source gets a name of its own. It is marked, and the fold lets it neither clear, replace nor
/// repeat what the machine raised; where the view shows that it would, it is refused with the reason. Of an exercise nothing is
/// marked. That reads the view once for each such event and alarm, and is no work for an event loop.
struct ImportLook {
    private let view: Store
    /// Alarms that may still be looked up for this post: what is beyond is left to the fold.
    private var left = ImportLook.most

    static let most = 1_000

    init(view: Store) { self.view = view }

    mutating func settle(
        _ admitted: HubAdmission.Admitted, _ source: SourceRule.Verdict
    ) -> Result<Event, Store.Rejected> {
        let event = admitted.event
        switch source {
        case .fits, .free: return .success(event)
        case .refused(let reason): return .failure(Store.Rejected(reason: reason, isDenied: true))
        case .imported(let owner):
            if isThere(event) { return .success(event) }
            if let reason = fault(of: event, admitted.fact, owner) {
                return .failure(Store.Rejected(reason: reason, isDenied: true))
            }
            var marked = ImportLook.renamed(event)
            marked.extensions[Event.importedExtension] = "true"
            return .success(marked)
        case .rehearsed: return .success(isThere(event) ? event : ImportLook.renamed(event))
        }
    }

    /// What is there already is a duplicate, and is told as one.
    private func isThere(_ event: Event) -> Bool { (try? view.place(source: event.source, id: event.id)) != nil }

    /// With a name of its own: the machine's event of the same id is still to come, and is no duplicate of this one.
    private static func renamed(_ event: Event) -> Event {
        var renamed = event
        let id = "imported/" + event.id
        renamed.id = id.utf8.count <= TextBound.attribute ? id : "imported/" + TextHash.of(event.id)
        return renamed
    }

    private mutating func fault(of event: Event, _ fact: Fact, _ owner: String) -> String? {
        guard let subject = event.subject else { return nil }
        let realm = fact.realm(of: event)
        let does: (word: String, alarms: [String]) =
            switch fact {
            case .alertCleared: ("cleared", [subject])
            case .alertCancelled(let fact): ("cancelled", fact.cancels)
            case .alertRaised(let fact): ("repeated or replaced", [subject] + fact.replaces)
            default: ("", [])
            }
        for alarm in does.alarms where isMachines(alarm, realm, event.source) {
            return "\(alarm) was raised by \(owner), and is \(does.word) by nobody else"
        }
        return nil
    }

    private mutating func isMachines(_ alarm: String, _ realm: Realm, _ source: String) -> Bool {
        guard left > 0 else { return false }
        left -= 1
        return (try? view.alert(subject: alarm, realm: realm))?.alert.belongs(to: source) ?? false
    }
}
