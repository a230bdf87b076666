import ControlRoom
import TestSupport

@testable import Store

/// What the store should hold, folded slowly: event by event, alert by alert, counted anew whenever somebody asks.
struct ReferenceFold {
    private(set) var alerts: [Realm: [String: Alert]] = [:]
    private(set) var raisedAt: [Realm: [Timestamp]] = [:]
    /// Where each alert was last heard of, and in which order they came.
    private var lastEvents: [Realm: [String: Int64]] = [:]
    private var order: [(realm: Realm, subject: String)] = []
    private var sequence: Int64 = 0
    private var base: Int64 = 0
    /// Behind which number new alerts count their occurrences.
    private(set) var start = 0
    private var policy = AlarmPolicy.standard
    private var isStrict = false
    /// As of when all that ends by time is over; nil where nobody has looked.
    var settled: Timestamp?
    /// As of when each alert was last changed: what ends by time is over by then, or not.
    private var asOf: [Realm: [String: Timestamp]] = [:]
    /// What was said of the end of alarms before they came, by realm, subject and source.
    private var ends: [Realm: [String: [String: EarlyEnd]]] = [:]
    private var ended: Set<Realm> = []

    private struct EarlyEnd {
        /// 0 replaced, 1 cancelled, 2 cleared.
        var kind: Int
        var by: String
        var end: Alert.SourceEnd
    }

    mutating func fold(_ event: Event, now: Timestamp) throws {
        let fact = try Fact(of: event)
        let realm = fact.realm(of: event)
        sequence += 1
        let isClock = event.source == Event.feedSource
        let word = Alert.Word(
            id: event.id, source: event.source, actor: event.actor, time: event.happened,
            now: isClock ? max(now, event.happened) : now, policy: policy, isStrict: isStrict)
        switch fact {
        case .logTrimmed(let trim): forget(trim)
        case .alarmPolicySet(let new): policy = new
        case .actsBound: isStrict = true
        case .exerciseEnded: if event.exercise != nil { ended.insert(realm) }
        case .alertRaised(let raised): raise(raised, event.subject ?? "", realm, word)
        case .alertCancelled(let cancelled): record(cancelled, event.subject ?? "", realm, word)
        default: change(fact, event.subject ?? "", realm, word)
        }
    }

    private mutating func change(_ fact: Fact, _ named: String, _ realm: Realm, _ word: Alert.Word) {
        var isOfSource = false
        switch fact {
        case .alertCleared: isOfSource = !word.isFeeds
        case .alertWithdrawn: isOfSource = true
        default: break
        }
        let subject = isOfSource ? own(named, realm, word, makes: false) : named
        guard var alert = alerts[realm]?[subject] else {
            if case .alertCleared = fact, !word.isFeeds { note(2, subject, "", realm, word) }
            return
        }
        lastEvents[realm, default: [:]][subject] = sequence
        guard !isOfSource || alert.belongs(to: word.source) else {
            if case .alertCleared = fact { note(2, subject, "", realm, word) }
            return
        }
        let outcome = Alert.fold(fact, into: &alert, word)
        keep(alert, realm, word)
        if case .actUndone = fact, outcome == .applied { passOn(alert, realm, word) }
    }

    private mutating func passOn(_ alert: Alert, _ realm: Realm, _ word: Alert.Word) {
        guard !alert.acknowledged, let by = alert.replacedBy, var heir = heir(by, realm, alert.source),
            heir.subject != alert.subject, heir.belongs(to: alert.source), heir.wasRaised,
            heir.canTakeOver(from: alert, isLate: true, word)
        else { return }
        _ = heir.takeOver(from: alert, isLate: true, word)
        keep(heir, realm, word)
        var passed = alert
        _ = passed.passOn(alert.latchedSeverity)
        keep(passed, realm, word)
    }

    private mutating func keep(_ alert: Alert, _ realm: Realm, _ word: Alert.Word) {
        alerts[realm, default: [:]][alert.subject] = alert
        asOf[realm, default: [:]][alert.subject] = word.now
    }

