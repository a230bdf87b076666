public import ControlRoom
package import Store

/// What every feed asks of an event that comes from elsewhere, whether it is embedded in a console or a hub's: form, size, whose
/// word it is, and right. What passes is appended, and the fold decides.
package enum EventForm {
    /// Data larger than this is refused.
    static let maximumBytes = 1 << 20
    private static let longestName = 500
    private static let mostExtensions = 30
    private static let longestExtension = (name: 40, value: 2_000)

    /// What the rules of a feed say; nobody else says it in their name.
    private static let reservedSources = ["urn:impetus:hub", Event.feedSource, "urn:impetus:system"]

    /// Reads an event, unless something is wrong with its form.
    package static func read(_ event: Event, now: Timestamp) -> Result<AdmittedEvent, Store.Rejected> {
        if let fault = fault(of: event) { return .failure(Store.Rejected(reason: fault)) }
        do {
            let admitted = try AdmittedEvent(event)
            return fault(of: admitted.fact, now).map { .failure(Store.Rejected(reason: $0)) } ?? .success(admitted)
        } catch {
            return .failure(Store.Rejected(reason: "\(event.type.rawValue): \(error)"))
        }
    }

    private static func fault(of event: Event) -> String? {
        guard event.data.bytes.count <= maximumBytes else { return "larger than \(maximumBytes) bytes" }
        guard !event.id.isEmpty, !event.source.isEmpty, !event.type.rawValue.isEmpty else {
            return "an event has an id, a source and a type"
        }
        let names = [event.id, event.source, event.type.rawValue, event.subject, event.actor, event.exercise]
        guard names.allSatisfy({ ($0?.utf8.count ?? 0) <= longestName }) else {
            return "an attribute is longer than \(longestName) bytes"
        }
        guard names.allSatisfy({ $0?.isEmpty != true }), event.dataContentType?.isEmpty != true,
            event.dataSchema?.isEmpty != true
        else { return "an attribute is empty" }
        guard !reservedSources.contains(where: event.source.hasPrefix) else {
            return "the source \(event.source) is the feed's own"
        }
        guard !event.isSourceMarked else { return "a source that ends so is that of an import" }
        if event.type == .exerciseStarted || event.type == .exerciseEnded, event.exercise == nil {
            return "an exercise is named by the attribute exercise"
        }
        if event.type == .alertRaised || event.type == .alertCancelled, Alert.isMadeKey(event.subject ?? "") {
            return "a subject that ends in ~ and eight hexadecimal digits is made by the feed"
        }
        let fits = event.extensions.allSatisfy {
            $0.key.utf8.count <= longestExtension.name && $0.value.utf8.count <= longestExtension.value
        }
        guard fits, event.extensions.count <= mostExtensions else { return "too many or too long extensions" }
        return nil
    }

    /// What would silence an alarm for longer than anybody watches, or without a word why.
    private static func fault(of fact: Fact, _ now: Timestamp) -> String? {
        // They stand in every row of a list.
        if let text = texts(of: fact).first(where: { $0.utf8.count > longestText }) {
            return "a text of \(text.utf8.count) bytes is longer than \(longestText) bytes"
        }
        switch fact {
        case .alertShelved(let shelf): return fault(ofShelf: shelf.until, shelf.reason, now)
        case .approvalRequested(let request):
            guard case .shelve(let until, _) = request.wish else { return nil }
            return fault(ofShelf: until, request.reason, now)
        case .alertRemovedFromService(let fact):
            return fact.reason == nil ? "what is taken out of service says why" : nil
        case .alertAssigned(let fact): return fact.to?.isEmpty ?? false ? "nobody has no name" : nil
        case .alertLinked(let fact):
            let bytes = fact.cause?.utf8.count ?? 1
            return (1...longestName).contains(bytes) ? nil : "a cause has a key of 1 to \(longestName) bytes"
        case .suppressionStarted(let rule):
            if let until = rule.until, until <= now { return "the suppression is over before it begins" }
            return nil
        default: return nil
        }
    }

    private static let longestText = 2_000

    private static func texts(of fact: Fact) -> [String] {
        switch fact {
        case .alertShelved(let fact): words(fact.reason)
        case .alertRemovedFromService(let fact): words(fact.reason)
        case .approvalRequested(let fact): words(fact.reason)
        case .approvalGranted(let fact), .approvalRefused(let fact): [fact.note ?? "", fact.author]
        case .alertAssigned(let fact): [fact.to ?? ""]
        case .suppressionStarted(let fact): [fact.filter, fact.cause ?? ""] + words(fact.reason)
        default: []
        }
    }

    private static func words(_ reason: SuppressionReason?) -> [String] { [reason?.note ?? ""] }

    private static func fault(ofShelf until: Timestamp, _ reason: SuppressionReason?, _ now: Timestamp) -> String? {
        let seconds = until.seconds(since: now) - AlarmPolicy.slackSeconds
        if seconds > Double(AlertShelved.longestSeconds) {
            return "nothing is shelved for more than \(AlertShelved.longestSeconds / 86_400) days"
        }
        return seconds > Double(AlertShelved.reasonlessSeconds) && reason == nil
            ? "what is shelved for more than an hour says why" : nil
    }

    /// Whether an event of an embedded feed's own log is one that today's rule would let in, as far as it shows: an act names its
    /// author, and what a feed alone makes bears the name of one, which nobody else may use.
    package static func mayBeSaid(_ event: Event) -> Bool {
        if reservedSources.contains(where: event.source.hasPrefix) { return true }
        return event.isAct ? event.actor != nil : denial(of: event.type) == nil
    }

    /// Why nobody but a feed makes an event of this type; nil where others do.
    package static func denial(of type: EventType) -> String? {
        type.postingRights.isEmpty && type.neededRight == nil ? "\(type.rawValue) is made by a feed alone" : nil
    }

    /// Why somebody in this role may not make an act of this type; nil where they may. To take back an act needs no right of
    /// its own: the fold lets everybody take back what is theirs.
    package static func denial(ofActBy role: Role, _ type: EventType) -> String? {
        guard let right = type.neededRight, !role.may(right) else { return nil }
        return "the role \(role.rawValue) may not \(right.words)"
    }
}

extension Event {
    /// Whether a person makes it, and signs it where there are hubs.
    public var isAct: Bool { type.neededRight != nil || type == .actUndone }
}
