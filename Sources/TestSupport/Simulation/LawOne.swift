import ControlRoom

/// Seen before silenced, found out of the log and of what each author had on the screen, without the fold: an alarm that nobody
/// answered who had seen its occurrence and severity, that no act keeps quiet which had seen them, and that its source did not
/// end, still asks.
struct LawOne {
    struct Key: Hashable {
        var source: String
        var subject: String
    }

    /// What somebody asked a second person for.
    private struct Request {
        var actor: String
        var wish: ApprovalWish
        var severity: Severity
        var isSeen: Bool
        /// Where each alarm that is meant had come to ask.
        var begun: [Key: Int64]
    }

    /// Up to where of the log the author of an act had seen it, by its id.
    let sight: [String: Int64]
    private(set) var alarms: [Key: WatchedAlarm] = [:]
    /// The messages of its source that take the place of an alarm.
    private(set) var heirs: [Key: [String]] = [:]
    private(set) var ends: [Key: [Timestamp]] = [:]
    private var references: Set<Key> = []
    private var requests: [String: Request] = [:]
    /// Whose an act is, by its id.
    private var authors: [String: String] = [:]
    /// Who raised first under a subject.
    private var holders: [String: String] = [:]
    private var isTrimmed = false
    private var revoked: Set<String> = []

    /// - Parameter entries: of the log, in its order, each once.
    init(_ entries: [Event], sight: [String: Int64]) {
        self.sight = sight
        for event in entries { take(event) }
    }

    private mutating func take(_ event: Event) {
        guard let fact = try? Fact(of: event) else { return }
        switch fact {
        case .identityRevoked(let fact): revoked.insert(fact.keyID)
        case .logTrimmed: isTrimmed = true
        default:
            if Cast.sources.contains(event.source) { hear(event, fact) } else { act(event, fact) }
        }
    }

    // MARK: - What sources say

    private mutating func hear(_ event: Event, _ fact: Fact) {
        let key = Key(source: event.source, subject: event.subject ?? "")
        let (time, place) = (counted(event), event.sequence ?? 0)
        switch fact {
        case .alertRaised(let raise):
            hold(key)
            if alarms[key] == nil {
                alarms[key] = WatchedAlarm(raise, at: time, place: place)
                alarms[key]?.isExcused = references.contains(key)
                alarms[key]?.isEndedOtherwise = references.contains(key)
            } else {
                alarms[key]?.raise(raise, at: time, place: place)
                // It may have been forgotten before the message that names it.
                if isTrimmed, references.contains(key) { alarms[key]?.isExcused = true }
            }
            refer(raise.replaces, from: key, isHeir: true)
        case .alertCancelled(let message):
            hold(key)
            refer(message.cancels, from: key, isHeir: false)
        case .alertCleared:
            ends[key, default: []].append(time)
            alarms[key]?.clear(at: time)
        default: break
        }
    }

    private mutating func hold(_ key: Key) {
        if holders[key.subject] == nil { holders[key.subject] = key.source }
    }

    /// A clock that is more than ten minutes ahead is not believed.
    private func counted(_ event: Event) -> Timestamp {
        let recorded = event.recorded ?? event.happened
        let time = event.time ?? recorded
        return time.seconds(since: recorded) > 600 ? recorded : time
    }

    private mutating func refer(_ subjects: [String], from key: Key, isHeir: Bool) {
        for subject in subjects where subject != key.subject {
            let named = Key(source: key.source, subject: subject)
            references.insert(named)
            alarms[named]?.isEndedOtherwise = true
            if isHeir { heirs[named, default: []].append(key.subject) }
        }
    }

    // MARK: - What people do

    private mutating func act(_ event: Event, _ fact: Fact) {
        guard let actor = event.actor, let place = sight[event.id] else { return }
        // Behind the revocation of its author nothing counts.
        guard !revoked.contains(event.extensions[Event.keyIDExtension] ?? "") else { return }
        let keys = meant(by: event.subject ?? "")
        authors[event.id] = actor
        if case .actUndone = fact {} else { for key in family(keys) { alarms[key]?.touch() } }
        switch fact {
        case .alertAcknowledged(let fact): answer(keys, fact.severity, place, by: event.id)
        case .alertClosed: for key in keys { alarms[key]?.isEndedOtherwise = true }
        case .actUndone(let undo):
            for key in family(keys) where !isTrimmed && authors[undo.act] == actor { alarms[key]?.takeBack(undo.act) }
            // Whoever sees what came since may take back a close.
            if undo.type == .alertClosed, let seen = undo.seen { answer(keys, seen.severity, place) }
        case .alertShelved(let shelf):
            guard let seen = shelf.seen else { return }
            for key in keys where alarms[key]?.wasSeen(seen.severity, upTo: place) ?? false {
                alarms[key]?.shelve(until: shelf.until, seen.severity)
            }
        case .alertRemovedFromService(let fact):
            guard let seen = fact.seen else { return }
            for key in keys where alarms[key]?.wasSeen(seen.severity, upTo: place) ?? false { alarms[key]?.remove() }
        case .approvalRequested(let fact):
            let seen = keys.filter { alarms[$0]?.wasSeen(fact.severity, upTo: place) ?? false }
            requests[event.id] = Request(
                actor: actor, wish: fact.wish, severity: fact.severity, isSeen: !seen.isEmpty,
                begun: Dictionary(uniqueKeysWithValues: seen.map { ($0, alarms[$0]?.begun ?? 0) }))
        case .approvalGranted(let fact): grant(fact, by: actor)
        default: break
        }
    }