    private func own(_ named: String, _ realm: Realm, _ word: Alert.Word, makes: Bool) -> String {
        let first = alerts[realm]?[named]
        if let first, first.belongs(to: word.source) { return named }
        for round in 0..<16 {
            let own = Alert.key(of: named, from: word.source, round: round)
            guard let there = alerts[realm]?[own] else { return first != nil && makes ? own : named }
            if there.belongs(to: word.source) { return own }
        }
        return named
    }

    private mutating func forget(_ trim: LogTrimmed) {
        guard trim.through > base else { return }
        base = trim.through
        if trim.beginsBehind { start = Int(trim.through) }
        for (realm, subject) in order.dropLast() {
            guard let alert = alerts[realm]?[subject], let last = lastEvents[realm]?[subject] else { continue }
            guard !alert.active, !alert.latched, !alert.isSuppressed, last <= trim.through else { continue }
            guard alert.acknowledged || ended.contains(realm) else { continue }
            alerts[realm]?[subject] = nil
            ends[realm]?[subject] = nil
            order.removeAll { $0 == (realm, subject) }
        }
        for realm in ends.keys {
            for subject in ends[realm]?.keys.map({ $0 }) ?? [] {
                let kept = ends[realm]?[subject]?.filter { $0.value.end.recorded >= trim.recorded }
                ends[realm]?[subject] = kept
            }
        }
        for realm in raisedAt.keys { raisedAt[realm]?.removeAll { $0.minute < trim.recorded.minute } }
        for realm in alerts.keys {
            for subject in alerts[realm]?.keys.map({ $0 }) ?? [] {
                _ = alerts[realm]?[subject]?.forgetActs(recordedBy: trim.recorded)
            }
        }
    }

    private mutating func raise(_ fact: AlertRaised, _ named: String, _ realm: Realm, _ word: Alert.Word) {
        let subject = own(named, realm, word, makes: true)
        if var alert = alerts[realm]?[subject] {
            lastEvents[realm, default: [:]][subject] = sequence
            let outcome = alert.raise(fact, word)
            alerts[realm]?[subject] = alert
            guard outcome == .applied else { return }
            asOf[realm, default: [:]][subject] = word.now
        } else {
            make(Alert(subject: subject, raised: fact, word), realm, word)
            honour(subject, named, realm, word)
        }
        raisedAt[realm, default: []].append(word.now)
        for other in fact.replaces { refer(to: other, by: subject, 0, realm, word) }
    }

    private mutating func make(_ alert: Alert, _ realm: Realm, _ word: Alert.Word) {
        var alert = alert
        alert.begin(behind: start)
        keep(alert, realm, word)
        order.append((realm, alert.subject))
        lastEvents[realm, default: [:]][alert.subject] = sequence
    }

    private mutating func record(_ fact: AlertCancelled, _ named: String, _ realm: Realm, _ word: Alert.Word) {
        let subject = own(named, realm, word, makes: true)
        if alerts[realm]?[subject] == nil {
            var alert = Alert(subject: subject, raised: fact.message, word)
            alert.active = false
            alert.acknowledged = true
            alert.entered = nil
            (alert.alarms, alert.alarmed) = (0, nil)
            alert.ended = word.counted
            make(alert, realm, word)
        }
        for other in fact.cancels { refer(to: other, by: subject, 1, realm, word) }
    }

    private mutating func note(_ kind: Int, _ subject: String, _ by: String, _ realm: Realm, _ word: Alert.Word) {
        for (realm, subjects) in ends {
            for (subject, known) in subjects {
                ends[realm]?[subject] = known.filter { _, end in
                    let seconds = end.kind == 2 ? Alert.endCountsSeconds : 30 * 86_400
                    return word.now.seconds(since: end.end.recorded) <= seconds
                }
            }
        }
        let end = Alert.SourceEnd(time: word.counted, recorded: word.now)
        if let known = ends[realm]?[subject]?[word.source], end.time < known.end.time { return }
        ends[realm, default: [:]][subject, default: [:]][word.source] = EarlyEnd(kind: kind, by: by, end: end)
    }

