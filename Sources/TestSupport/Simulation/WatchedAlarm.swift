import ControlRoom

/// One source's alarm, as far as it is certain from the log alone that it asks for somebody: what its source said, and what
/// people did who had seen it. It claims less than the fold shows, never more.
struct WatchedAlarm {
    /// The worst that nobody who saw it has answered; nil where none is certain.
    private(set) var demand: Severity?
    /// The place of the raise by which it came to want an answer: who had seen less has not seen it.
    private(set) var begun: Int64 = 0
    /// The worst that its source ever said.
    private(set) var worst: Severity
    /// Its source has said that it is over, later than all that it had raised.
    private(set) var isOver = false
    /// A message that takes its place or takes it back came before it, so that it may never have asked.
    var isExcused = false
    /// A message of its source names it, or a person may have closed it: whether it goes on is not certain.
    var isEndedOtherwise = false
    /// The severity of a message that takes the place of others is theirs as well.
    private(set) var isHeir = false
    private var raises: [(time: Timestamp, stale: Timestamp?)] = []

    /// Shelves that an act made which had seen it, until when, and against what they hold.
    private(set) var shelves: [(until: Timestamp, severity: Severity)] = []
    /// The acknowledgement that answered it, as long as nobody has done anything else to it since: its author can take it back.
    private var answered: (act: String, demand: Severity, begun: Int64)?
    /// Somebody who had seen it took it out of service.
    private(set) var isRemoved = false

    init(_ fact: AlertRaised, at time: Timestamp, place: Int64) {
        demand = fact.severity
        begun = place
        worst = fact.severity
        isHeir = !fact.replaces.isEmpty
        raises = [(time, fact.stale)]
    }

    mutating func raise(_ fact: AlertRaised, at time: Timestamp, place: Int64) {
        let isWorst = fact.severity > worst && !isHeir
        // What a message took the place of asks in the message; what comes behind its end asks anew.
        if let known = demand, !(isOver && isEndedOtherwise) {
            demand = max(known, fact.severity)
            if isOver { begun = place }
        } else if isOver || isWorst {
            (demand, begun) = (fact.severity, place)
        }
        worst = max(worst, fact.severity)
        isHeir = isHeir || !fact.replaces.isEmpty
        isOver = false
        raises.append((time, fact.stale))
    }

    mutating func clear(at time: Timestamp) {
        if raises.allSatisfy({ $0.time <= time }) { isOver = true }
    }

    /// Whether who had the log up to a place on the screen, and saw this severity, saw what asks.
    func wasSeen(_ severity: Severity, upTo place: Int64) -> Bool {
        place >= begun && severity >= demand ?? .info
    }

    /// - Parameter act: the event of an acknowledgement; nil for what nobody takes back.
    mutating func answer(_ severity: Severity, seen place: Int64, by act: String? = nil) {
        guard wasSeen(severity, upTo: place) else { return }
        if let act, let demand { answered = (act, demand, begun) }
        demand = nil
    }

    /// A person does something to it: what they did before may rest on that.
    mutating func touch() { answered = nil }

    /// The acknowledgement that answered it is taken back: it asks as it did.
    mutating func takeBack(_ act: String) {
        guard let before = answered, before.act == act else { return }
        demand = max(before.demand, demand ?? .info)
        begun = before.begun
        answered = nil
    }

    mutating func shelve(until: Timestamp, _ severity: Severity) { shelves.append((until, severity)) }

    mutating func remove() { isRemoved = true }

    /// Whether it is certain that it goes on: of its newest raise nobody has said that it is over, it gave no time at which it ends,
    /// and no other raise gave one behind it.
    ///
    /// - Parameter ends: when its source said that it is over, whether before or after it came.
    func goesOn(ends: [Timestamp]) -> Bool {
        guard !isExcused, !isEndedOtherwise, let last = raises.map(\.time).max() else { return false }
        let isOneAlone = raises.count { $0.time == last } == 1
        let staleEnds = raises.compactMap(\.stale)
        let hasStale = raises.contains { $0.time == last && $0.stale != nil }
        return isOneAlone && !hasStale && staleEnds.allSatisfy { $0 < last } && ends.allSatisfy { $0 < last }
    }
}