    private mutating func answer(_ keys: [Key], _ severity: Severity, _ place: Int64, by act: String? = nil) {
        for key in family(keys) { alarms[key]?.answer(severity, seen: place, by: act) }
    }

    /// Who answers a message answers what it has taken the place of.
    private func family(_ keys: [Key]) -> Set<Key> {
        Set(keys).union(heirs.keys.filter { named in keys.contains { isHeir($0, of: named) } })
    }

    /// Nobody approves what they asked for themselves, nor what has become worse or came anew since.
    private mutating func grant(_ fact: ApprovalDecided, by actor: String) {
        guard let request = fact.request.flatMap({ requests[$0] }), request.actor != actor, request.isSeen,
            request.actor == fact.author, request.wish == fact.wish
        else { return }
        for (key, begun) in request.begun {
            guard let alarm = alarms[key], alarm.begun == begun, request.severity >= alarm.demand ?? .info else {
                continue
            }
            switch request.wish {
            case .removeFromService: alarms[key]?.remove()
            case .shelve(let until, _): alarms[key]?.shelve(until: until, request.severity)
            }
        }
    }

    /// The alarms that an act on a key can mean: under a subject alone that of whoever raised it first, or after a trim of anybody.
    private func meant(by subject: String) -> [Key] {
        alarms.keys.filter { key in
            if subject == LawOne.made(key) { return true }
            return subject == key.subject && (isTrimmed || holders[subject] == key.source)
        }
    }

    /// The key of an alarm whose subject another source raised first.
    static func made(_ key: Key) -> String { Alert.key(of: key.subject, from: key.source, round: 0) }

    // MARK: - Whether it holds

    private func isHeir(_ key: Key, of named: Key) -> Bool {
        family(of: named).contains(key) && key != named
    }

    /// An alarm and all messages that have taken its place, one after the other.
    private func family(of key: Key) -> Set<Key> {
        var (found, next): (Set<Key>, [Key]) = ([key], [key])
        while let one = next.popLast() {
            for subject in heirs[one] ?? [] {
                let heir = Key(source: key.source, subject: subject)
                if found.insert(heir).inserted { next.append(heir) }
            }
        }
        return found
    }

    /// - Parameter alerts: as they are folded.
    /// - Returns: what is quiet that must not be, in words; nil where the law holds.
    func breach(_ alerts: [Alert], at now: Timestamp) -> String? {
        for (key, alarm) in alarms.sorted(by: { ($0.key.source, $0.key.subject) < ($1.key.source, $1.key.subject) }) {
            let known = alerts.filter { Key(of: $0) == key }
            if alarm.goesOn(ends: ends[key] ?? []), !known.contains(where: { $0.isActive(at: now) }) {
                return "\(key) goes on, and is shown as \(known)"
            }
            guard !alarm.isExcused, let demand = alarm.demand else { continue }
            let family = family(of: key)
            let asking = alerts.filter { alert in
                Key(of: alert).map(family.contains) ?? false && !alert.acknowledged && alert.latchedSeverity >= demand
            }
            guard !asking.isEmpty else { return "\(key) asks as \(demand.name) since \(alarm.begun), not \(known)" }
            guard family.count == 1 else { continue }
            if let reason = asking.compactMap({ quiet($0, alarm, demand, now) }).first { return "\(key): \(reason)" }
        }
        return nil
    }

    /// Why it must not be kept quiet; nil where it may, or is not.
    private func quiet(_ alert: Alert, _ alarm: WatchedAlarm, _ demand: Severity, _ now: Timestamp) -> String? {
        if !alert.suppressors.isEmpty { return "no rule suppresses anything here: \(alert)" }
        if alert.isShelved(at: now) {
            let isMade = alarm.shelves.contains { $0.until == alert.shelvedUntil && $0.severity >= demand }
            if !isMade { return "nobody who saw it as \(demand.name) shelved it: \(alert)" }
        }
        if alert.removal != nil, !alarm.isRemoved { return "nobody who saw it took it out of service: \(alert)" }
        return nil
    }
}

extension LawOne.Key {
    /// Nil for an alert of no sensor.
    init?(of alert: Alert) {
        guard Cast.sources.contains(alert.source) else { return nil }
        let subject = alert.subject
        self.init(source: alert.source, subject: subject)
        guard Alert.isMadeKey(subject), let mark = subject.lastIndex(of: "~") else { return }
        self.subject = String(subject[..<mark])
    }
}