    private mutating func honour(_ subject: String, _ named: String, _ realm: Realm, _ word: Alert.Word) {
        guard let early = ends[realm]?[named]?[word.source], var alert = alerts[realm]?[subject] else { return }
        switch early.kind {
        case 2: _ = alert.clearBefore(at: early.end, word)
        case 1: _ = alert.endBefore(by: early.by, at: early.end, carried: nil, word)
        default:
            let heir = heir(early.by, realm, word.source)
            let before = alert
            let isCarriedOn = heir?.canTakeOver(from: before, isLate: true, word) ?? before.acknowledged
            let carried = isCarriedOn && !before.acknowledged ? before.latchedSeverity : nil
            let outcome = alert.endBefore(by: early.by, at: early.end, carried: carried, word)
            if outcome == .applied, isCarriedOn, var heir {
                _ = heir.takeOver(from: before, isLate: true, word)
                keep(heir, realm, word)
            }
        }
        keep(alert, realm, word)
    }

    private mutating func refer(to named: String, by: String, _ kind: Int, _ realm: Realm, _ word: Alert.Word) {
        let subject = own(named, realm, word, makes: false)
        guard subject != by, named != by else { return }
        guard var alert = alerts[realm]?[subject] else { return note(kind, named, by, realm, word) }
        guard alert.belongs(to: word.source) else { return note(kind, named, by, realm, word) }
        if kind == 1 {
            _ = alert.cancel(by: by, word)
            return keep(alert, realm, word)
        }
        guard var heir = heir(by, realm, word.source) else { return }
        let before = alert
        let isCarriedOn = heir.canTakeOver(from: before, isLate: false, word)
        let carried = isCarriedOn && !before.acknowledged ? before.latchedSeverity : nil
        let outcome = alert.replace(by: by, carried: carried, word)
        keep(alert, realm, word)
        guard outcome == .applied, isCarriedOn else { return }
        _ = heir.takeOver(from: before, isLate: false, word)
        keep(heir, realm, word)
    }

    private func heir(_ subject: String, _ realm: Realm, _ source: String) -> Alert? {
        var heir = alerts[realm]?[subject]
        for _ in 0..<Alert.mostReferences {
            guard let alert = heir, alert.acknowledged, let next = alert.replacedBy, let later = alerts[realm]?[next],
                later.belongs(to: source)
            else { break }
            heir = later
        }
        return heir
    }

    /// Its place in the order of attention, as of when it was last changed.
    func need(_ alert: Alert, _ realm: Realm) -> Int64 {
        alert.need(at: settled ?? asOf[realm]?[alert.subject] ?? Timestamp(milliseconds: 0))
    }
}

// MARK: - Counting

extension ReferenceFold {
    func groups(_ realm: Realm) -> [AlertTotals.Group] {
        let all = Dictionary(grouping: (alerts[realm] ?? [:]).values) { alert in
            [alert.district ?? "", "\(alert.tool.rawValue)", "\(alert.latchedSeverity.rawValue)"]
        }
        return all.values.compactMap { alerts in
            alerts.first.map { first in
                AlertTotals.Group(
                    district: first.district ?? "", tool: first.tool, severity: first.latchedSeverity,
                    unacknowledged: alerts.count { need($0, realm) < Alert.firstAttendedNeed },
                    open: alerts.count { need($0, realm) < Alert.firstNormalNeed },
                    suppressed: alerts.count { need($0, realm) >> 47 == 3 }, total: alerts.count)
            }
        }
    }

    /// Open alerts at each place.
    func places(_ realm: Realm) -> [PlaceCount] {
        let open = (alerts[realm] ?? [:]).values.filter { need($0, realm) < Alert.firstNormalNeed }
        let all = Dictionary(grouping: open.filter { $0.place != nil }) { $0.place.map { PlaceKey($0).rawValue } ?? 0 }
        return all.map { key, alerts in
            PlaceCount(
                place: PlaceKey(rawValue: key).coordinate, worst: alerts.map(\.latchedSeverity).max() ?? .info,
                unacknowledged: alerts.count { need($0, realm) < Alert.firstAttendedNeed }, open: alerts.count)
        }
    }

    func lastMinutes(_ realm: Realm, now: Timestamp) -> [Int] {
        (0..<10).map { index in
            (raisedAt[realm] ?? []).count { $0.minute == now.minute - 9 + Int64(index) }
        }
    }
}

extension Alert {
    /// With its place to the metre, as the store keeps it.
    var asKept: Alert {
        var copy = self
        copy.restore([])
        copy.place = place.map { PlaceKey($0).coordinate }
        return copy
    }
}
